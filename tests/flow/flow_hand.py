"""Somebody with an account of their own in the project, and with `openstack` in hand."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from heatclient.v1.client import Client
from keystoneauth1 import session
from keystoneauth1.identity import v3

from appstore.devcloud.waiting import until


class Somebody:
    """The user lecturer-a of the embedded cloud, who is not the user that the command logs in as.

    `heat` is python-heatclient, which `openstack stack ...` calls in the same way.
    """

    def __init__(self, clouds_yaml: Path) -> None:
        told = yaml.safe_load(clouds_yaml.read_text())["clouds"]["lecturer-a"]["auth"]
        self.session = session.Session(auth=v3.Password(**told))
        # Any: heatclient is untyped.
        self.heat: Any = Client(
            session=self.session, service_type="orchestration", interface="public"
        )

    def settled(self, name: str) -> str:
        """The stack's status once nothing is in progress; empty when it is gone."""
        seen = [""]

        def rests() -> bool:
            seen[0] = self._status(name)
            return not seen[0].endswith("_IN_PROGRESS") and seen[0] != "DELETE_COMPLETE"

        assert until(rests, 60)
        return seen[0]

    def _status(self, name: str) -> str:
        rows = self.heat.stacks.list(filters={"name": name})
        return next((str(row.stack_status) for row in rows), "")

    def events(self, stack_ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
        """All events of these stacks by id: the stack, the resource, and its status."""
        found = {}
        for stack_id in stack_ids:
            for event in self.heat.events.list(stack_id, resource_name=None, limit=1000):
                key = (stack_id, str(event.resource_name), str(event.resource_status))
                found[str(event.id)] = key
        return found

    def servers(self) -> list[dict[str, Any]]:
        """All servers of the project."""
        where: Any = {"service_type": "compute", "interface": "public"}
        answer = self.session.get("/servers/detail", endpoint_filter=where)
        return list(json.loads(answer.text)["servers"])


def begun(events: Iterable[tuple[str, str, str]], *verbs: str) -> Counter[tuple[str, str, str]]:
    """How often each of these was begun with each resource of each stack."""
    return Counter(each for each in events if each[2] in {f"{verb}_IN_PROGRESS" for verb in verbs})
