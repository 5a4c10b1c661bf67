"""What apply needs of the world; `cloud` fits these shapes, and so does the tests' stand-in."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from appstore.documents.marks import JsonValue
from appstore.reconcile.live import FailedResource, LiveProject, LiveStack, StackEvent
from appstore.reconcile.request import LiveContent, StackRequest, TagRequest
from appstore.reconcile.things import StackResource, Thing, ThingKind


class Clock(Protocol):
    """Time, handed in."""

    def now(self) -> datetime:
        """The present, aware, UTC."""

    def sleep(self, seconds: float) -> None:
        """Return after about this time, earlier when the run is asked to stop."""


class Leftovers(Protocol):
    """What the other services of one project list, to see that a delete left nothing."""

    def listed(self, kinds: Collection[ThingKind]) -> tuple[Thing, ...]:
        """Everything of these kinds; nothing of those that the cloud has no service for.

        One listing for each kind; raises `appstore.cloud.errors.CloudError` when one fails.
        """


class Heat(Protocol):
    """One project's Heat; every method may raise `appstore.cloud.errors.CloudError`."""

    @property
    def leftovers(self) -> Leftovers:
        """What the services list in which Heat makes the resources of this project's stacks."""

    def listing(self) -> LiveProject:
        """All stacks of the project, every page."""

    def find(self, name: str) -> LiveStack | None:
        """The stack of this name, or None once the name is free (404)."""

    def create(self, request: StackRequest) -> str:
        """POST; returns the new stack's id."""

    def check_create(self, request: StackRequest) -> None:
        """POST /stacks/preview under an unused name: validates, changes nothing."""

    def update(self, stack: LiveStack, request: StackRequest) -> None:
        """PUT: the whole wanted state."""

    def patch(self, stack: LiveStack, request: TagRequest) -> None:
        """PATCH: tags and guards; template, files and parameters stay."""

    def suspend(self, stack: LiveStack) -> None:
        """Ask Heat to suspend."""

    def resume(self, stack: LiveStack) -> None:
        """Ask Heat to resume."""

    def delete(self, stack: LiveStack) -> None:
        """Ask Heat to delete; asynchronous, safe to repeat."""

    def resources(self, stack: LiveStack) -> tuple[StackResource, ...]:
        """All leaves, by one `resources?nested_depth=5` call; none once the stack is deleted."""

    def failed_resources(self, stack: LiveStack) -> tuple[FailedResource, ...]:
        """The failed leaves, by one `resources?nested_depth=5&status=FAILED` call."""

    def events(self, stack: LiveStack) -> tuple[StackEvent, ...]:
        """The stack's own events, newest first."""

    def content(self, stack: LiveStack) -> LiveContent:
        """Template, environment and files as last sent."""

    def outputs(self, stack: LiveStack) -> Mapping[str, JsonValue]:
        """Resolved outputs by key; those with an error are left out."""

    def properties(self, resource_type: str) -> Mapping[str, bool] | None:
        """`update_allowed` by property of a resource type; None where Heat does not know it."""
