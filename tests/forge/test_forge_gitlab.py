"""What only GitLab has: moments of approval, the CI configuration of another project."""

import pytest
from forge_servers import Note, Proposal, Review, Run
from forge_stage import Stage

HEAD = "a1" * 20
BEFORE, PUSHED, AFTER = "2026-10-02T08:00:00Z", "2026-10-02T09:00:00Z", "2026-10-02T11:00:00+01:00"


@pytest.mark.parametrize("older", [False, True], ids=["approved_at", "system notes"])
@pytest.mark.parametrize(
    ("at", "counted"), [(BEFORE, ()), (PUSHED, ()), (AFTER, ("ada",))], ids=["b", "same", "after"]
)
def test_the_moment_of_an_approval_decides(
    gitlab: Stage, older: bool, at: str, counted: tuple[str, ...]
) -> None:
    gitlab.world.settings["older"] = older
    one = Proposal(4, "lea", HEAD, pushed_at=PUSHED, reviews=[Review("ada", HEAD, at)])
    gitlab.world.proposals[4] = one
    assert gitlab.forge().request(4).reviewers == counted


def test_a_note_that_looks_like_an_approval_is_none(gitlab: Stage) -> None:
    gitlab.world.settings["older"] = True
    one = Proposal(4, "lea", HEAD, pushed_at=PUSHED, reviews=[Review("ada", HEAD, BEFORE)])
    one.notes = [Note(1, "ada", "approved this merge request")]
    gitlab.world.proposals[4] = one
    assert gitlab.forge().request(4).reviewers == ()


def test_while_gitlab_is_still_reading_a_push_nobody_has_approved(gitlab: Stage) -> None:
    gitlab.world.settings["version_head"] = "9" * 40
    gitlab.world.proposals[4] = Proposal(4, "lea", HEAD, reviews=[Review("ada", HEAD)])
    assert gitlab.forge().request(4).reviewers == ()


@pytest.mark.parametrize("config", [None, "", ".gitlab-ci.yml"])
def test_a_plan_that_the_proposal_could_have_faked(gitlab: Stage, config: str | None) -> None:
    gitlab.world.settings["ci_config_path"] = config
    gitlab.world.proposals[4] = Proposal(4, "lea", HEAD)
    gitlab.world.runs = [Run(32, 4, HEAD, b"{}")]
    forge = gitlab.forge()
    assert forge.reviewed_plan(forge.request(4)) is None


def test_a_plan_of_another_job(gitlab: Stage) -> None:
    gitlab.world.proposals[4] = Proposal(4, "lea", HEAD)
    gitlab.world.runs = [Run(32, 4, HEAD, b"{}", job="planner")]
    forge = gitlab.forge()
    assert forge.reviewed_plan(forge.request(4)) is None


@pytest.mark.parametrize(
    ("settings", "holds"),
    [
        ({"ci_config_path": ""}, [False, False, False, True]),
        ({"push_level": 30, "open_variable": True}, [False, True, False, False]),
        ({"push_level": 0, "variables": "no_one_allowed"}, [True, True, True, True]),
        ({"push_level": 40, "variables": None}, [True, True, None, True]),
    ],
)
def test_settings(gitlab: Stage, settings: dict[str, object], holds: list[bool | None]) -> None:
    gitlab.world.settings = dict(settings)
    assert [each.holds for each in gitlab.forge().protections()] == holds
