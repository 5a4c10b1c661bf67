"""One HTTP session for all projects: connection pool, time limits, retries, a line in the log.

The retries are urllib3's, not keystoneauth's: those sleep as long as any Retry-After says, read it
only as an integer, leave out the token requests, and repeat every request whose answer was lost,
also the ones that must not be repeated.
"""

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from keystoneauth1 import exceptions
from keystoneauth1 import session as keystoneauth
from urllib3.exceptions import ConnectTimeoutError, InvalidHeader, MaxRetryError
from urllib3.util.retry import Retry
from urllib3.util.timeout import Timeout

from appstore.cloud.errors import Unreachable

CONNECT_SECONDS = 10.0
# Heat gives up on its own engine after 60 s (rpc_response_timeout).
ANSWER_SECONDS = 65.0
RETRY_AFTER_SECONDS = 30.0
CONNECTIONS = 32

# Turned away before any work began, so any request may be sent again.
_TURNED_AWAY = frozenset({429, 503})
# A gateway lost the answer; the request may have been carried out.
_ANSWER_LOST = frozenset({502, 504})
# Repeating these POSTs is harmless: a second create answers 409, the others change nothing.
_HARMLESS_POSTS = ("/auth/tokens", "/stacks", "/stacks/preview")

Cert = str | tuple[str, str] | None

log = logging.getLogger("appstore.cloud")


class Patience(Timeout):
    """How long one attempt may take: never beyond the run's deadline, if it has one.

    urllib3 clones it for every attempt, so a repeat gets what is left then.
    """

    def __init__(self, deadline: datetime | None) -> None:
        super().__init__(connect=CONNECT_SECONDS, read=ANSWER_SECONDS)
        self._deadline = deadline

    def clone(self) -> Timeout:
        """The times for an attempt that begins now."""
        left = seconds_left(self._deadline)
        return Timeout(connect=min(CONNECT_SECONDS, left), read=min(ANSWER_SECONDS, left))


def seconds_left(deadline: datetime | None) -> float:
    """Until the deadline, and a moment once it is over: no attempt takes no time."""
    if deadline is None:
        return float("inf")
    return max(0.01, (deadline - datetime.now(UTC)).total_seconds())


class Temporary(Retry):
    """What is sent again, how often, and after which pause.

    A request that never reached the server or was turned away is always sent again. One whose
    answer was lost only if repeating it is harmless: an action or an update that arrives twice
    can meet the work of the first one (README of appstore, fact 3.3), so the caller looks first.
    At most five attempts more; pauses of 0, 1, 2, 4, 8 seconds or what Retry-After says, capped;
    none after the deadline.
    """

    deadline: datetime | None = None

    def new(self, **changes: Any) -> "Temporary":
        """The next state; urllib3 copies only what it knows."""
        changed = super().new(**changes)
        changed.deadline = self.deadline
        return changed

    # Any: urllib3 hands its own internals through.
    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: Any = None,
    ) -> "Temporary":
        """Count one failure; raises MaxRetryError when this request is not sent again."""
        unsent = isinstance(error, ConnectTimeoutError)
        turned_away = response is not None and response.status in _TURNED_AWAY
        over = self.deadline is not None and datetime.now(UTC) >= self.deadline
        if over or not (unsent or turned_away or _harmless(method or "", url or "")):
            raise MaxRetryError(_pool, url or "", error) from error
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether an answer of this status is temporary; a 500 is so only for reads."""
        if status_code == 500:
            return method == "GET"
        return status_code in _TURNED_AWAY | _ANSWER_LOST

    def get_retry_after(self, response: Any) -> float | None:
        """The pause that the server asks for, in seconds, never more than we are ready to wait."""
        try:
            asked = super().get_retry_after(response)
        except InvalidHeader:
            return None
        return None if asked is None else min(asked, RETRY_AFTER_SECONDS, self._left())

    def get_backoff_time(self) -> float:
        """The pause where the server asks for none, in seconds."""
        return min(super().get_backoff_time(), self._left())

    def _left(self) -> float:
        return seconds_left(self.deadline)


def _harmless(method: str, url: str) -> bool:
    match method:
        case "GET" | "HEAD" | "DELETE":
            return True
        case "POST":
            return urlsplit(url).path.endswith(_HARMLESS_POSTS)
        case _:
            return False


class Session(keystoneauth.Session):
    """keystoneauth's session with our pool and retries; every answer is JSON or an error.

    `run_id` (`req-<uuid>`) goes out as global request id with every request, tokens included.
    After the `deadline` nothing is sent any more, and no answer is waited for.
    Raises keystoneauth1.exceptions also where heatclient would raise its own: those keep neither
    the answer nor its request id.
    """

    def __init__(
        self,
        run_id: str,
        verify: bool | str,
        cert: Cert = None,
        deadline: datetime | None = None,
    ) -> None:
        self._deadline = deadline
        http = requests.Session()
        retries = Temporary(
            total=5,
            connect=3,
            read=2,
            other=0,
            allowed_methods=None,
            backoff_factor=0.5,
            raise_on_status=False,
        )
        retries.deadline = deadline
        for scheme in ("http://", "https://"):
            adapter = keystoneauth.TCPKeepAliveAdapter(
                pool_connections=4, pool_maxsize=CONNECTIONS, max_retries=retries
            )
            http.mount(scheme, adapter)
        http.hooks["response"].append(_note)
        super().__init__(
            session=http,
            verify=verify,
            cert=cert,
            additional_headers={"X-Openstack-Request-Id": run_id},
            app_name="teaching-appstore",
        )

    # Any: keystoneauth's own arguments, handed through.
    def request(  # type: ignore[override]
        self, url: str, method: str, **kwargs: Any
    ) -> requests.Response:
        """Send one request; its bodies hold parameters, so keystoneauth must not log them."""
        if self._deadline is not None and datetime.now(UTC) >= self._deadline:
            raise Unreachable(
                "The run's time was over before the cloud had answered everything.",
                "Run again with a later --deadline, and look whether the cloud is well.",
            )
        ours = {"raise_exc": True, "log": False, "timeout": Patience(self._deadline)}
        answer = super().request(url, method, **{**kwargs, **ours})
        if answer.status_code < 300 and answer.content:
            try:
                answer.json()
            except ValueError as error:
                raise exceptions.InvalidResponse(answer) from error
        return answer


# Any: the hook's signature belongs to requests.
def _note(answer: requests.Response, *_args: Any, **_kwargs: Any) -> None:
    log.debug(
        "%s %s %d %s %.3fs",
        answer.request.method,
        urlsplit(answer.url).path,
        answer.status_code,
        answer.headers.get("x-openstack-request-id", "-"),
        answer.elapsed.total_seconds(),
    )
