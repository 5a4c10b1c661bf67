"""The whole text of a plan and of outcomes, as a person sees it."""

from dataclasses import replace
from datetime import timedelta

from reconcile_samples import LINE, NOW, OWNER, RESET, REV, live, stack

from appstore.documents.findings import Finding, Severity
from appstore.reconcile.decision import Act, Action, Decision, Refuse, Settled, Step, Stuck, Wait
from appstore.reconcile.difference import Difference, Effect, FieldChange, ResourceEffect
from appstore.reconcile.outcome import Done, Failed, Outcome, Skipped, Unfinished
from appstore.reconcile.plan import Entry, Health, Orphan, Plan, Unplanned, WritesOff
from appstore.report.applied import applied_text
from appstore.report.outcomes import outcomes_text
from appstore.report.plan import exit_codes, plan_text
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldLecturer

DIFFERENCE = Difference(
    fields=(
        FieldChange("parameters.size", "small", "\x1b[2Jlarge"),
        FieldChange("parameters.password", "(secret)", "(secret)"),
        FieldChange("parameters.note", None, "hi"),
    ),
    effects=(
        ResourceEffect("server", "OS::Nova::Server", Effect.REPLACED, "image changes"),
        ResourceEffect("port", "OS::Neutron::Port", Effect.UPDATED, ""),
        ResourceEffect("net", "OS::Neutron::Net", Effect.UNCHANGED, ""),
    ),
    losses=("the server is replaced: what is on its disk is lost",),
)


def entry(member: str, decision: Decision, **changes: object) -> Entry:
    subject = stack(InstanceId("cs101", "web-lab", member))
    whole = Entry("dr-a", "devcloud", "project-a", subject, None, Health.ABSENT, decision)
    return replace(whole, **changes)  # type: ignore[arg-type]


def plan(*entries: Entry, **changes: object) -> Plan:
    whole = Plan(OWNER, REV, NOW, entries, (), (), (), (), "1.digest")
    return replace(whole, **changes)  # type: ignore[arg-type]


CREATE = Act(Action.CREATE, (Step.CREATE,), "")


def test_members_with_the_same_change_share_their_lines_and_what_is_well_is_one_count() -> None:
    made = plan(
        *(entry(f"s0{number}", CREATE) for number in (1, 2, 3)),
        entry("s04", Settled()),
        entry("s05", Settled()),
        entry("s06", Act(Action.RECREATE, (Step.DELETE, Step.CREATE), "a reset is ordered", RESET)),
    )
    assert "\n".join(plan_text(made)) == (
        "plan of teaching at 4f2a91c: 4 of 6 instances change\n"
        "\n"
        "dr-a (project project-a on devcloud)\n"
        "  + create x3 cs101/web-lab {s01..s03}  web-lab@1.0.0\n"
        "  # recreate cs101/web-lab/s06  web-lab@1.0.0\n"
        "      a reset is ordered\n"
        "      ordered at deployments/dr-a/cs101/web-lab.yaml:6: reset: {s01: 2}\n"
        "  . 2 as wanted\n"
        "\n"
        "Plan: 3 to create, 1 to reset. Digest 1.digest"
    )


def test_an_update_shows_fields_effects_and_losses_and_nothing_steers_the_terminal() -> None:
    update = Act(Action.UPDATE, (Step.UPDATE,), "", LINE)
    made = plan(entry("s01", update, live=live(), destructive=True, difference=DIFFERENCE))
    assert "\n".join(plan_text(made)) == (
        "plan of teaching at 4f2a91c: 1 of 1 instance change\n"
        "\n"
        "dr-a (project project-a on devcloud)\n"
        "  ~ update cs101/web-lab/s01  web-lab@1.0.0\n"
        "      ordered at deployments/dr-a/cs101/web-lab.yaml:4: state: absent\n"
        "      parameters.size: small -> \\x1b[2Jlarge\n"
        "      parameters.password: (secret) -> (secret)\n"
        "      parameters.note: (none) -> hi\n"
        "    ! replaced: OS::Nova::Server server\n"
        "        image changes\n"
        "      updated: OS::Neutron::Port port\n"
        "    ! the server is replaced: what is on its disk is lost\n"
        "\n"
        "Plan: 1 to update. Digest 1.digest"
    )


