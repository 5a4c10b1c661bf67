"""Each rail: what it stops, what it says, and the exact way past it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from reconcile_samples import (
    GONE_LATER,
    GONE_NOW,
    GONE_UNORDERED,
    NOW,
    OTHER_SPEC,
    OWNER,
    REV,
    TODAY,
    anything,
    failed,
    live,
    stack,
)

from appstore.documents.findings import Finding
from appstore.reconcile.decision import Act, Decision, Refuse, Wait
from appstore.reconcile.difference import Difference, Effect, ResourceEffect
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Entry
from appstore.reconcile.propose import propose, with_differences, with_looks
from appstore.reconcile.rails.exceptions import DatedException
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Choice, Rules
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldStack, LecturerStacks, WantedStack, WantedTree

PERSON = Rules(OWNER, Attendance.PERSON, frozenset({REV}), may_use=anything)
LONG_AGO = TODAY - timedelta(days=60)
BASE = stack(InstanceId(None, "net", None), base=True, term=None)
FINDING = Finding("x.yaml", 1, 1, "rule", "message")


def seat(number: int, **changes: object) -> WantedStack:
    return stack(InstanceId("cs101", "web-lab", f"s{number:02}"), **changes)  # type: ignore[arg-type]


def lives(of: WantedStack, status: str = "CREATE_COMPLETE", **changes: object) -> LiveStack:
    return live(status, of, id=f"id-of-{of.name}", **changes)  # type: ignore[arg-type]


def over(of: WantedStack) -> LiveStack:
    """A stack whose file is gone and whose grace is over."""
    return lives(of, "SUSPEND_COMPLETE", ending=LONG_AGO)


def plan(
    wanted: Iterable[WantedStack | HeldStack],
    there: Iterable[LiveStack],
    rules: Rules = PERSON,
    effect: ResourceEffect | None = None,
) -> dict[str, Entry]:
    mine = LecturerStacks("dr-a", "devcloud", "lecturer-a", tuple(wanted))
    listed = LiveProject("devcloud", "id", "lecturer-a", tuple(there))
    tree = WantedTree(OWNER, (mine,), ())
    first = propose(tree, {"dr-a": listed}, (), lambda *_: GONE_UNORDERED, NOW, REV)
    if effect:
        seen = Difference((), (effect,), ("What is on its disk is lost.",))
        compared = {e.live.id: seen for e in first.to_compare() if e.live}
        first = with_differences(first, compared)
    entries = guarded(first, rules).entries
    return {str(entry.subject.id): entry for entry in entries}


def rules_of(entries: dict[str, Entry]) -> dict[str, str]:
    """What became of each entry: its action, the rule that refused it, or that it waits."""
    return {id_.rpartition("/")[2]: _word(entry.decision) for id_, entry in entries.items()}


def _word(decision: Decision) -> str:
    match decision:
        case Act(action=action):
            return action
        case Refuse(rule=rule):
            return rule
        case _:
            return type(decision).__name__.lower()


def excepting(rule: str, scope: str = "dr-a", max_: int | None = None, within: str = "") -> Rules:
    one = DatedException(rule, scope, TODAY, max_, within, "deployments/site.yaml", 9)
    return replace(PERSON, exceptions=(one,))


KEPT = [seat(number) for number in range(10, 40)]
ALIVE = [lives(one) for one in KEPT]


@pytest.mark.parametrize(("pattern", "word"), [("dr-a/cs101/web-lab/s01", "filtered-delete"),
                                               ("dr-a", "delete")])  # fmt: skip
def test_2_a_filtered_run_deletes_nothing_unordered(pattern: str, word: str) -> None:
    rules = replace(PERSON, choice=Choice((pattern,)))
    assert rules_of(plan(KEPT, [*ALIVE, over(seat(1))], rules))["s01"] == word


def test_2_an_ordered_delete_passes_a_filter() -> None:
    rules = replace(PERSON, choice=Choice(("dr-a/cs101/web-lab/s01",)))
    gone = seat(1, wanted=GONE_NOW)
    assert rules_of(plan([*KEPT, gone], [*ALIVE, lives(gone)], rules)) == {"s01": "delete"}


def test_3_an_emptied_folder_ends_nothing() -> None:
    there = [lives(seat(1)), over(seat(2)), lives(seat(3), "DELETE_FAILED")]
    assert rules_of(plan([], there)) == {"s01": "emptied", "s02": "emptied", "s03": "delete"}
    assert rules_of(plan([], there, excepting("emptied"))) == {
        "s01": "end",
        "s02": "delete",
        "s03": "delete",
    }


@pytest.mark.parametrize("left", [seat(9), HeldStack(seat(9).id, "x.yaml", FINDING)])
def test_3_a_folder_that_still_wants_something_is_not_emptied(left: WantedStack) -> None:
    assert rules_of(plan([left], [lives(seat(1))]))["s01"] == "end"


def test_3_what_was_ordered_is_no_accident() -> None:
    gone = seat(1, wanted=GONE_LATER)
    assert rules_of(plan([gone], [lives(gone)])) == {"s01": "end"}


@pytest.mark.parametrize(
    ("kept", "lost", "refused"),
    [(0, 3, False), (0, 4, True), (16, 4, False), (15, 4, True), (30, 7, False), (30, 8, True)],
)
def test_4_many_losses_are_a_mistake(kept: int, lost: int, refused: bool) -> None:
    rules = excepting("emptied")
    gone = [seat(number) for number in range(1, lost + 1)]
    found = plan(KEPT[:kept], [*ALIVE[:kept], *map(over, gone)], rules)
    words = {rules_of(found)[one.id.member or ""] for one in gone}
    assert words == ({"many-deletes"} if refused else {"delete"})


def test_4_the_refusal_holds_the_numbers_and_the_exception_to_write() -> None:
    gone = [over(seat(number)) for number in range(1, 6)]
    entry = plan(KEPT[:10], [*ALIVE[:10], *gone])["cs101/web-lab/s01"]
    assert isinstance(entry.decision, Refuse)
    assert "5 of the 15 stacks" in entry.decision.why
    assert "rule: many-deletes\n    scope: dr-a\n" in entry.decision.next_step
    assert entry.decision.next_step.endswith("max: 5")


@pytest.mark.parametrize(
    ("scope", "max_", "word"),
    [
        ("dr-a", 5, "delete"),
        ("dr-a/cs101", None, "delete"),
        ("dr-a", 4, "many-deletes"),
        ("dr-b", 5, "many-deletes"),
        ("dr-a/cs101/web-lab/s0[12]", None, "delete"),
    ],
)
def test_4_its_exception(scope: str, max_: int | None, word: str) -> None:
    gone = [over(seat(number)) for number in range(1, 6)]
    found = plan(KEPT[:10], [*ALIVE[:10], *gone], excepting("many-deletes", scope, max_))
    assert rules_of(found)["s01"] == word


@pytest.mark.parametrize(
    "wanted",
    [
        seat(1, wanted=GONE_NOW, protect=True),
        seat(1, wanted=GONE_LATER, protect=True),
        seat(1, generation=2, protect=True),
    ],
)
def test_7_what_is_protected_is_neither_lost_nor_ended(wanted: WantedStack) -> None:
    there = [lives(seat(1))]
    assert rules_of(plan([wanted], there)) == {"s01": "protected"}
    of_course = excepting("protected", "dr-a/cs101/*", within="dr-a/cs101/")
    assert rules_of(plan([wanted], there, of_course))["s01"] != "protected"
    of_another = excepting("protected", "*", within="dr-a/cs102/")
    assert rules_of(plan([wanted], there, of_another)) == {"s01": "protected"}


def test_7_an_end_that_had_begun_goes_no_further_once_protected() -> None:
    wanted = seat(1, wanted=GONE_LATER, protect=True)
    assert rules_of(plan([wanted], [lives(seat(1), ending=TODAY)])) == {"s01": "protected"}


def test_7_a_seat_that_its_protected_file_has_no_longer_is_kept_too() -> None:
    there = [lives(seat(1)), lives(seat(2))]
    assert rules_of(plan([seat(1, protect=True)], there))["s02"] == "protected"
    assert rules_of(plan([seat(1)], there))["s02"] == "end"
    elsewhere = seat(1, protect=True, spec=OTHER_SPEC, id=InstanceId("cs101", "other", "s01"))
    assert rules_of(plan([seat(1), elsewhere], there))["s02"] == "end"


def test_7_protected_may_still_be_updated() -> None:
    wanted = seat(1, spec=OTHER_SPEC, protect=True)
    assert rules_of(plan([wanted], [lives(seat(1))])) == {"s01": "update"}


@pytest.mark.parametrize("base", [replace(BASE, wanted=GONE_NOW), replace(BASE, generation=2)])
def test_7_a_base_stays_under_what_stands_on_it(base: WantedStack) -> None:
    assert rules_of(plan([base, seat(1)], [lives(BASE), lives(seat(1))]))["net"] == "base-in-use"
    alone = rules_of(plan([base], [lives(BASE), live(name="by-hand", tags=frozenset())]))
    assert alone["net"] in ("delete", "recreate")


def test_7_a_base_without_a_file_waits_for_the_last_stack() -> None:
    there = [lives(BASE, "UPDATE_COMPLETE", ending=LONG_AGO), over(seat(1))]
    found = rules_of(plan([], there, excepting("emptied")))
    assert found == {"net": "wait", "s01": "delete"}


def test_9_an_older_commit_takes_nothing_back() -> None:
    rules = replace(PERSON, ancestors=frozenset({"older"}))
    wanted = [seat(1, spec=OTHER_SPEC), seat(2), seat(3)]
    there = [lives(seat(1)), lives(seat(2))]
    assert rules_of(plan(wanted, there, rules)) == {
        "s01": "newer-run",
        "s02": "settled",
        "s03": "create",
    }
    for fine in (
        replace(rules, ancestors=frozenset({REV})),
        replace(rules, exceptions=excepting("newer-run").exceptions),
    ):
        assert rules_of(plan(wanted, there, fine))["s01"] == "update"


def test_nobody_present_means_no_unordered_delete() -> None:
    rules = replace(PERSON, attendance=Attendance.UNATTENDED)
    gone = seat(3, wanted=GONE_NOW)
    there = [*ALIVE, over(seat(1)), lives(seat(2)), lives(gone), lives(seat(4), "DELETE_FAILED")]
    found = plan([*KEPT, gone], there, rules)
    words = rules_of(found)
    assert {name: words[name] for name in ("s01", "s02", "s03", "s04")} == {
        "s01": "wait",
        "s02": "end",
        "s03": "delete",
        "s04": "delete",
    }
    waiting = found["cs101/web-lab/s01"].decision
    assert isinstance(waiting, Wait)
    assert waiting.next_step


SERVER = ResourceEffect("server", "OS::Nova::Server", Effect.REPLACED, "image", guarded=True)


@pytest.mark.parametrize(
    ("effect", "word"),
    [
        (SERVER, "replace-guard"),
        (replace(SERVER, effect=Effect.REBUILT), "replace-guard"),
        (replace(SERVER, guarded=False), "update"),
        (replace(SERVER, effect=Effect.UPDATED), "update"),
        (replace(SERVER, effect=Effect.DELETED), "update"),
        (replace(SERVER, type="OS::Neutron::Port"), "update"),
    ],
)
def test_a_guarded_server_is_not_replaced(effect: ResourceEffect, word: str) -> None:
    found = plan([seat(1, spec=OTHER_SPEC)], [lives(seat(1))], effect=effect)
    assert rules_of(found) == {"s01": word}


@pytest.mark.parametrize("name", ["server", "group[3]/server"])
def test_what_never_served_anybody_may_be_replaced(name: str) -> None:
    there = lives(seat(1), "UPDATE_FAILED")
    mine = LecturerStacks("dr-a", "devcloud", "lecturer-a", (seat(1),))
    listed = LiveProject("devcloud", "id", "lecturer-a", (there,))
    tree = WantedTree(OWNER, (mine,), ())
    first = propose(tree, {"dr-a": listed}, (), lambda *_: GONE_UNORDERED, NOW, REV)
    for path, word in ((name.replace("[3]", "/3"), "retry"), ("another", "replace-guard")):
        looked = with_looks(first, {there.id: Looks(failed=(failed(path),))})
        seen = Difference((), (replace(SERVER, name=name),), ())
        entries = guarded(with_differences(looked, {there.id: seen}), PERSON).entries
        assert [_word(entry.decision) for entry in entries] == [word]


def test_the_guard_names_the_loss_and_the_ways_out() -> None:
    found = plan([seat(1, spec=OTHER_SPEC)], [lives(seat(1))], effect=SERVER)
    decision = found["cs101/web-lab/s01"].decision
    assert isinstance(decision, Refuse)
    assert "server" in decision.why
    assert "lost" in decision.why
    assert "accept_replace: web-lab@1.0.0" in decision.next_step
    assert "deployments/dr-a/cs101/web-lab.yaml:1" in decision.next_step
    assert "reset" in decision.next_step


def test_all_refusals_are_said() -> None:
    rules = replace(PERSON, ancestors=frozenset())
    entry = plan([seat(1, wanted=GONE_NOW, protect=True)], [lives(seat(1))], rules)
    (only,) = entry.values()
    assert isinstance(only.decision, Refuse)
    assert only.decision.rule == "newer-run"
    assert any("protect: true" in warning for warning in only.warnings)


def test_no_rail_lets_more_happen() -> None:
    """Whatever is refused: an entry keeps its action, or loses it."""
    there = [*ALIVE[:3], over(seat(1)), lives(seat(2)), lives(seat(3), "SUSPEND_COMPLETE")]
    free = plan(KEPT[:3], there)
    for attendance in Attendance:
        for ancestors in (frozenset({REV}), frozenset[str]()):
            rules = Rules(OWNER, attendance, ancestors, may_use=anything)
            for id_, entry in plan(KEPT[:3], there, rules).items():
                assert entry.decision == free[id_].decision or not isinstance(entry.decision, Act)


RENAMED = InstanceId("cs101", "lab", "s01")


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        (stack(RENAMED), lives(seat(1)), {"lab/s01": "renamed", "web-lab/s01": "renamed"}),
        (stack(RENAMED), over(seat(1)), {"lab/s01": "renamed", "web-lab/s01": "renamed"}),
        (stack(RENAMED, spec=OTHER_SPEC), lives(seat(1)), {"lab/s01": "create"}),
        (stack(RENAMED), lives(seat(1), "DELETE_FAILED"), {"lab/s01": "create"}),
        (stack(InstanceId(None, "lab", None), term=None), lives(seat(1)), {"lab": "renamed"}),
    ],
)
def test_5_a_moved_file_is_no_end_and_no_beginning(
    new: WantedStack, old: LiveStack, words: dict[str, str]
) -> None:
    found = plan([*KEPT[:1], new], [*ALIVE[:1], old])
    said = {id_.removeprefix("cs101/"): _word(entry.decision) for id_, entry in found.items()}
    assert words.items() <= said.items()


def test_5_an_ordered_end_is_no_rename() -> None:
    gone = seat(1, wanted=GONE_LATER)
    found = plan([stack(RENAMED), gone], [lives(gone)])
    assert {_word(entry.decision) for entry in found.values()} == {"create", "end"}


def test_5_the_new_one_is_paired_with_the_same_seat() -> None:
    wanted = [stack(InstanceId("cs101", "lab", f"s0{number}")) for number in (1, 2)]
    found = plan([*KEPT[:1], *wanted], [*ALIVE[:1], lives(seat(2)), lives(seat(1))])
    for number in (1, 2):
        decision = found[f"cs101/lab/s0{number}"].decision
        assert isinstance(decision, Refuse)
        assert f"while dr-a/cs101/web-lab/s0{number} ends" in decision.why
        assert "Add `id: cs101/web-lab` to" in decision.next_step


@pytest.mark.parametrize("scope", ["dr-a/cs101/lab", "dr-a/cs101/web-lab"])
def test_5_excepting_either_side_lifts_the_pair(scope: str) -> None:
    rules = excepting("renamed", scope, within="dr-a/cs101/")
    found = plan([*KEPT[:1], stack(RENAMED)], [*ALIVE[:1], lives(seat(1))], rules)
    assert {_word(entry.decision) for entry in found.values()} == {"settled", "create", "end"}
