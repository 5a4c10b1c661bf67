"""Rail 8: in an exam, from its lead on, machines are made, woken and healed, and nothing else.

Allowed are a create (so new spares come too), a resume, a retry, and an update of what was never
made; a reset only of a seat that the course's `exam_resets` names. Ending or extending the freeze
is an edit of its lines and needs no leave.
"""

from collections.abc import Iterator
from dataclasses import replace

from appstore.reconcile.decision import Act, Action, Refuse, Wait
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.exceptions import how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.ruling import is_gone
from appstore.reconcile.scope import address
from appstore.wanted.freezes import Frozen
from appstore.wanted.moments import shown
from appstore.wanted.stacks import WantedStack

ALWAYS_ALLOWED = (Action.CREATE, Action.RESUME, Action.RETRY)
RESETS = (Action.RECREATE, Action.DELETE)
"""A reset, and the repeat of its delete where that failed."""


def freeze(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """What has to wait until the exam is over waits; a reset without its record is refused."""
    for entry in entries:
        frozen = _held_by(entry, rules)
        if (
            frozen is not None
            and isinstance(entry.decision, Act)
            and not _allowed(entry, entry.decision, frozen)
            and not rules.excepted("freeze", entry)
        ):
            yield entry, _verdict(entry, entry.decision, frozen)


def with_reason(entry: Entry, rules: Rules) -> Entry:
    """The entry; where the glass was broken for its reset, the plan says why."""
    match entry.decision:
        case Act(action=action) as act if action in RESETS and (frozen := _held_by(entry, rules)):
            if (reason := frozen.resets.get(address(entry))) is not None:
                why = f"{act.why}, in an exam: {reason}"
                return replace(entry, decision=replace(act, why=why))
    return entry


def _held_by(entry: Entry, rules: Rules) -> Frozen | None:
    return next((one for one in rules.frozen if one.holds(address(entry))), None)


def _allowed(entry: Entry, act: Act, frozen: Frozen) -> bool:
    if act.action in ALWAYS_ALLOWED:
        return True
    if act.action is Action.UPDATE:
        return entry.live is not None and entry.live.status == "CREATE_FAILED"
    wanted = isinstance(entry.subject, WantedStack) and not is_gone(entry.subject)
    return wanted and act.action in RESETS and address(entry) in frozen.resets


def _verdict(entry: Entry, act: Act, frozen: Frozen) -> Refuse | Wait:
    until = f"an exam holds it until {shown(frozen.ends, frozen.zone)} ({frozen.cause})"
    if act.action is not Action.RECREATE:
        return Wait(f"{until}; the {act.action} comes after it", frozen.ends)
    deployment, _, member = address(entry).rpartition("/")
    return Refuse(
        "freeze",
        f"{until}, and a reset would take the machine away",
        f"Where the machine is broken: appstore reset {deployment} --member {member} "
        f'--during-exam "<why>". Otherwise it is reset after the exam; or '
        + how_to_except(frozen.cause.path, "freeze", address(entry)),
    )
