"""What only GitHub has: workflow tokens, ways to merge, runs that prove nothing."""

import pytest
from forge_servers import Proposal, Run
from forge_stage import Stage

HEAD = "a1" * 20


def test_the_note_of_a_workflow_is_found_again(github: Stage) -> None:
    github.world.settings["workflow_token"] = True
    github.world.proposals[4] = Proposal(4, "lea", HEAD)
    for text in ("<!-- m -->\none", "<!-- m -->\ntwo"):
        github.forge().note(4, "<!-- m -->", text)
    notes = github.world.proposals[4].notes
    assert [(note.account, note.body) for note in notes] == [
        ("github-actions[bot]", "<!-- m -->\ntwo")
    ]


@pytest.mark.parametrize(("merge_commits", "way"), [(True, "merge"), (False, "squash")])
def test_it_merges_as_the_repository_allows(github: Stage, merge_commits: bool, way: str) -> None:
    github.world.proposals[4] = Proposal(4, "lea", HEAD)
    github.world.settings["merge_commits"] = merge_commits
    github.forge().merge(4, HEAD)
    assert github.world.settings["merged_by"] == way


@pytest.mark.parametrize(
    "run",
    [
        Run(32, 4, HEAD, b"{}", path=".github/workflows/mine.yml"),
        Run(32, 4, HEAD, b"{}", path="plan.yml"),
        Run(32, 4, HEAD, b"{}", base_commit="9" * 40),
        Run(32, 4, HEAD, b"{}", event="workflow_dispatch", base_commit="9" * 40),
        Run(32, 4, HEAD, b"{}", trusted=False),
        Run(32, 4, HEAD, b"{}", event="push"),
    ],
    ids=["another workflow", "another folder", "another branch", "by hand", "pull_request", "push"],
)
def test_an_artifact_that_proves_nothing(github: Stage, run: Run) -> None:
    github.world.workflows["9" * 40] = "changed"
    github.world.proposals[4] = Proposal(4, "lea", HEAD)
    github.world.runs = [run]
    forge = github.forge()
    assert forge.reviewed_plan(forge.request(4)) is None


def test_the_newest_trusted_artifact_counts(github: Stage) -> None:
    github.world.proposals[4] = Proposal(4, "lea", HEAD)
    github.world.runs = [
        Run(31, 4, HEAD, b"first"),
        Run(32, 4, HEAD, b"second", event="workflow_dispatch"),
        Run(33, 4, HEAD, b"fake", trusted=False),
    ]
    forge = github.forge()
    assert forge.reviewed_plan(forge.request(4)) == b"second"


@pytest.mark.parametrize(
    ("settings", "holds"),
    [
        ({}, [False, None]),
        ({"protected": True, "workflow_permissions": "read"}, [True, True]),
        ({"protected": True, "workflow_permissions": "write"}, [True, False]),
    ],
)
def test_settings(github: Stage, settings: dict[str, object], holds: list[bool | None]) -> None:
    github.world.settings = dict(settings)
    assert [each.holds for each in github.forge().protections()] == holds
