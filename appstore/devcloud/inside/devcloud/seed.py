"""`python -P -m devcloud.seed STATE WHAT`: fills the running cloud through its public APIs.

Each step looks first and makes only what is missing, so a seed that was killed is run again.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keystoneauth1 import session
from keystoneauth1.identity import v3


@dataclass(frozen=True)
class Cloud:
    """The administrator's view of the cloud that a state folder describes."""

    told: dict[str, Any]
    session: Any

    def url(self, service: str) -> str:
        """The root of a service's API."""
        return f"http://127.0.0.1:{self.told['ports'][service]}"

    def has(self, service: str) -> bool:
        """Whether this variant of the cloud runs the service."""
        return service in self.told["ports"]

    def call(self, method: str, url: str, body: Any = None, **query: str) -> Any:
        """The answer's document; 409 counts as an answer, since it says that the thing is there."""
        answer = self.session.request(url, method, json=body, params=query, raise_exc=False)
        if answer.status_code >= 400 and answer.status_code != 409:
            sys.exit(f"{method} {url} -> {answer.status_code} {answer.text[:400]}")
        return answer.json() if answer.content else None


def cloud(state: Path) -> Cloud:
    """The cloud in that state folder."""
    told = json.loads((state / "devcloud.json").read_text())
    auth = v3.Password(
        auth_url=f"http://127.0.0.1:{told['ports']['keystone']}/v3",
        username="admin",
        password=told["secrets"]["admin"],
        project_name="admin",
        user_domain_name="Default",
        project_domain_name="Default",
    )
    return Cloud(told, session.Session(auth=auth))


if __name__ == "__main__":
    for name in sys.argv[2:]:
        importlib.import_module(f".seed_{name}", __package__).plant(cloud(Path(sys.argv[1])))
