"""What a stand-in stack is, and how the work on one ends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from appstore.cloud.errors import Rejected
from appstore.reconcile.live import LiveStack, StackEvent
from appstore.reconcile.request import StackRequest


@dataclass
class Resource:
    """`state` is (action, status) as Heat keeps it."""

    type: str
    properties: Mapping[str, Any]
    state: tuple[str, str] = ("INIT", "COMPLETE")
    reason: str = ""


@dataclass
class Stack:
    """A row of Heat's database; `due` is when its work ends, `gone` when its name is free."""

    id: str
    name: str
    action: str
    status: str
    reason: str
    tags: frozenset[str]
    created: datetime
    template: dict[str, Any]
    files: dict[str, str]
    environment: dict[str, Any]
    updated: datetime | None = None
    due: datetime | None = None
    gone: datetime | None = None
    spoiled: str | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    events: list[StackEvent] = field(default_factory=list)

    @property
    def state(self) -> str:
        """`ACTION_STATUS`."""
        return f"{self.action}_{self.status}"


def carry_out(stack: Stack) -> str | None:
    """Do the action's work on the resources; the reason if it failed."""
    if stack.action in ("CREATE", "UPDATE"):
        return _converge(stack)
    for name, resource in stack.resources.items():
        if stack.spoiled:
            resource.state, resource.reason = (stack.action, "FAILED"), stack.spoiled
            return f"Resource {stack.action} failed: {stack.spoiled}"
        if not _fit(stack.action, *resource.state):
            return (
                f"Resource {stack.action} failed: Error: resources.{name}: "
                f"State {resource.state} invalid for {stack.action.lower()}"
            )
        resource.state = (stack.action, "COMPLETE")
    return None


def _fit(action: str, was: str, status: str) -> bool:
    """Whether a resource that ended so may be acted on (heat/engine/resource.py)."""
    match action:
        case "SUSPEND":
            return was == "SUSPEND" or status == "COMPLETE"
        case "RESUME":
            return was == "RESUME" or (was, status) == ("SUSPEND", "COMPLETE")
        case _:
            return True


def _converge(stack: Stack) -> str | None:
    """Bring the resources to the template, one after the other until one fails."""
    before, after = stack.resources, resources(stack)
    guards = stack.environment.get("resource_registry", {}).get("resources", {})
    stack.resources = {**after, **{name: before[name] for name in after if name in before}}
    for name, wanted in after.items():
        now = before.get(name)
        if now and now.state[1] == "FAILED" and _guarded(guards.get(name, {})):
            return (
                f"Resource {stack.action} failed: ResourceActionRestricted: "
                f"resources.{name}: replace is restricted for resource."
            )
        fresh = now is None or now.state[1] != "COMPLETE" or now.state[0] == "INIT"
        if now and now.properties == wanted.properties and not (fresh or stack.spoiled):
            continue
        stack.resources[name] = wanted
        failure = stack.spoiled
        if wanted.type == "OS::Heat::TestResource" and wanted.properties.get("fail"):
            failure = f"ValueError: resources.{name}: Test Resource failed {name}"
        wanted.state = ("CREATE" if fresh else "UPDATE", "FAILED" if failure else "COMPLETE")
        if failure:
            wanted.reason = failure
            return f"Resource {stack.action} failed: {failure}"
    return None


def _guarded(entry: Mapping[str, Any]) -> bool:
    restricted = entry.get("restricted_actions", ())
    return "replace" in ([restricted] if isinstance(restricted, str) else restricted)


def resources(stack: Stack) -> dict[str, Resource]:
    """What the template and the parameters ask for, not begun."""
    return {
        name: Resource(entry["type"], resolved(entry.get("properties", {}), stack))
        for name, entry in stack.template.get("resources", {}).items()
    }


def resolved(value: Any, stack: Stack) -> Any:
    """The value with parameters put in."""
    match value:
        case {"get_param": str(name)}:
            default = stack.template["parameters"][name].get("default")
            return stack.environment.get("parameters", {}).get(name, default)
        case dict():
            return {key: resolved(item, stack) for key, item in value.items()}
        case list():
            return [resolved(item, stack) for item in value]
        case _:
            return value


def check_parameters(request: StackRequest) -> None:
    """Raise Rejected as Heat does."""
    declared: Any = request.template.get("parameters", {})
    given: Any = request.environment.get("parameters", {})
    for name in given:
        if name not in declared:
            raise Rejected(
                f"The Parameter ({name}) was not defined in template.",
                status=400,
                type_="UnknownUserParameter",
            )
    for name, entry in declared.items():
        if name not in given and "default" not in entry:
            raise Rejected(
                f"The Parameter ({name}) was not provided.",
                status=400,
                type_="UserParameterMissing",
            )


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """An environment that a PATCH sends, laid over the old one."""
    both = dict(old)
    for key, value in new.items():
        match both.get(key), value:
            case dict() as known, dict():
                both[key] = merged(known, value)
            case _:
                both[key] = value
    return both


def copy(value: Any) -> Any:
    """What arrives at the other end of a JSON request."""
    return json.loads(json.dumps(value))


def live(stack: Stack) -> LiveStack:
    """The row that a listing shows."""
    return LiveStack(
        id=stack.id,
        name=stack.name,
        status=stack.state,
        reason=stack.reason,
        tags=stack.tags,
        created=stack.created,
        updated=stack.updated,
    )
