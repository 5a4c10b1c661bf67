"""How often and how long a forge is asked again, the same for both client libraries.

Both send their requests through urllib3, so that this is one of its retry policies: it decides by
the documented headers and waits by the clock that it was given. What is not safe to send twice is
not sent twice, except where the forge says that it did not even look at it (rate limits).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any  # urllib3 hands its own types through

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import MaxRetryError, ResponseError
from urllib3.util.retry import Retry

TRIES = 4
TIMEOUT = 20
"""Seconds for one answer."""
PATIENCE = 120.0
"""Seconds of waiting between requests, in a whole run."""
_SAFE = frozenset(["GET", "HEAD"])


@dataclass(slots=True)
class Rest:
    """The pauses of one run: `now` is in epoch seconds, `left` what may still be waited."""

    pause: Callable[[float], None]
    now: Callable[[], float]
    left: float = PATIENCE


class Patience(Retry):
    """Waits as long as the forge asks for, but no longer than the run can afford."""

    def __init__(self, rest: Rest, total: int = TRIES - 1, **kwargs: Any) -> None:
        kwargs |= {"allowed_methods": _SAFE, "raise_on_status": False}
        super().__init__(total=total, **kwargs)
        self.rest = rest

    def new(self, **kw: Any) -> "Patience":
        """The policy for the next try, as urllib3 asks for it."""
        return Patience(self.rest, total=kw["total"], history=kw.get("history"))

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether such an answer may be worth another try; `increment` looks closer."""
        return status_code in (403, 429) or (status_code >= 500 and method in _SAFE)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> "Patience":
        """The next try, or an end: then the answer goes to whoever asked."""
        seconds = self._seconds(response)
        if seconds is None or seconds > self.rest.left:
            raise MaxRetryError(_pool, url or "", error or ResponseError("not worth waiting"))
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        assert isinstance(following, Patience)
        return following

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait before the next try."""
        seconds = self._seconds(response) or 0.0
        self.rest.left -= seconds
        self.rest.pause(seconds)

    def _seconds(self, response: BaseHTTPResponse | None) -> float | None:
        """How long to wait; None where waiting would not help."""
        if response is None or response.status >= 500:
            return float(2 ** min(len(self.history), 4))
        if (asked := response.headers.get("Retry-After", "")).isdigit():
            return float(asked)
        remaining = response.headers.get("x-ratelimit-remaining")
        reset = response.headers.get("x-ratelimit-reset", "")
        if remaining == "0" and reset.isdigit():
            return max(0.0, int(reset) - self.rest.now())
        return None if response.status == 403 else float(2 ** min(len(self.history), 4))
