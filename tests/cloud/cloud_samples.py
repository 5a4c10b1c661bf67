"""What the cloud tests share: a stack whose fate is a parameter, time that really passes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import uuid4

from appstore.apply.protocols import Clock, Heat
from appstore.cloud.credentials import Credential, Password
from appstore.reconcile.live import LiveStack
from appstore.reconcile.request import StackRequest

TEMPLATE: dict[str, Any] = {
    "heat_template_version": "2018-08-31",
    "parameters": {
        "value": {"type": "string"},
        "fail": {"type": "boolean", "default": False},
        "wait": {"type": "number", "default": 0},
        "secret": {"type": "string", "default": "none", "hidden": True},
    },
    "resources": {
        "lab": {
            "type": "OS::Heat::TestResource",
            "properties": {
                "value": {"get_param": "value"},
                "fail": {"get_param": "fail"},
                "wait_secs": {"get_param": "wait"},
            },
        }
    },
    "outputs": {"url": {"value": {"get_param": "value"}}},
}
GUARD = {"resources": {"lab": {"restricted_actions": "replace"}}}


def run_id() -> str:
    """A global request id as a run makes it."""
    return f"req-{uuid4()}"


def password_credential(url: str) -> Credential:
    """A user with a password at a Keystone of this address."""
    user = Password(None, "appstore", None, "Default", password="pass-of-appstore")
    return Credential(
        entry="campus",
        cloud="campus",
        user="user 'appstore'",
        auth_url=f"{url}/v3",
        plugin=user.plugin(f"{url}/v3"),
        password=user,
        bound=False,
        region="RegionOne",
        interface="public",
        endpoint=None,
        verify=True,
        cert=None,
    )


class RealClock:
    """The clock of the wall."""

    def now(self) -> datetime:
        """The present, UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait for a real Heat."""
        Event().wait(min(seconds, 0.15))


@dataclass(frozen=True)
class Bench:
    """A Heat to try, and names in it that are ours alone."""

    heat: Heat
    clock: Clock
    prefix: str

    def request(
        self, name: str = "one", tags: str = "appstore spec-1", guard: bool = False, **values: Any
    ) -> StackRequest:
        """A whole request; `values` are parameters."""
        environment: dict[str, Any] = {
            "parameters": {"value": "v1", **values},
            "parameter_defaults": {"appstore_written": "{}"},
        }
        if guard:
            environment["resource_registry"] = GUARD
        return StackRequest(
            name=f"{self.prefix}{name}",
            template=TEMPLATE,
            files={"notes.txt": "first\r\nsecond"},
            environment=environment,
            tags=frozenset(tags.split()),
            timeout_minutes=5,
        )

    def look(self, name: str = "one") -> LiveStack:
        """The stack as it is now."""
        stack = self.heat.find(f"{self.prefix}{name}")
        assert stack
        return stack

    def created(self, **values: Any) -> LiveStack:
        """A stack after its create has ended."""
        self.heat.create(self.request(**values))
        return self.settled()

    def settled(self, name: str = "one") -> LiveStack:
        """The stack once nothing is in progress."""
        for _ in range(400):
            stack = self.look(name)
            if not stack.status.endswith("_IN_PROGRESS"):
                return stack
            self.clock.sleep(1)
        raise AssertionError(f"{stack} never settled")

    def freed(self, name: str = "one") -> None:
        """Return once the name is free."""
        for _ in range(400):
            if self.heat.find(f"{self.prefix}{name}") is None:
                return
            self.clock.sleep(0.1)
        raise AssertionError(f"{name} never went away")
