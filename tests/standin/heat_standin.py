"""An in-memory Heat and clock for tests of pure logic; tests/cloud proves it against the real one.

Stacks hold `OS::Heat::TestResource` (its `fail` property is honoured) or anything else, which
always succeeds. Work takes `duration` seconds of the fake clock. What a test must never do to a
real Heat is an AssertionError here.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from heat_standin_work import (
    Stack,
    carry_out,
    check_parameters,
    copy,
    live,
    merged,
    resolved,
    resources,
)
from things_standin import StandInLeftovers, physical_id, stack_resources

from appstore.cloud.errors import CloudError, Conflict, Missing, Rejected
from appstore.documents.marks import JsonValue
from appstore.reconcile.live import FailedResource, LiveProject, LiveStack, StackEvent
from appstore.reconcile.request import LiveContent, StackRequest, TagRequest
from appstore.reconcile.things import StackResource

HIDDEN = "******"
# How long a deleted stack is still listed and keeps its name (README of appstore, fact 3.6).
LIMBO = timedelta(seconds=0.2)


class FakeClock:
    """Time that passes only by `sleep`."""

    def __init__(self, start: datetime = datetime(2026, 10, 1, 8, tzinfo=UTC)) -> None:
        self._now = start
        self._lock = RLock()

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Return at once, this much later."""
        with self._lock:
            self._now += timedelta(seconds=seconds)


@dataclass
class _Fault:
    error: CloudError | None
    spoil: str | None
    carried_out: bool
    times: int


