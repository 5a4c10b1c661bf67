"""One project's Heat, as apply and plan need it; nothing is remembered but resource types."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from keystoneauth1.adapter import Adapter

from appstore.cloud.errors import Missing, Rejected
from appstore.cloud.leftovers import ProjectThings
from appstore.cloud.listing import Row, live_stack, moment, read_listing
from appstore.cloud.projects import Project
from appstore.cloud.translate import translated
from appstore.documents.marks import JsonValue
from appstore.reconcile.live import FailedResource, LiveProject, LiveStack, StackEvent
from appstore.reconcile.request import LiveContent, StackRequest, TagRequest
from appstore.reconcile.things import StackResource

# Heat's own limit of nesting (max_nested_stack_depth).
DEEPEST = 5
NEWEST_EVENTS = 200


class ProjectHeat:
    """`appstore.apply.protocols.Heat` over python-heatclient; every method raises CloudError.

    May be used by many threads at once. `heat` is bound to the project's token.
    """

    def __init__(self, heat: Adapter, cloud: str, project: Project) -> None:
        self.project = project
        self._heat = heat
        self._cloud = cloud
        self._types: dict[str, Mapping[str, bool] | None] = {}

    # Any: heatclient is untyped.
    @cached_property
    def _client(self) -> Any:
        # Its import costs 0.2 s, which a listing does without.
        from heatclient.v1.client import Client

        return Client(
            session=self._heat.session,
            auth=self._heat.auth,
            service_type=self._heat.service_type,
            interface=self._heat.interface,
            endpoint_override=self._heat.endpoint_override,
            region_name=self._heat.region_name,
        )

    @cached_property
    def leftovers(self) -> ProjectThings:
        """What the project's other services list, with the same token."""
        heat = self._heat

        def service(type_: str) -> Adapter:
            return Adapter(
                heat.session,
                auth=heat.auth,
                service_type=type_,
                interface=heat.interface,
                region_name=heat.region_name,
            )

        return ProjectThings(service, self._cloud, self.project)

    def listing(self) -> LiveProject:
        """All stacks of the project, every page."""
        return read_listing(self._heat, self._cloud, self.project)

    def find(self, name: str) -> LiveStack | None:
        """The stack of this name; None only once Heat answers 404: before, the name is taken."""
        try:
            with self._asking(f"the look at stack '{name}'"):
                # Heat redirects to the address with the id; only that is taken from it.
                moved = self._heat.get(f"/stacks/{name}", redirect=False)
                stack_id = urlsplit(moved.headers["Location"]).path.rsplit("/", 1)[-1]
                answer = self._heat.get(
                    f"/stacks/{name}/{stack_id}", params={"resolve_outputs": "False"}
                )
                return live_stack(answer.json()["stack"])
        except Missing:
            return None

    def create(self, request: StackRequest) -> str:
        """POST; returns the id. Conflict: the name is taken, perhaps by this very request."""
        with self._asking(f"the creation of stack '{request.name}'"):
            body = self._client.stacks.create(stack_name=request.name, **_whole(request))
            return str(body["stack"]["id"])

    def check_create(self, request: StackRequest) -> None:
        """POST /stacks/preview: Heat validates, also for a reader, and changes nothing."""
        with self._asking(f"the check of stack '{request.name}'"):
            # An existing name would be answered with 409.
            self._client.stacks.preview(stack_name=f"check-{uuid4().hex}", **_whole(request))

    def update(self, stack: LiveStack, request: StackRequest) -> None:
        """PUT: the whole wanted state."""
        with self._asking(f"the update of stack '{stack.name}'"):
            self._client.stacks.update(_path(stack), **_whole(request))

    def patch(self, stack: LiveStack, request: TagRequest) -> None:
        """PATCH: tags and guards; template, files and parameters stay."""
        with self._asking(f"the tagging of stack '{stack.name}'"):
            self._client.stacks.update(
                _path(stack),
                existing=True,
                environment=request.environment,
                disable_rollback=True,
                **_tagged(request.tags),
            )

    def suspend(self, stack: LiveStack) -> None:
        """Ask Heat to suspend."""
        with self._asking(f"the suspension of stack '{stack.name}'"):
            self._client.actions.suspend(_path(stack))

    def resume(self, stack: LiveStack) -> None:
        """Ask Heat to resume."""
        with self._asking(f"the resumption of stack '{stack.name}'"):
            self._client.actions.resume(_path(stack))

    def delete(self, stack: LiveStack) -> None:
        """Ask Heat to delete; a stack that is gone already is as good."""
        try:
            with self._asking(f"the deletion of stack '{stack.name}'"):
                self._client.stacks.delete(_path(stack))
        except Missing:
            return

    def resources(self, stack: LiveStack) -> tuple[StackResource, ...]:
        """All leaves, by one call; none once the stack is deleted."""
        with self._asking(f"the look at the resources of stack '{stack.name}'"):
            rows = self._client.resources.list(_path(stack), nested_depth=DEEPEST)
            return tuple(
                StackResource(path, str(row["resource_type"]), _physical_id(row))
                for path, row in leaves([row.to_dict() for row in rows])
            )

    def failed_resources(self, stack: LiveStack) -> tuple[FailedResource, ...]:
        """The failed leaves, by one call."""
        with self._asking(f"the look at the resources of stack '{stack.name}'"):
            rows = self._client.resources.list(_path(stack), nested_depth=DEEPEST, status="FAILED")
            return failed_leaves([row.to_dict() for row in rows])

    def events(self, stack: LiveStack) -> tuple[StackEvent, ...]:
        """The stack's own events, newest first."""
        with self._asking(f"the look at the events of stack '{stack.name}'"):
            rows = self._client.events.list(
                _path(stack),
                resource_name=None,
                filters={"resource_name": stack.name},
                sort_dir="desc",
                limit=NEWEST_EVENTS,
            )
            return tuple(
                StackEvent(
                    status=str(row.resource_status),
                    at=moment(row.event_time),
                    reason=str(row.resource_status_reason or ""),
                )
                for row in rows
                # A resource may have the stack's name.
                if row.physical_resource_id == stack.id
            )

    def content(self, stack: LiveStack) -> LiveContent:
        """Template, environment and files as last sent, in three GETs."""
        with self._asking(f"the reading of stack '{stack.name}'"):
            stacks = self._client.stacks
            return LiveContent(
                template=_mapping(stacks.template(_path(stack))),
                environment=_mapping(stacks.environment(_path(stack))),
                files=_mapping(stacks.files(_path(stack))),
            )

    def outputs(self, stack: LiveStack) -> Mapping[str, JsonValue]:
        """Resolved outputs by key; those with an error are left out."""
        with self._asking(f"the reading of the outputs of stack '{stack.name}'"):
            rows = self._client.stacks.get(_path(stack)).to_dict()["outputs"]
            return {
                row["output_key"]: row["output_value"]
                for row in rows
                if not row.get("output_error")
            }

    def properties(self, resource_type: str) -> Mapping[str, bool] | None:
        """`update_allowed` by property; None where Heat, or the cloud behind it, lacks the type."""
        if resource_type not in self._types:
            self._types[resource_type] = self._read_properties(resource_type)
        return self._types[resource_type]

    def _read_properties(self, resource_type: str) -> Mapping[str, bool] | None:
        try:
            with self._asking(f"the look at resource type {resource_type}"):
                schema = self._client.resource_types.get(resource_type)["properties"]
                return {name: bool(entry["update_allowed"]) for name, entry in schema.items()}
        # 400 where the service is missing (README of appstore, fact 5.4).
        except (Missing, Rejected):
            return None

    def _asking(self, doing: str) -> AbstractContextManager[None]:
        return translated(self._cloud, f"{doing} in project '{self.project.name}'")


