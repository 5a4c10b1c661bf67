"""What apply asks git and the forge: which plan was reviewed, and whether each file was."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

import pytest
from forge_servers import Run
from runs_forge import ABSENT, FILES, LAB, RESET, SITE, OnForge

from appstore.forge.here import place as here
from appstore.govern.people import ForgeName
from appstore.reconcile.decision import Refuse
from appstore.reconcile.digest import digest_of
from appstore.reconcile.plan import Entry, Farewell, Health
from appstore.reconcile.reviewed import ReviewedPlan
from appstore.registry.read import read_registry
from appstore.runs.merged_again import objections
from appstore.runs.merged_plans import MergedPlans, MergedRequests
from appstore.runs.merged_steps import Merged
from appstore.source.commits import commit_tree
from appstore.wanted.stacks import LecturerStacks, WantedStack
from appstore.wanted.states import Cause, Gone
from appstore.wanted.tree import wanted_tree

PLAN: Mapping[str, object] = {
    "format": "1",
    "owner": "demo",
    "commit": None,
    "now": "2026-10-01T00:00:00+00:00",
    "digest": digest_of("demo", []),
    "settled": 3,
    **{name: [] for name in ("entries", "unplanned", "held", "orphans", "shortages", "findings")},
}
ONE_FORGE = pytest.mark.parametrize("place", ["github"], indirect=True)
WAYS = pytest.mark.parametrize("way", ["merge", "squash"])


def head(place: OnForge) -> str:
    return place.git("rev-parse", "HEAD")


def requests(place: OnForge) -> MergedRequests:
    return MergedRequests(place.stage.forge())


def plans(place: OnForge, path: str, line: int) -> tuple[ReviewedPlan, ...]:
    made = MergedPlans(place.clone, head(place), requests(place))
    return made.of_cause(Cause(path, line, "text"))


def planned(place: OnForge, number: int, plan: object = PLAN) -> None:
    data = json.dumps(plan).encode()
    made = Run(number, number, place.world.proposals[number].head, data)
    place.world.runs.append(made)


@WAYS
def test_the_plan_is_that_of_the_merge_that_wrote_the_line(place: OnForge, way: str) -> None:
    place.propose(1, RESET)
    planned(place, 1)
    place.merge(1, way)
    longer = {LAB: RESET[LAB] + "title: Lab\n"}
    place.propose(2, longer)
    planned(place, 2, {**PLAN, "settled": 4})
    place.merge(2, way)
    url = place.world.proposals[1].number
    (first,) = plans(place, LAB, 3)
    (second,) = plans(place, LAB, 4)
    assert first.digest == PLAN["digest"]
    assert first.name != second.name
    assert f"/{url}" in first.name
    assert plans(place, LAB, 1) == ()  # from before all requests
    assert plans(place, LAB, 9) == ()
    assert plans(place, "deployments/none.yaml", 1) == ()


@pytest.mark.parametrize("plan", [[], {**PLAN, "format": "9"}, {**PLAN, "digest": "other"}, "text"])
@ONE_FORGE
def test_a_plan_that_cannot_be_read_is_none(place: OnForge, plan: object) -> None:
    place.propose(1, RESET)
    planned(place, 1, plan)
    place.merge(1)
    assert plans(place, LAB, 3) == ()


@ONE_FORGE
def test_a_line_that_was_pushed_past_review_has_no_plan(place: OnForge) -> None:
    place.propose(1, RESET)
    planned(place, 1)
    place.commit(dict(RESET))
    assert plans(place, LAB, 3) == ()


@ONE_FORGE
def test_the_forge_is_asked_once_about_a_commit(place: OnForge) -> None:
    place.propose(1, RESET)
    planned(place, 1)
    place.merge(1)
    made = MergedPlans(place.clone, head(place), requests(place))
    (first,) = made.of_commit()
    assert first.digest == PLAN["digest"]
    made.of_cause(Cause(LAB, 3, "t"))
    asked = len(place.world.asked)
    made.of_cause(Cause(LAB, 3, "t"))
    assert len(place.world.asked) == asked


def objection(place: OnForge, entry: Entry) -> Refuse | None:
    kind = cast(ForgeName, place.stage.kind)
    under: Mapping[str, str] = {}
    assert here(place.stage.environment).kind == kind
    merged = Merged(place.clone, head(place), requests(place), kind, under)
    return objections(merged)(entry)


def lab_entry(place: OnForge) -> Entry:
    """The first machine of the lab, as the files want it now."""
    tree = commit_tree(place.clone, "HEAD")
    wanted = wanted_tree(
        read_registry(tree.files, tree.findings), datetime(2026, 10, 1, tzinfo=UTC)
    )
    (ada,) = (one for one in wanted.lecturers if isinstance(one, LecturerStacks))
    stack = next(one for one in ada.stacks if isinstance(one, WantedStack))
    return Entry("ada", "main", "ada", stack, None, Health.ABSENT, Refuse("x", "", ""))


def gone_entry() -> Entry:
    """The same machine when no file wants it any more."""
    gone = Gone(None, datetime.resolution, "its file is gone")
    farewell = Farewell("net/lab/s01", "net--lab--s01", gone)
    return Entry("ada", "main", "ada", farewell, None, Health.HEALTHY, Refuse("x", "", ""))


@WAYS
def test_what_was_merged_as_policy_asks_is_carried_out(place: OnForge, way: str) -> None:
    place.propose(1, RESET)
    place.merge(1, way)
    assert objection(place, lab_entry(place)) is None
    place.forget()
    assert objection(place, lab_entry(place)) is None


@WAYS
def test_a_merge_without_the_review_that_it_needed(place: OnForge, way: str) -> None:
    place.propose(1, RESET, author="bob")
    landed = place.merge(1, way)
    refusal = objection(place, lab_entry(place))
    assert refusal is not None
    assert refusal.rule == "not-reviewed"
    assert LAB in refusal.why
    assert landed[:12] in refusal.why
    assert f"changes {LAB} again" in refusal.next_step
    place.approve(1, "lea")
    assert objection(place, lab_entry(place)) is None


def test_a_commit_that_no_request_brought(place: OnForge) -> None:
    pushed = place.commit(dict(RESET))
    refusal = objection(place, lab_entry(place))
    assert refusal is not None
    assert f"commit {pushed[:12]}, which no merge request brought" in refusal.why


@ONE_FORGE
def test_the_way_out_is_a_reviewed_change_of_the_same_file(place: OnForge) -> None:
    place.commit(dict(RESET))
    place.propose(1, {LAB: RESET[LAB] + "title: Lab\n"})
    place.merge(1)
    assert objection(place, lab_entry(place)) is None


@ONE_FORGE
def test_a_file_deleted_past_review(place: OnForge) -> None:
    place.commit({LAB: None})
    refusal = objection(place, gone_entry())
    assert refusal is not None
    assert LAB in refusal.why


@ONE_FORGE
def test_what_was_put_into_a_merge_by_hand_was_not_reviewed(place: OnForge) -> None:
    place.propose(1, RESET)
    place.approve(1, "carl")
    place.merge(1, more=ABSENT)
    refusal = objection(place, lab_entry(place))
    assert refusal is not None
    assert "is not what" in refusal.why


@ONE_FORGE
def test_another_file_of_the_same_machine_counts_too(place: OnForge) -> None:
    site = (place.clone / SITE).read_text() + "# pushed\n"
    place.commit({SITE: site})
    refusal = objection(place, lab_entry(place))
    assert refusal is not None
    assert SITE in refusal.why


@ONE_FORGE
def test_before_there_is_an_admin_nobody_could_review(place: OnForge) -> None:
    assert objection(place, lab_entry(place)) is None
    site = (place.clone / SITE).read_text().replace("admins: [root, rita]\n", "")
    place.propose(1, {SITE: site}, author="root")
    place.approve(1, "rita")
    place.merge(1)
    place.commit(dict(RESET))
    assert objection(place, lab_entry(place)) is None


def test_a_proposal_that_cannot_be_fetched_any_more(place: OnForge) -> None:
    place.propose(1, RESET)
    place.merge(1, "squash")
    place.forget()
    for kind in ("pull", "merge-requests"):
        place.git("update-ref", "-d", f"refs/{kind}/1/head", where=place.origin)
    refusal = objection(place, lab_entry(place))
    assert refusal is not None
    assert refusal.rule == "not-reviewed"


COURSE, ADA = "deployments/ada/net/course.yaml", "deployments/ada/lecturer.yaml"


def edited(place: OnForge, path: str, old: str, new: str) -> dict[str, str | None]:
    """The file as it lies on main, with one text in the place of another."""
    text = (place.clone / path).read_text()
    assert old in text
    return {path: text.replace(old, new)}


@pytest.mark.parametrize(
    ("path", "old", "grab", "author", "reviewer"),
    [
        (SITE, "[root, rita]", "[eve, mia]", "eve", "mia"),
        (SITE, "admins: [root, rita]\n", "", "eve", ""),
        (COURSE, "title: N\n", "title: N\nstaff: {lead: [eve]}\n", "eve", ""),
        (ADA, "[lea]", "[lea, eve]", "eve", ""),
    ],
)
@ONE_FORGE
def test_a_forced_right_approves_nothing(
    place: OnForge, path: str, old: str, grab: str, author: str, reviewer: str
) -> None:
    """Whoever forced themselves in changes the same file once more, now as somebody who may."""
    place.propose(1, edited(place, path, old, grab), author="mallory")
    place.merge(1)
    assert path in (refused(place) or "")
    place.propose(2, edited(place, path, "\n", "\n# once more\n"), author=author)
    place.approve(2, reviewer)
    place.merge(2)
    place.propose(3, RESET, author=author)
    place.approve(3, reviewer)
    place.merge(3)

    assert refused(place)

    # Those who were admins before put it right, by a merge request or by taking it back.
    place.propose(4, {path: FILES[path]}, author="rita")
    place.merge(4)
    place.propose(5, edited(place, LAB, "s02: 1", "s02: 2"))
    place.merge(5)
    assert refused(place) is None


def refused(place: OnForge) -> str | None:
    refusal = objection(place, lab_entry(place))
    return refusal.why if refusal else None


@ONE_FORGE
def test_a_reviewed_right_counts_from_then_on(place: OnForge) -> None:
    place.propose(1, edited(place, ADA, "[lea]", "[lea, ida]"), author="root")
    place.approve(1, "rita")
    place.merge(1)
    place.propose(2, RESET, author="ida")
    place.merge(2)
    assert refused(place) is None
