"""What merging a proposal changes, from two plans that saw the same stacks."""

from dataclasses import replace

from reconcile_samples import NOW, OWNER, live, stack

from appstore.documents.findings import Finding
from appstore.reconcile.decision import Act, Action, Decision, Refuse, Settled, Step, Wait
from appstore.reconcile.digest import plan_digest
from appstore.reconcile.merging import differing
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.shortage import Use
from appstore.reconcile.plan import Entry, Health, Plan, Unplanned
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldLecturer

CREATE = Act(Action.CREATE, (Step.CREATE,), "")
RESET = Act(Action.RECREATE, (Step.DELETE, Step.CREATE), "a reset is ordered")


def entry(member: str, decision: Decision, generation: int = 0, **changes: object) -> Entry:
    subject = replace(stack(InstanceId("cs101", "lab", member)), generation=generation)
    whole = Entry("ada", "main", "ada", subject, None, Health.ABSENT, decision)
    return replace(whole, **changes)  # type: ignore[arg-type]


def plan(*entries: Entry, **changes: object) -> Plan:
    whole = Plan(OWNER, None, NOW, entries, (), (), (), (), plan_digest(OWNER, entries))
    return replace(whole, **changes)  # type: ignore[arg-type]


def members(made: Plan) -> list[str | None]:
    return [e.subject.id.member for e in made.entries]  # type: ignore[union-attr]


def test_only_what_differs_is_shown_and_the_digest_is_about_that() -> None:
    here = live()
    target = plan(entry("s01", Settled(), live=here), entry("s02", CREATE), entry("s03", Settled()))
    result = plan(entry("s01", RESET, 1, live=here), entry("s02", CREATE), entry("s03", Settled()))
    made = differing(target, result, "base", "head")
    assert members(made) == ["s01"]
    assert made.digest == plan_digest(OWNER, made.entries) != result.digest
    assert made.merging is not None
    assert (made.merging.base, made.merging.head, made.merging.waiting) == ("base", "head", 1)


def test_another_verdict_is_a_difference_and_other_words_for_it_are_none() -> None:
    refused = Refuse("quota", "1 of 2 fit", "Ask.")
    target = plan(entry("s01", CREATE), entry("s02", refused), entry("s03", Wait("a class")))
    result = plan(
        entry("s01", refused),
        entry("s02", replace(refused, why="0 of 2 fit")),
        entry("s03", Wait("an exam")),
    )
    assert members(differing(target, result, "b", "h")) == ["s01", "s03"]


def test_a_refused_change_that_became_another_one_is_shown() -> None:
    refused = Refuse("newer-run", "not ours", "Fetch.")
    made = differing(plan(entry("s01", refused)), plan(entry("s01", refused, 1)), "b", "h")
    assert members(made) == ["s01"]


def test_what_is_not_made_any_more_is_named_unless_nobody_knows() -> None:
    target = plan(entry("s01", CREATE), entry("s02", CREATE), entry("s03", Settled(), live=live()))
    merging = differing(target, plan(entry("s02", CREATE)), "b", "h").merging
    assert merging is not None
    assert merging.withdrawn == ("ada/cs101/lab/s01",)
    finding = Finding("x", 1, 1, "a/b", "Wrong.")
    for unknown in (
        {"held": (HeldLecturer("ada", None, None, finding),)},
        {"unplanned": (Unplanned("ada", "main", "ada", "cloud", "No answer.", ""),)},
    ):
        merging = differing(target, plan(**unknown), "b", "h").merging
        assert merging is not None
        assert merging.withdrawn == ()


def test_findings_of_the_target_are_counted_wherever_their_line_is_now() -> None:
    old = Finding("site.yaml", 3, 1, "a/b", "Wrong.")
    new = Finding("site.yaml", 9, 1, "a/b", "Also wrong.")
    made = differing(plan(findings=(old,)), plan(findings=(replace(old, line=5), new)), "b", "h")
    assert made.findings == (new,)
    assert made.merging is not None
    assert made.merging.findings_before == 1
    twice = differing(plan(findings=(old,)), plan(findings=(old, replace(old, line=8))), "b", "h")
    assert len(twice.findings) == 1


def test_of_the_quota_only_what_the_proposal_adds_is_shown() -> None:
    def use(adds: int, kind: Kind = Kind.CORES) -> Use:
        return Use("main", "ada", kind, adds, 20, 40)

    target = plan(uses=(use(4), use(2, Kind.RAM)))
    result = plan(uses=(use(10), use(2, Kind.RAM), use(1, Kind.PORTS)))
    assert differing(target, result, "b", "h").uses == (
        Use("main", "ada", Kind.CORES, 6, 16, 40),
        Use("main", "ada", Kind.PORTS, 1, 20, 40),
    )
