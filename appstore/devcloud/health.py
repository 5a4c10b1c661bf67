"""Whether a service answers."""

from __future__ import annotations

import http.client
from dataclasses import dataclass

from appstore.devcloud.shape import HOST, Service


@dataclass(frozen=True)
class Answer:
    """What a service said: `trouble` is empty when all is well, `note` is worth knowing anyway."""

    trouble: str = ""
    note: str = ""


def ask(service: Service, port: int, seconds: float = 5.0) -> Answer:
    """The service's answer.

    Each service names itself in the `Server` header: that tells it from a stranger on its port.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request("GET", service.health)
        response = connection.getresponse()
        if response.getheader("Server") != f"devcloud-{service.name}":
            return Answer("another program answers on its port")
        trouble = f"HTTP {response.status}" if response.status >= 500 else ""
        return Answer(trouble, response.getheader("Devcloud-Note", ""))
    except ConnectionRefusedError:
        return Answer("nothing listens on its port")
    except (OSError, http.client.HTTPException) as error:
        return Answer(f"no answer: {error or type(error).__name__}")
    finally:
        connection.close()


def answers(service: Service, port: int) -> bool:
    """Whether the service is well."""
    return not ask(service, port).trouble