class StandInHeat:
    """`appstore.apply.protocols.Heat` in memory.

    `requests` are the calls so far as (method, stack name or type), `durations` override
    `duration` (seconds) for stacks by name.
    """

    def __init__(
        self,
        clock: FakeClock,
        *,
        cloud: str = "standin",
        project_id: str = "p-1",
        project_name: str = "lecturer",
        duration: float = 5.0,
    ) -> None:
        self.clock = clock
        self.duration = duration
        self.durations: dict[str, float] = {}
        self.requests: list[tuple[str, str]] = []
        self._empty = LiveProject(cloud, project_id, project_name, ())
        self._stacks: list[Stack] = []
        self.leftovers = StandInLeftovers(lambda: self._stacks, clock.now)
        self._faults: dict[tuple[str, str], _Fault] = {}
        self._lock = RLock()

    # What a test arranges

    def turn_away(self, method: str, name: str, error: CloudError, times: int = 1) -> None:
        """The next requests of this kind raise and do nothing."""
        self._faults[method, name] = _Fault(error, None, False, times)

    def lose_answer(self, method: str, name: str, error: CloudError, times: int = 1) -> None:
        """The next requests of this kind are carried out and raise all the same."""
        self._faults[method, name] = _Fault(error, None, True, times)

    def spoil(self, method: str, name: str, reason: str, times: int = 1) -> None:
        """The next requests of this kind are accepted, and their work ends in *_FAILED."""
        self._faults[method, name] = _Fault(None, reason, True, times)

    def seed(
        self, request: StackRequest, status: str = "CREATE_COMPLETE", reason: str = ""
    ) -> LiveStack:
        """A stack that is there already, in this state since now."""
        with self._lock:
            stack = self._new(request)
            stack.action, _, stack.status = status.partition("_")
            stack.reason = reason
            for resource in stack.resources.values():
                resource.state = (stack.action, stack.status)
            stack.due = self._due(stack) if stack.status == "IN_PROGRESS" else None
            stack.events.append(StackEvent(status, self.clock.now(), reason))
            return live(stack)

    def settle(self) -> None:
        """Let time pass until nothing is in progress."""
        with self._lock:
            while pending := [s for s in self._here() if s.due or s.gone]:
                ends = [moment for s in pending if (moment := s.due or s.gone)]
                self.clock.sleep(max(0.0, (max(ends) - self.clock.now()).total_seconds()))
                self._advance()

    # The protocol

    def listing(self) -> LiveProject:
        """All stacks, oldest first."""
        with self._request("listing", ""):
            return replace(self._empty, stacks=tuple(live(stack) for stack in self._here()))

    def find(self, name: str) -> LiveStack | None:
        """The stack that holds this name."""
        with self._request("find", name):
            stack = self._holder(name)
            return live(stack) if stack else None

    def create(self, request: StackRequest) -> str:
        """Accept a new stack."""
        with self._request("create", request.name) as spoiled:
            if self._holder(request.name):
                raise _conflict(request.name)
            check_parameters(request)
            stack = self._new(request)
            self._start(stack, "CREATE", spoiled)
            stack.updated = None
            return stack.id

    def check_create(self, request: StackRequest) -> None:
        """Validate parameters."""
        with self._request("check_create", request.name):
            check_parameters(request)

    def update(self, stack: LiveStack, request: StackRequest) -> None:
        """Replace everything, tags included, when accepted."""
        with self._request("update", stack.name) as spoiled:
            found = self._updatable(stack)
            check_parameters(request)
            found.template, found.environment = copy(request.template), copy(request.environment)
            found.files, found.tags = dict(request.files), request.tags
            self._start(found, "UPDATE", spoiled)

    def patch(self, stack: LiveStack, request: TagRequest) -> None:
        """Merge the environment, replace the tags if any are given."""
        with self._request("patch", stack.name) as spoiled:
            found = self._updatable(stack)
            found.environment = merged(found.environment, copy(request.environment))
            found.tags = request.tags or found.tags
            self._start(found, "UPDATE", spoiled)

    def suspend(self, stack: LiveStack) -> None:
        """Suspend; on a suspended stack nothing happens."""
        self._act("suspend", stack)

    def resume(self, stack: LiveStack) -> None:
        """Resume; on a resumed stack nothing happens."""
        self._act("resume", stack)

    def delete(self, stack: LiveStack) -> None:
        """Delete, whatever the state; a stack that is gone already is as good."""
        with self._request("delete", stack.name) as spoiled:
            found = next((s for s in self._here() if s.id == stack.id), None)
            if found and found.state != "DELETE_COMPLETE":
                self._start(found, "DELETE", spoiled)

    def resources(self, stack: LiveStack) -> tuple[StackResource, ...]:
        """All of them; this Heat has no nested stacks."""
        with self._request("resources", stack.name):
            return stack_resources(self._known(stack))

    def failed_resources(self, stack: LiveStack) -> tuple[FailedResource, ...]:
        """The failed ones; this Heat has no nested stacks."""
        with self._request("failed_resources", stack.name):
            return tuple(
                FailedResource(
                    path=name,
                    type=resource.type,
                    status="_".join(resource.state),
                    reason=resource.reason,
                    physical_id=physical_id(self._known(stack), name),
                    stack_id=stack.id,
                )
                for name, resource in self._known(stack).resources.items()
                if resource.state[1] == "FAILED"
            )

    def events(self, stack: LiveStack) -> tuple[StackEvent, ...]:
        """The stack's own, newest first."""
        with self._request("events", stack.name):
            return tuple(reversed(self._known(stack).events))

    def content(self, stack: LiveStack) -> LiveContent:
        """What was last sent, with what Heat adds and hides."""
        with self._request("content", stack.name):
            found = self._known(stack)
            hidden = {n for n, p in found.template.get("parameters", {}).items() if p.get("hidden")}
            shown: dict[str, Any] = {
                "resource_registry": {"resources": {}},
                "event_sinks": [],
                "encrypted_param_names": [],
                **found.environment,
            }
            for section in ("parameters", "parameter_defaults"):
                values = found.environment.get(section, {})
                shown[section] = {n: HIDDEN if n in hidden else v for n, v in values.items()}
            template = copy(found.template)
            if found.action == "DELETE":
                template["resources"] = {}
            return LiveContent(template, shown, dict(found.files))

    def outputs(self, stack: LiveStack) -> Mapping[str, JsonValue]:
        """Outputs of literals and `get_param`."""
        with self._request("outputs", stack.name):
            found = self._known(stack)
            outputs = found.template.get("outputs", {})
            return {key: resolved(entry["value"], found) for key, entry in outputs.items()}

    def properties(self, resource_type: str) -> Mapping[str, bool] | None:
        """Of OS::Heat::TestResource, as Heat tells them."""
        with self._request("properties", resource_type):
            if resource_type != "OS::Heat::TestResource":
                return None
            updatable = (
                "value fail update_replace client_name entity_name wait_secs "
                "action_wait_secs attr_wait_secs constraint_prop_secs"
            )
            return {**dict.fromkeys(updatable.split(), True), "update_replace_value": False}

    # How it works

    @contextmanager
    def _request(self, method: str, name: str) -> Iterator[str | None]:
        with self._lock:
            self.requests.append((method, name))
            self._advance()
            fault = self._faults.get((method, name))
            if fault:
                fault.times -= 1
                if fault.times == 0:
                    del self._faults[method, name]
                if fault.error and not fault.carried_out:
                    raise fault.error
            yield fault.spoil if fault else None
            if fault and fault.error:
                raise fault.error

    def _new(self, request: StackRequest) -> Stack:
        now = self.clock.now()
        stack = Stack(
            id=f"{self._empty.project_id}-{len(self._stacks) + 1}",
            name=request.name,
            action="CREATE",
            status="COMPLETE",
            reason="",
            tags=request.tags,
            created=now,
            template=copy(request.template),
            files=dict(request.files),
            environment=copy(request.environment),
        )
        stack.resources = resources(stack)
        self._stacks.append(stack)
        return stack

    def _start(self, stack: Stack, action: str, spoiled: str | None) -> None:
        stack.action, stack.status = action, "IN_PROGRESS"
        stack.reason = f"Stack {action} started"
        stack.updated = self.clock.now()
        stack.spoiled = spoiled
        stack.due = self._due(stack)
        stack.events.append(StackEvent(stack.state, self.clock.now(), stack.reason))

    def _due(self, stack: Stack) -> datetime:
        seconds = self.durations.get(stack.name, self.duration)
        return self.clock.now() + timedelta(seconds=seconds)

    def _act(self, method: str, stack: LiveStack) -> None:
        with self._request(method, stack.name) as spoiled:
            found = next((s for s in self._here() if s.id == stack.id), None)
            if not found:
                raise _missing(stack.name)
            # Heat accepts it and may never finish it (README of appstore, fact 3.3).
            assert found.status != "IN_PROGRESS", f"{method} sent into {found.state}"
            if found.state != f"{method.upper()}_COMPLETE":
                self._start(found, method.upper(), spoiled)

    def _advance(self) -> None:
        now = self.clock.now()
        for stack in self._here():
            if stack.due and stack.due <= now:
                at, stack.due = stack.due, None
                self._finish(stack, at)
            if stack.gone and stack.gone <= now:
                stack.gone = None

    def _finish(self, stack: Stack, at: datetime) -> None:
        failure = carry_out(stack) or stack.spoiled
        stack.status = "FAILED" if failure else "COMPLETE"
        stack.reason = failure or f"Stack {stack.action} completed successfully"
        stack.events.append(StackEvent(stack.state, at, stack.reason))
        if stack.state == "DELETE_COMPLETE":
            stack.gone = at + LIMBO

    def _here(self) -> list[Stack]:
        return [s for s in self._stacks if s.state != "DELETE_COMPLETE" or s.gone]

    def _holder(self, name: str) -> Stack | None:
        return next((stack for stack in self._here() if stack.name == name), None)

    def _known(self, stack: LiveStack) -> Stack:
        """Heat tells of a deleted stack by its id."""
        return next(found for found in self._stacks if found.id == stack.id)

    def _updatable(self, stack: LiveStack) -> Stack:
        found = next((s for s in self._here() if s.id == stack.id), None)
        if not found:
            raise _missing(stack.name)
        blocked = {"SUSPEND": "suspended", "DELETE": "deleting"}.get(found.action)
        if blocked:
            raise Rejected(
                f"Updating a stack when it is {blocked} is not supported.",
                status=400,
                type_="NotSupported",
            )
        return found


def _conflict(name: str) -> Conflict:
    return Conflict(f"The Stack ({name}) already exists.", status=409, type_="StackExists")


def _missing(name: str) -> Missing:
    return Missing(f"The Stack ({name}) could not be found.", status=404, type_="EntityNotFound")
