"""From wanted and live to a plan: pairing, the passes, the digest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from reconcile_samples import (
    ASLEEP,
    GONE_UNORDERED,
    NOTHING_FAILED,
    NOW,
    OTHER_SPEC,
    OWNER,
    REV,
    TODAY,
    anything,
    live,
    stack,
)

from appstore.documents.findings import Finding
from appstore.reconcile.decision import Act, Action, Refuse, Settled, Sight
from appstore.reconcile.difference import Difference, Effect, ResourceEffect
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.plan import Entry, Farewell, Health, Plan, Unplanned, WritesOff
from appstore.reconcile.propose import Proposal, propose, with_differences, with_looks
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Choice, Rules
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldLecturer, HeldStack, LecturerStacks, WantedStack, WantedTree
from appstore.wanted.states import Gone

FINDING = Finding("deployments/dr-a/cs101/web-lab.yaml", 3, 1, "schema", "wrong", "mend it")
PERSON = Rules(OWNER, Attendance.PERSON, frozenset({REV}), may_use=anything)
SEATS = [InstanceId("cs101", "web-lab", f"s{number:02}") for number in range(1, 8)]


def seat(number: int, **changes: object) -> WantedStack:
    return stack(SEATS[number - 1], **changes)  # type: ignore[arg-type]


def lives(of: WantedStack, status: str = "CREATE_COMPLETE", **changes: object) -> LiveStack:
    return live(status, of, id=f"id-of-{of.name}", **changes)  # type: ignore[arg-type]


def project(*stacks: LiveStack, name: str = "lecturer-a") -> LiveProject:
    return LiveProject("devcloud", f"{name}-id", name, stacks)


def wants(*stacks: WantedStack | HeldStack) -> LecturerStacks:
    return LecturerStacks("dr-a", "devcloud", "lecturer-a", stacks)


def farewells(lecturer: str, id_: InstanceId) -> Gone:
    return GONE_UNORDERED


def proposal(
    wanted: Iterable[WantedStack | HeldStack],
    there: Iterable[LiveStack] | LiveProject | Unplanned | None,
    unmapped: Iterable[LiveProject] = (),
) -> Proposal:
    tree = WantedTree(OWNER, (wants(*wanted),), ())
    match there:
        case None:
            listed = {}
        case LiveProject() | Unplanned():
            listed = {"dr-a": there}
        case _:
            listed = {"dr-a": project(*there)}
    return propose(tree, listed, unmapped, farewells, NOW, REV)


def words(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [
        (str(e.subject.id), e.decision.action if isinstance(e.decision, Act) else "-")
        for e in entries
    ]


def test_a_course_with_everything() -> None:
    wanted = [seat(1), seat(2), seat(3, spec=OTHER_SPEC), HeldStack(SEATS[3], "x.yaml", FINDING)]
    there = [
        lives(seat(1)),
        lives(seat(3)),
        lives(seat(4)),
        lives(seat(5)),
        live(name="by-hand", tags=frozenset()),
        live(of=seat(6), name="copy-of-seat-6"),
    ]
    entries = proposal(wanted, there).entries
    assert words(entries) == [
        ("cs101/web-lab/s01", "-"),
        ("cs101/web-lab/s02", Action.CREATE),
        ("cs101/web-lab/s03", Action.UPDATE),
        ("cs101/web-lab/s04", "-"),
        ("cs101/web-lab/s05", Action.END),
    ]
    assert isinstance(entries[0].decision, Settled)
    assert isinstance(entries[3].decision, Refuse)
    assert entries[3].decision.rule == "held"
    assert isinstance(entries[4].subject, Farewell)
    assert [e.health for e in entries[:2]] == [Health.HEALTHY, Health.ABSENT]


def test_what_heat_still_shows_as_deleted_hides_no_successor() -> None:
    gone = lives(seat(1), "DELETE_COMPLETE")
    for order in permutations([gone, replace(lives(seat(1)), id="new")]):
        (entry,) = proposal([seat(1)], order).entries
        assert entry.live is not None
        assert entry.live.id == "new"


@pytest.mark.parametrize(
    ("there", "rule"),
    [
        (None, "not-listed"),
        (project(name="lecturer-b"), "another-project"),
        (replace(project(), cloud="elsewhere"), "another-project"),
        (Unplanned("dr-a", "devcloud", "lecturer-a", "unreachable", "why", "step"), "unreachable"),
    ],
)
def test_without_the_right_listing_nothing_is_planned(
    there: LiveProject | Unplanned | None, rule: str
) -> None:
    found = proposal([seat(1)], there)
    assert found.entries == ()
    assert [each.rule for each in found.unplanned] == [rule]


def test_a_project_may_be_mapped_by_its_id() -> None:
    wanted = replace(wants(seat(1)), project="lecturer-a-id")
    tree = WantedTree(OWNER, (wanted,), ())
    assert propose(tree, {"dr-a": project()}, (), farewells, NOW, REV).entries


def test_a_held_lecturer_keeps_everything() -> None:
    held = HeldLecturer("dr-a", "devcloud", "lecturer-a", FINDING)
    tree = WantedTree(OWNER, (held,), ())
    found = propose(tree, {"dr-a": project(lives(seat(1)))}, (), farewells, NOW, REV)
    assert (found.entries, found.held) == ((), (held,))


def test_our_stacks_in_a_project_of_nobody_are_orphans() -> None:
    elsewhere = project(lives(seat(1)), live(name="other", tags=frozenset()), name="old-project")
    found = proposal([], [], [elsewhere])
    assert [(orphan.project, orphan.live.name) for orphan in found.orphans] == [
        ("old-project", seat(1).name)
    ]


def test_looks_are_asked_for_and_decide() -> None:
    first = proposal([seat(1), seat(2)], [lives(seat(1), "CHECK_COMPLETE"), lives(seat(2))])
    ((entry, sight),) = first.to_look_at()
    assert (entry.subject, sight) == (seat(1), Sight.FAILED_RESOURCES)
    assert entry.live is not None
    second = with_looks(first, {entry.live.id: NOTHING_FAILED})
    assert second.to_look_at() == ()
    assert isinstance(second.entries[0].decision, Settled)


def test_what_could_not_be_looked_at_is_left_alone() -> None:
    first = proposal([seat(1)], [lives(seat(1), "CHECK_COMPLETE")])
    (entry,) = guarded(with_looks(first, {}), PERSON).entries
    assert isinstance(entry.decision, Refuse)
    assert entry.decision.rule == "unread"


def difference(effect: Effect, guarded: bool = False) -> Difference:
    server = ResourceEffect("server", "OS::Nova::Server", effect, "user_data", guarded)
    return Difference((), (server,), ("What is on its disk is lost.",))


@pytest.mark.parametrize(
    ("effect", "destructive"),
    [
        (Effect.UPDATED, False),
        (Effect.ADDED, False),
        (Effect.UNKNOWN, False),
        (Effect.REPLACED, True),
        (Effect.REBUILT, True),
        (Effect.DELETED, True),
    ],
)
def test_an_update_that_loses_a_server_is_destructive(effect: Effect, destructive: bool) -> None:
    first = proposal([seat(1, spec=OTHER_SPEC)], [lives(seat(1))])
    assert first.to_compare() == first.entries
    second = with_differences(first, {lives(seat(1)).id: difference(effect)})
    assert second.entries[0].destructive is destructive
    (entry,) = guarded(second, PERSON).entries
    assert isinstance(entry.decision, Act)
    assert (entry.decision.cause is not None) is destructive, "every loss names its line"


def test_an_update_of_unknown_effect_says_so() -> None:
    (entry,) = with_differences(proposal([seat(1, spec=OTHER_SPEC)], [lives(seat(1))]), {}).entries
    assert not entry.destructive
    assert "unknown" in entry.warnings[0]
    accepting = replace(OTHER_SPEC, accept_replace=True, restrictions={})
    (entry,) = with_differences(proposal([seat(1, spec=accepting)], [lives(seat(1))]), {}).entries
    assert entry.destructive


def test_a_lower_generation_is_only_warned_about() -> None:
    (entry,) = proposal([seat(1, generation=1)], [lives(seat(1, generation=4))]).entries
    assert isinstance(entry.decision, Settled)
    assert "counters only grow" in entry.warnings[0]


def plan(wanted: Iterable[WantedStack], there: Iterable[LiveStack], rules: Rules = PERSON) -> Plan:
    return guarded(proposal(wanted, there), rules)


def test_the_digest_covers_what_acts_and_nothing_else() -> None:
    one = plan([seat(1), seat(2)], [lives(seat(1))])
    assert one.digest == plan([seat(1), seat(2)], [lives(seat(1), reason="other words")]).digest
    assert one.digest == plan([seat(2)], []).digest, "what is in sync does not count"
    others = {
        plan([seat(1), seat(2)], []).digest,
        plan([seat(2, generation=2)], []).digest,
        plan([seat(2, spec=OTHER_SPEC)], []).digest,
        plan([seat(2, wanted=ASLEEP, generation=2)], []).digest,
        plan([seat(1, spec=OTHER_SPEC), seat(2)], [lives(seat(1))]).digest,
        plan([seat(1, spec=OTHER_SPEC), seat(2)], [replace(lives(seat(1)), id="x")]).digest,
        guarded(replace(proposal([seat(2)], []), owner="elsewhere"), PERSON).digest,
    }
    assert one.digest not in others
    assert len(others) == 6, "an asleep create of one generation is the same create"


def test_the_digest_does_not_depend_on_the_order_of_the_listing() -> None:
    there = [lives(seat(n)) for n in (1, 2, 3)]
    digests = {plan([seat(1)], order).digest for order in permutations(there)}
    assert len(digests) == 1


def test_a_choice_shows_its_part_only() -> None:
    rules = replace(PERSON, choice=Choice(("dr-a/cs101/web-lab/s0[12]",)))
    assert words(plan([seat(n) for n in (1, 2, 3)], [], rules).entries) == [
        ("cs101/web-lab/s01", Action.CREATE),
        ("cs101/web-lab/s02", Action.CREATE),
    ]


@pytest.mark.parametrize("pattern", ["dr-a", "dr-a/", "dr-a/cs101", "*/web-lab", "dr-?/*/s01"])
def test_a_pattern_takes_what_lies_below_it(pattern: str) -> None:
    rules = replace(PERSON, choice=Choice((pattern,)))
    assert len(plan([seat(1)], [], rules).entries) == 1


def due(made: Plan) -> tuple[Entry, ...]:
    return tuple(entry for entry in made.allowed() if isinstance(entry.decision, Act))


def test_during_a_maintenance_the_plan_is_the_same_and_nothing_is_due() -> None:
    off = WritesOff("devcloud", "maintenance", "new switches", TODAY)
    there = plan([seat(1)], [], replace(PERSON, writes_off=(off,)))
    open_ = plan([seat(1)], [])
    assert (there.digest, there.entries) == (open_.digest, open_.entries)
    assert due(open_) == open_.entries
    assert due(there) == ()
    assert [entry.decision for entry in there.allowed()] == [off.as_wait()]


def test_repeating_plan_and_apply_of_a_whole_project_ends() -> None:
    """`after(plan)`: everything that acts succeeds; bounded rounds later nothing is left to do."""
    wanted = [seat(n, spec=OTHER_SPEC if n % 2 else seat(n).spec) for n in range(1, 5)]
    there = {s.name: s for s in [lives(seat(1)), lives(seat(2)), lives(seat(6))]}
    now = NOW
    for _ in range(8):
        tree = WantedTree(OWNER, (wants(*wanted),), ())
        listed = {"dr-a": project(*there.values())}
        current = guarded(propose(tree, listed, (), farewells, now, REV), PERSON)
        if not due(current):
            now += timedelta(days=16)
        for entry in due(current):
            _carry_out(entry, there, now)
    assert due(current) == ()
    assert set(there) == {s.name for s in wanted}


def _carry_out(entry: Entry, there: dict[str, LiveStack], now: datetime) -> None:
    assert isinstance(entry.decision, Act)
    name = entry.subject.name
    match entry.decision.action:
        case Action.CREATE | Action.UPDATE:
            assert isinstance(entry.subject, WantedStack)
            there[name] = lives(entry.subject)
        case Action.END:
            there[name] = lives(seat(6), "SUSPEND_COMPLETE", ending=now.date())
        case Action.DELETE:
            del there[name]
        case other:
            raise AssertionError(other)