def failed_leaves(rows: Sequence[Row]) -> tuple[FailedResource, ...]:
    """The rows that hold no nested stack, as what failed."""
    return tuple(
        FailedResource(
            path=path,
            type=str(row["resource_type"]),
            status=str(row["resource_status"]),
            reason=str(row["resource_status_reason"] or ""),
            physical_id=_physical_id(row),
            stack_id=_link(row, "stack").rsplit("/", 1)[-1],
        )
        for path, row in leaves(rows)
    )


def leaves(rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """The rows that hold no nested stack, each with its path through the nested ones."""
    holders = {_link(row, "nested"): row for row in rows if _link(row, "nested")}

    def path(row: Row) -> str:
        holder = holders.get(_link(row, "stack"))
        # The holder is missing where only the failed rows were asked for and it is not one.
        outer = path(holder) if holder else row.get("parent_resource")
        return f"{outer}/{row['resource_name']}" if outer else str(row["resource_name"])

    return ((path(row), row) for row in rows if not _link(row, "nested"))


def _physical_id(row: Row) -> str:
    return str(row["physical_resource_id"] or "")


def _link(row: Row, rel: str) -> str:
    return next((str(link["href"]) for link in row["links"] if link["rel"] == rel), "")


def _path(stack: LiveStack) -> str:
    """The canonical address; name or id alone would cost a redirect."""
    return f"{stack.name}/{stack.id}"


# Any: an answer of Heat.
def _mapping(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise TypeError("not an object")
    return body


def _tagged(tags: frozenset[str]) -> dict[str, str]:
    """One comma-joined string: Heat answers a JSON list with 400, an empty text is a tag too."""
    return {"tags": ",".join(sorted(tags))} if tags else {}


def _whole(request: StackRequest) -> dict[str, object]:
    return {
        "template": request.template,
        "files": request.files,
        "environment": request.environment,
        "timeout_mins": request.timeout_minutes,
        "disable_rollback": True,
        **_tagged(request.tags),
    }
