"""What a credential may do in one project, learnt without doing any of it.

Heat's answer to a request that cannot succeed tells it (README of appstore, fact 6.4), and nothing
happens either way.
"""

from collections.abc import Mapping
from enum import StrEnum

from keystoneauth1 import exceptions
from keystoneauth1.adapter import Adapter

_NOWHERE = "/stacks/appstore-doctor/00000000-0000-4000-8000-000000000000"


class Act(StrEnum):
    """What may be done to stacks."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SUSPEND = "suspend"
    RESUME = "resume"
    CHECK = "check"


_REQUESTS: Mapping[Act, tuple[str, str, Mapping[str, object] | None]] = {
    Act.CREATE: ("POST", "/stacks", {}),
    Act.UPDATE: ("PUT", _NOWHERE, {"template": {}}),
    Act.DELETE: ("DELETE", _NOWHERE, None),
    Act.SUSPEND: ("POST", f"{_NOWHERE}/actions", {"suspend": None}),
    Act.RESUME: ("POST", f"{_NOWHERE}/actions", {"resume": None}),
    Act.CHECK: ("POST", f"{_NOWHERE}/actions", {"check": None}),
}


def permits(heat: Adapter) -> Mapping[Act, bool | None]:
    """Whether each act is permitted; None where the answer does not tell.

    Raises keystoneauth1.exceptions when Heat is not reached or the login fails.
    """
    return {act: _permitted(heat, *request) for act, request in _REQUESTS.items()}


def _permitted(
    heat: Adapter, method: str, path: str, body: Mapping[str, object] | None
) -> bool | None:
    try:
        heat.request(path, method, **({} if body is None else {"json": body}))
    except exceptions.Forbidden:
        return False
    except (exceptions.NotFound, exceptions.BadRequest):
        return True
    except exceptions.HttpError:
        return None
    return None  # such a request cannot succeed, so this is not Heat as we know it
