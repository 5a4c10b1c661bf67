"""The real Heat, and how what we say of a resource is found again in what happened to it."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
import yaml
from effects_samples import Template, values

from appstore.cloud.heat import failed_leaves
from appstore.reconcile.difference import Difference, Effect
from appstore.reconcile.effects import difference, needed_types
from appstore.reconcile.request import LiveContent
from appstore.wanted.environment import environment
from appstore.wanted.spec import Spec


def api(clouds_yaml: str, cloud: str, service: str) -> Any:
    """A keystoneauth adapter for one service, as the user of one entry of clouds.yaml."""
    from keystoneauth1.adapter import Adapter
    from keystoneauth1.identity.v3 import Password
    from keystoneauth1.session import Session

    auth = yaml.safe_load(clouds_yaml)["clouds"][cloud]["auth"]
    return Adapter(Session(Password(**auth)), service_type=service)


class Heat:
    """Just enough of the API, over plain keystoneauth."""

    def __init__(self, clouds_yaml: str) -> None:
        self.api = api(clouds_yaml, "devcloud", "orchestration")
        self._schemas: dict[str, dict[str, bool]] = {}

    def _send(self, call: Callable[..., Any], path: str, of: Spec, **more: object) -> None:
        body = {
            "template": of.template,
            "files": of.files,
            "environment": environment(of, values(of.parameters)),
            **more,
        }
        call(path, json=body)

    def create(self, name: str, of: Spec) -> None:
        self._send(self.api.post, "/stacks", of, stack_name=name)

    def update(self, name: str, of: Spec) -> None:
        self._send(self.api.put, f"/stacks/{name}/{self.stack(name)['id']}", of)

    def delete(self, name: str) -> None:
        """Ask for it; nobody waits, and one that is gone is as good."""
        stack = self.api.get(f"/stacks/{name}", raise_exc=False)
        if stack.ok:
            self.api.delete(f"/stacks/{name}/{stack.json()['stack']['id']}")

    def stack(self, name: str) -> Template:
        """Heat's row of one stack."""
        found: Template = self.api.get(f"/stacks/{name}").json()["stack"]
        return found

    def ended(self, name: str) -> tuple[str, str]:
        """Status and reason once nothing is in progress."""
        for _ in range(480):
            stack = self.stack(name)
            if not stack["stack_status"].endswith("IN_PROGRESS"):
                return stack["stack_status"], stack["stack_status_reason"]
            Event().wait(0.5)
        pytest.fail(f"{name} did not end")

    def wait(self, name: str, word: str) -> None:
        status, reason = self.ended(name)
        assert status == f"{word}_COMPLETE", (name, status, reason)

    def predicted(self, name: str, wanted: Spec) -> Difference:
        """What we say an update to this spec would do, from what Heat knows now."""
        live = self.content(name)
        rows = self.api.get(f"/stacks/{name}/resources?nested_depth=5&status=FAILED").json()
        failed = frozenset(one.path for one in failed_leaves(rows["resources"]))
        schemas = self.schemas(needed_types(live, wanted))
        half_done = self.stack(name)["stack_status"] == "UPDATE_FAILED"
        return difference(live, wanted, values(wanted.parameters), schemas, failed, half_done)

    def content(self, name: str) -> LiveContent:
        parts = (self.api.get(f"/stacks/{name}/{part}").json() for part in
                 ("template", "environment", "files"))  # fmt: skip
        return LiveContent(*parts)

    def ids(self, name: str) -> dict[str, str]:
        """Physical ids by path, members of groups as in our effects."""
        rows = self.api.get(f"/stacks/{name}/resources?nested_depth=5").json()["resources"]
        found = {}
        for row in rows:
            href = next(link["href"] for link in row["links"] if link["rel"] == "stack")
            stack = href.split("/stacks/")[1].split("/")[0]
            found[stack, row["resource_name"]] = row
        nested = {
            next((link["href"] for link in row["links"] if link["rel"] == "nested"), "")
            .partition("/stacks/")[2]
            .split("/")[0]: key
            for key, row in found.items()
        }
        groups = {
            key for key, row in found.items() if row["resource_type"] == "OS::Heat::ResourceGroup"
        }

        def path(key: tuple[str, str]) -> str:
            parent = nested.get(key[0])
            if parent is None:
                return key[1]
            return f"{path(parent)}[{key[1]}]" if parent in groups else f"{path(parent)}/{key[1]}"

        return {path(key): row["physical_resource_id"] for key, row in found.items()}

    def schemas(self, kinds: frozenset[str]) -> dict[str, dict[str, bool]]:
        for kind in kinds - self._schemas.keys():
            properties = self.api.get(f"/resource_types/{kind}").json()["properties"]
            self._schemas[kind] = {
                name: bool(one.get("update_allowed")) for name, one in properties.items()
            }
        return self._schemas


def effect_on(path: str, found: Difference) -> Effect:
    """The effect said for one path; what is inside a new or deleted thing comes and goes with it.

    `[*]` stands for every member of which nothing more is said, `[1..2]` for two of them.
    """
    for way in (*(path[:at] for at, sign in enumerate(path) if sign == "/"), path):
        said = [one for one in found.effects if _matches(one.name, way)]
        said.sort(key=lambda one: "[*]" in one.name)
        if said and (way == path or said[0].effect in (Effect.ADDED, Effect.DELETED)):
            return said[0].effect
    return Effect.UNCHANGED


def as_said(effect: Effect, before: str | None, after: str | None) -> bool:
    """Whether physical ids before and after an update, None for none, are those of the effect."""
    match effect:
        case Effect.REPLACED:
            return None not in (before, after) and before != after
        case Effect.ADDED:
            return before is None
        case Effect.DELETED:
            return after is None
        case _:
            return before == after


def _matches(said: str, path: str) -> bool:
    for at, there in zip(said.split("/"), path.split("/"), strict=False):
        group, _, members = at.rstrip("]").partition("[")
        name, _, index = there.rstrip("]").partition("[")
        first, _, last = members.partition("..")
        if group != name or bool(members) != bool(index):
            return False
        if members not in ("", "*") and not int(first) <= int(index) <= int(last or first):
            return False
    return said.count("/") == path.count("/")
