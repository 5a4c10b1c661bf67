"""How an apply ended, as text and JSON."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from appstore.reconcile.decision import Refuse, Stuck, Wait
from appstore.reconcile.outcome import Done, Failed, Outcome, Result, Skipped, Unfinished
from appstore.reconcile.things import KINDS, StackResource
from appstore.report.escape import plain
from appstore.report.subjects import full_id
from appstore.report.wrapping import wrapped


def outcomes_text(outcomes: Sequence[Outcome], left_out: Sequence[str] = ()) -> Iterator[str]:
    """What did not end well or kept something, with its next step, then one line of counts.

    `left_out` are counts of what was not even tried.
    """
    for outcome in outcomes:
        match outcome.result:
            case Done(kept=(), by_another=False):
                pass
            case _:
                yield from _outcome(outcome)
    yield tally(outcomes, left_out)


def tally(outcomes: Iterable[Outcome], left_out: Sequence[str] = ()) -> str:
    """`Apply: 12 done (10 create, 2 update), 1 failed`."""
    counts = Counter(word(outcome.result) for outcome in outcomes)
    results = [o.result for o in outcomes]
    done = Counter(str(r.action) for r in results if isinstance(r, Done) and not r.by_another)
    parts = [f"{number} {name}" for name, number in counts.items() if name != "done"]
    if done:
        detail = ", ".join(f"{number} {action}" for action, number in done.items())
        parts.insert(0, f"{counts['done']} done ({detail})")
    return f"Apply: {', '.join([*parts, *left_out]) or 'nothing to do'}."


def word(result: Result) -> str:
    """The result in one word or two."""
    match result:
        case Done(by_another=True):
            return "done by another run"
        case Done():
            return "done"
        case Failed():
            return "failed"
        case Unfinished():
            return "still running"
        case Skipped():
            return "not started"
        case Refuse(rule=rule):
            return "stale" if rule == "stale" else "refused"
        case Stuck():
            return "need a person"
        case Wait():
            return "waiting"
        case _:
            assert_never(result)


def _outcome(outcome: Outcome) -> Iterator[str]:
    result = outcome.result
    rule = f" [{result.rule}]" if isinstance(result, Refuse) and result.rule != "stale" else ""
    yield f"  {plain(full_id(outcome.entry))}: {word(result)}{rule}"
    match result:
        case Failed(_, reason, resource, owner, next_step, request_id):
            yield from _wrapped("", reason)
            if resource:
                yield from _wrapped("resource: ", resource)
            yield from _wrapped("-> ", f"{next_step} ({owner})")
            if request_id:
                yield f"      OpenStack request {request_id}"
        case Unfinished(_, reason):
            yield from _wrapped("", reason)
            yield "      -> nothing to do: the next run goes on (nobody)"
        case Skipped(_, reason, next_step) | Refuse(_, reason, next_step):
            yield from _wrapped("", reason)
            yield from _wrapped("-> ", next_step)
        case Stuck(reason, next_step):
            yield from _wrapped("", reason)
            yield from _wrapped("-> ", next_step)
        case Wait(reason, _, next_step):
            yield from _wrapped("", reason)
            if next_step:
                yield from _wrapped("-> ", next_step)
        case Done(kept=kept, by_another=by_another):
            if by_another:
                yield from _wrapped("", "Another run was faster; it is as it should be.")
                yield "      -> nothing to do (nobody)"
            if kept:
                yield from _wrapped("", f"Its template keeps {_named(kept)}.")
                step = "Whoever needs it no longer removes it by hand (lecturer)"
                yield from _wrapped("-> ", step)
        case _:
            assert_never(result)


def _named(kept: Iterable[StackResource]) -> str:
    """`the port lab/port (<id>)`, joined."""
    return ", ".join(f"the {KINDS[each.type]} {each.path} ({each.physical_id})" for each in kept)


def _wrapped(mark: str, text: str) -> Iterator[str]:
    """A text by people or OpenStack, in lines of 80; ids and commands are not cut."""
    yield from wrapped(plain(text), f"      {mark}", " " * (6 + len(mark)))


def outcomes_json(outcomes: Iterable[Outcome]) -> list[dict[str, object]]:
    """One object an instance: id, word, and what belongs to it."""
    return [_json(outcome) for outcome in outcomes]


def _json(outcome: Outcome) -> dict[str, object]:
    entry: dict[str, object] = {"id": full_id(outcome.entry), "result": word(outcome.result)}
    match outcome.result:
        case Done(action, took, kept):
            done = {**entry, "action": str(action), "seconds": round(took.total_seconds(), 1)}
            if not kept:
                return done
            return {**done, "kept": [{"path": k.path, "id": k.physical_id} for k in kept]}
        case Failed(action, reason, resource, owner, next_step, request_id):
            return {
                **entry,
                "action": str(action),
                "reason": reason,
                "resource": resource,
                "owner": owner,
                "next_step": next_step,
                "request_id": request_id,
            }
        case Unfinished(action, reason):
            return {**entry, "action": str(action), "reason": reason}
        case Skipped(action, reason, next_step):
            return {**entry, "action": str(action), "reason": reason, "next_step": next_step}
        case Refuse(rule, reason, next_step):
            return {**entry, "rule": rule, "reason": reason, "next_step": next_step}
        case Stuck(reason, next_step):
            return {**entry, "reason": reason, "next_step": next_step}
        case Wait(reason, until, next_step):
            when = until.isoformat() if until else None
            return {**entry, "reason": reason, "until": when, "next_step": next_step}
        case _:
            assert_never(outcome.result)


def exit_codes(outcomes: Iterable[Outcome]) -> Iterator[int]:
    """The exit codes that these outcomes give reason for; the caller takes the worst."""
    for outcome in outcomes:
        match outcome.result:
            case Failed() | Stuck() | Unfinished() | Skipped():
                yield 1
            case Refuse():
                yield 3
            case Done() | Wait():
                pass
            case _:
                assert_never(outcome.result)