def test_what_cannot_or_must_not_happen_says_why_and_the_way_out() -> None:
    finding = Finding("deployments/x/lecturer.yaml", 3, 1, "registry/x", "Wrong.", "Mend it.")
    made = plan(
        entry("s01", Refuse("foreign", "it belongs to somebody else", "Rename yours.\nOr theirs.")),
        entry("s02", Stuck("it failed five times", "Reset it.")),
        entry("s03", Wait("its back-off is not over", NOW + timedelta(minutes=5))),
        unplanned=(
            Unplanned("dr-b", "devcloud", "b", "cloud", "No answer.", "Check it."),
            Unplanned("dr-c", "devcloud", "c", "cloud", "No answer.", "Check it."),
        ),
        held=(HeldLecturer("dr-x", None, None, finding),),
        orphans=(Orphan("devcloud", "old", live()),),
        findings=(finding,),
        writes_off=(WritesOff("devcloud", "maintenance", "new switches", NOW.date()),),
    )
    assert "\n".join(plan_text(made)) == (
        "plan of teaching at 4f2a91c: 0 of 3 instances change\n"
        "\n"
        "dr-a (project project-a on devcloud)\n"
        "  ! refused cs101/web-lab/s01 [foreign]\n"
        "      it belongs to somebody else\n"
        "      -> Rename yours.\n"
        "         Or theirs.\n"
        "  ! needs a person cs101/web-lab/s02\n"
        "      it failed five times\n"
        "      -> Reset it.\n"
        "  = waits cs101/web-lab/s03\n"
        "      its back-off is not over (until Mon 2026-11-23 13:05 Europe/Berlin)\n"
        "\n"
        "nothing is written to devcloud until 2026-11-23 [maintenance]: new switches\n"
        "\n"
        "dr-x: held, nothing is done for this lecturer\n"
        "  deployments/x/lecturer.yaml:3 Wrong.\n"
        "\n"
        "not planned [cloud]: dr-b, dr-c\n"
        "  No answer.\n"
        "  -> Check it.\n"
        "\n"
        "1 orphaned stack (no lecturer maps the project):\n"
        "  ? cs101--web-lab--s01 in old on devcloud\n"
        "\n"
        "findings: 1 error\n"
        "deployments/x/lecturer.yaml:3:1: error [registry/x]\n"
        "  Wrong.\n"
        "  -> Mend it.\n"
        "\n"
        "Plan: 1 refused, 1 need a person, 1 waiting, 2 projects not planned, "
        "1 error in files. Digest 1.digest"
    )
    assert set(exit_codes(made, detailed=True)) == {1, 2, 3}


def test_exit_codes_of_a_plan() -> None:
    warning = Finding("x", 1, 1, "x/y", "Hm.", severity=Severity.WARNING)
    nobodys = Unplanned("", "devcloud", "z", "unmapped", "No answer.", "")
    assert list(exit_codes(plan(findings=(warning,), unplanned=(nobodys,)), detailed=True)) == []
    assert list(exit_codes(plan(entry("s01", CREATE)), detailed=False)) == []
    assert list(exit_codes(plan(entry("s01", CREATE)), detailed=True)) == [4]


def test_outcomes_tell_what_did_not_end_well_and_count_the_rest() -> None:
    failed = Failed(
        Action.CREATE, "Quota used up.", "server", "lecturer", "Use a smaller size.", "req-1"
    )
    outcomes = [
        Outcome(entry("s01", CREATE), Done(Action.CREATE, timedelta(seconds=3))),
        Outcome(entry("s02", CREATE), failed),
        Outcome(entry("s03", CREATE), Unfinished(Action.CREATE, "The run was asked to stop.")),
        Outcome(entry("s04", CREATE), Skipped(Action.CREATE, "Stopped.", "Run apply again.")),
        Outcome(entry("s05", CREATE), Refuse("foreign", "Somebody else's.", "Rename yours.")),
    ]
    assert "\n".join(outcomes_text(outcomes)) == (
        "  dr-a/cs101/web-lab/s02: failed\n"
        "      Quota used up.\n"
        "      resource: server\n"
        "      -> Use a smaller size. (lecturer)\n"
        "      OpenStack request req-1\n"
        "  dr-a/cs101/web-lab/s03: still running\n"
        "      The run was asked to stop.\n"
        "      -> nothing to do: the next run goes on (nobody)\n"
        "  dr-a/cs101/web-lab/s04: not started\n"
        "      Stopped.\n"
        "      -> Run apply again.\n"
        "  dr-a/cs101/web-lab/s05: refused [foreign]\n"
        "      Somebody else's.\n"
        "      -> Rename yours.\n"
        "Apply: 1 done (1 create), 1 failed, 1 still running, 1 not started, 1 refused."
    )


def test_an_apply_that_could_not_plan_does_not_say_nothing_to_do() -> None:
    away = Unplanned("dr-b", "devcloud", "b", "cloud", "No answer " * 12, "Check it.")
    text = list(applied_text(plan(unplanned=(away,)), (), (), "req-1"))
    assert text[-2:] == ["Apply: 1 project not planned.", "run req-1"]
    assert max(map(len, text)) <= 80
