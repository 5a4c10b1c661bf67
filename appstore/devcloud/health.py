"""Whether a service answers."""

from __future__ import annotations

import http.client

from appstore.devcloud.shape import HOST, Service


def answer(service: Service, port: int, seconds: float = 5.0) -> str:
    """Why the service does not answer as it should; empty when it does.

    Each service names itself in the `Server` header: that tells it from a stranger on its port.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=seconds)
    try:
        connection.request("GET", service.health)
        response = connection.getresponse()
        if response.getheader("Server") != f"devcloud-{service.name}":
            return "another program answers on its port"
        return f"HTTP {response.status}" if response.status >= 500 else ""
    except ConnectionRefusedError:
        return "nothing listens on its port"
    except (OSError, http.client.HTTPException) as error:
        return f"no answer: {error or type(error).__name__}"
    finally:
        connection.close()
