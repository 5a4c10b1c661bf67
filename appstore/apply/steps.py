"""How one entry is carried out: its steps in order, each sent to a settled stack only."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import assert_never

from appstore.apply import bodies
from appstore.apply.blockers import blocked
from appstore.apply.failures import never_begun, refused, root_cause, wedged
from appstore.apply.overtaking import as_it_is_now, deletes, still_so
from appstore.apply.remains import first_look, made_of, nothing_remains, unproven
from appstore.apply.script import Ended, Halted, Job, Overtaken, Script, ask
from appstore.apply.waiting import Goal, Resting, Until, Untouched, Verdict, Wedged
from appstore.cloud.errors import CloudError, Conflict, Missing, Rejected, Unreachable
from appstore.errors import AppstoreError
from appstore.reconcile.decision import Step
from appstore.reconcile.live import FailedResource, LiveStack
from appstore.reconcile.outcome import Done, Failed, Result
from appstore.reconcile.request import StackRequest
from appstore.reconcile.tags import (
    Ours,
    adopted_tags,
    ending_tags,
    not_ours,
    read_tags,
    revived_tags,
    tags_for,
)
from appstore.wanted.spec import Plain, SecretRef

NAME_TRIES = 5


def carry_out(job: Job) -> Script[Result]:
    """All steps of the entry; its result, whatever the cloud answers.

    After a delete it is done only when nothing of the stack is left, also where a create followed.
    """
    try:
        result = yield from _carried_out(job)
        return (yield from nothing_remains(job, result))
    except Halted as halted:
        if job.remains is None:
            raise
        return unproven(job.act.action, job.remains.resources, halted.why)


def _carried_out(job: Job) -> Script[Result]:
    began = job.clock.now()
    try:
        try:
            yield from _steps(job)
        except (Overtaken, Conflict, Missing):
            return (yield from as_it_is_now(job))
        except Rejected as error:
            if error.type != "NotSupported":
                raise
            # Put to sleep or deleted meanwhile (README of appstore, fact 3.4).
            return (yield from as_it_is_now(job))
    except Ended as ended:
        return ended.result
    except CloudError as error:
        return refused(job.act.action, error, job.hidden)
    except AppstoreError as error:  # a secret that cannot be read
        return Failed(job.act.action, error.message, "", "lecturer", error.hint, "")
    return Done(job.act.action, job.clock.now() - began, by_another=job.by_another)


def _steps(job: Job) -> Script[None]:
    stack = job.entry.live
    for number, step in enumerate(job.act.steps):
        job.on_step(job.entry, step)
        stack = yield from _step(job, step, stack)
        if step is Step.DELETE and Step.CREATE in job.act.steps[number:]:
            yield from _name_is_free(job)


def _step(job: Job, step: Step, stack: LiveStack | None) -> Script[LiveStack | None]:
    match step:
        case Step.CHECK_CREATE:
            request = yield from _new_request(job)
            yield from ask(lambda: job.heat.check_create(request))
            return stack
        case Step.CREATE:
            return (yield from _create(job))
    if stack is None:
        raise Overtaken
    match step:
        case Step.UPDATE:
            return (yield from _update(job, stack))
        case Step.ADOPT:
            tags = adopted_tags(job.owner, job.stack, job.rev, stack.tags)
            return (yield from _patch(job, stack, tags))
        case Step.TAG_ENDING:
            return (yield from _patch(job, stack, ending_tags(stack.tags, job.today, job.rev)))
        case Step.UNTAG_ENDING:
            return (yield from _patch(job, stack, revived_tags(stack.tags, job.rev)))
        case Step.SUSPEND:
            return (yield from _change(job, "SUSPEND", stack, lambda: job.heat.suspend(stack)))
        case Step.RESUME:
            return (yield from _change(job, "RESUME", stack, lambda: job.heat.resume(stack)))
        case Step.DELETE:
            yield from _delete(job, stack)
            return None
        case _:
            assert_never(step)


def _create(job: Job) -> Script[LiveStack]:
    request = yield from _new_request(job)
    tags = request.tags
    for _ in range(NAME_TRIES):
        id_, doubt, job.by_another = None, None, False
        try:
            id_ = yield from ask(lambda: job.heat.create(request), writes=True)
        except Unreachable as error:  # perhaps it arrived: the listing will tell
            doubt = error
        except Conflict as error:
            found = yield from ask(lambda: job.heat.find(request.name))
            if found is None:
                continue
            _claim(job, found)
            job.by_another = not error.repeated
            if found.status == "CREATE_COMPLETE":
                return found
            id_, tags = found.id, found.tags
        until = Until(request.name, id_, None, "CREATE", job.timeout)
        row = yield from _rest(job, until, doubt)
        return _as_sent(job, (yield from _ended_well(job, "CREATE", row)), tags)
    raise Overtaken


def _claim(job: Job, found: LiveStack) -> None:
    """A stack has our name already: made by an earlier request of ours, or by another run."""
    match read_tags(found.tags, job.owner):
        case Ours(id=job.stack.id, spec=job.stack.spec.digest, generation=generation) if (
            generation >= job.stack.generation and not found.status.startswith("DELETE_")
        ):
            return
    raise Overtaken


def _name_is_free(job: Job) -> Script[None]:
    """Wait for the 404: a deleted stack holds its name a moment longer than it is listed."""
    name, gone = job.stack.name, job.entry.live
    while gone and (found := (yield from ask(lambda: job.heat.find(name)))):
        if found.id != gone.id:
            return
        yield from _rest(job, Until(name, gone.id, gone, "DELETE", job.timeout), None)


def _update(job: Job, stack: LiveStack) -> Script[LiveStack]:
    secrets = yield from _secrets(job)
    content = yield from ask(lambda: job.heat.content(stack))
    tags = tags_for(job.owner, job.stack, job.rev, job.act.tries, stack.tags)
    request = bodies.update(job.stack, secrets, tags, content.environment, job.act.unguarded)
    row = yield from _change(job, "UPDATE", stack, lambda: job.heat.update(stack, request))
    return _as_sent(job, row, tags)


def _patch(job: Job, stack: LiveStack, tags: frozenset[str]) -> Script[LiveStack]:
    content = yield from ask(lambda: job.heat.content(stack))
    request = bodies.patch(content, tags)
    row = yield from _change(job, "UPDATE", stack, lambda: job.heat.patch(stack, request))
    return _as_sent(job, row, tags)


def _delete(job: Job, stack: LiveStack) -> Script[None]:
    made = yield from made_of(job, stack)
    job.by_another = yield from deletes(job, stack)
    doubt = None if job.by_another else (yield from _send(lambda: job.heat.delete(stack)))
    until = Until(stack.name, stack.id, stack, "DELETE", job.timeout)
    row = yield from _rest(job, until, doubt)
    if row is not None and row.status == "DELETE_FAILED":
        leaves = yield from _failed_leaves(job, row)
        raise Ended((yield from blocked(job, row, leaves, made.resources)))
    if row is not None:
        yield from _ended_well(job, "DELETE", row)
    yield from first_look(job, made)


def _change(job: Job, goal: Goal, stack: LiveStack, call: Callable[[], None]) -> Script[LiveStack]:
    """Send a request to a living stack and wait until it has ended well."""
    yield from still_so(job, stack)
    doubt = yield from _send(call)
    job.by_another = False
    row = yield from _rest(job, Until(stack.name, stack.id, stack, goal, job.timeout), doubt)
    return (yield from _ended_well(job, goal, row))


def _send(call: Callable[[], None]) -> Script[Unreachable | None]:
    """A request whose answer may get lost: perhaps it arrived, and the listing will tell."""
    try:
        yield from ask(call, writes=True)
    except Unreachable as error:
        return error
    return None


def _rest(job: Job, until: Until, doubt: Unreachable | None) -> Script[LiveStack | None]:
    verdict: Verdict = yield until
    match verdict:
        case Resting(stack):
            return stack
        case Untouched():
            raise Ended(never_begun(job.act.action, doubt)) if doubt else Overtaken
        case Wedged(status):
            raise Ended(wedged(job.act.action, until, status))
        case _:
            assert_never(verdict)


def _ended_well(job: Job, goal: Goal, row: LiveStack | None) -> Script[LiveStack]:
    if row is not None and row.status == f"{goal}_COMPLETE":
        return row
    if row is None or row.status != f"{goal}_FAILED":
        raise Overtaken
    leaves = yield from _failed_leaves(job, row)
    raise Ended(root_cause(job.act.action, row, leaves, job.hidden))


def _failed_leaves(job: Job, stack: LiveStack) -> Script[tuple[FailedResource, ...]]:
    with suppress(CloudError):  # without them the stack's own reason has to do
        return (yield from ask(lambda: job.heat.failed_resources(stack)))
    return ()


def _as_sent(job: Job, row: LiveStack, tags: frozenset[str]) -> LiveStack:
    """A lost race answers 202 and changes nothing: only the tags tell whose request won."""
    if row.tags - not_ours(row.tags) != tags - not_ours(tags):
        raise Overtaken
    return row


def _new_request(job: Job) -> Script[StackRequest]:
    secrets = yield from _secrets(job)
    others = job.entry.live.tags if job.entry.live else frozenset[str]()
    tags = tags_for(job.owner, job.stack, job.rev, 0, others)
    return bodies.create(job.stack, secrets, tags)


def _secrets(job: Job) -> Script[Mapping[str, str]]:
    parameters = job.stack.spec.parameters
    hidden = (parameters[name] for name in job.stack.spec.hidden if name in parameters)
    job.hidden.update(str(plain.value) for plain in hidden if isinstance(plain, Plain))
    if not any(isinstance(value, SecretRef) for value in parameters.values()):
        return {}
    secrets = yield from ask(lambda: job.secrets(job.stack))
    job.hidden.update(secrets.values())
    return secrets
