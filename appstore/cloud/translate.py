"""Every foreign error becomes one of ours here: a sentence, a next step, and the facts kept."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import gaierror
from urllib.parse import urlsplit

import requests
from keystoneauth1 import exceptions as keystone

from appstore.cloud.errors import (
    CloudError,
    Conflict,
    Forbidden,
    Missing,
    NotAuthenticated,
    Rejected,
    Unreachable,
)
from appstore.errors import AppstoreError

LONGEST = 256
_SECRETS = re.compile(r"gAAAA[\w=-]{20,}|(?<=://)[^/@\s]+@")
_OPERATORS = "Try again; if it stays so, ask the cloud's operators and give them the request id."


@contextmanager
def translated(cloud: str, doing: str) -> Iterator[None]:
    """Raise CloudError for whatever goes wrong inside while talking to `cloud`.

    `doing` completes a sentence ("the listing of project cs"). Reading the answer belongs inside
    too: an answer of another shape is as foreign as an error.
    """
    try:
        yield
    except AppstoreError:
        raise
    except Exception as error:
        raise translate(error, cloud, doing) from error


def translate(error: Exception, cloud: str, doing: str) -> CloudError:
    """Our error for a foreign one; status, Heat's `error.type` and the request id are kept."""
    response = getattr(error, "response", None)
    if isinstance(response, requests.Response) and response.status_code >= 400:
        return _answered(response, cloud, doing)
    if isinstance(response, requests.Response):
        return Unreachable(
            f"Cloud '{cloud}' answered {doing} with something that is not JSON.",
            f"Check that {_host(response.url)} is OpenStack and not a proxy or a login page.",
            status=response.status_code,
            request_id=_request_id(response),
        )
    match error:
        case keystone.EndpointNotFound() | keystone.EmptyCatalog():
            return CloudError(
                f"Cloud '{cloud}' offers no Heat in this region to this project.",
                "Check region_name and interface in clouds.yaml: openstack catalog list",
            )
        case keystone.ConnectionError() | requests.RequestException() | OSError():
            return _unreachable(error, cloud)
        case keystone.AuthorizationFailure() | keystone.MissingAuthMethods():
            return NotAuthenticated(
                f"Cloud '{cloud}' cannot be logged in to with this credential: {_short(error)}",
                "Check the entry in clouds.yaml, or OS_*.",
            )
        case _:
            return CloudError(
                f"Cloud '{cloud}' answered {doing} in a way that is not understood "
                f"({type(error).__name__}: {_short(error)}).",
                _OPERATORS,
            )


def _answered(response: requests.Response, cloud: str, doing: str) -> CloudError:
    status = response.status_code
    type_, said = _explanation(response)
    told = f": {said}" if said else "."
    kind: type[CloudError]
    match status:
        case 401:
            kind, message = NotAuthenticated, f"Cloud '{cloud}' does not accept the credential."
            hint = (
                "Check user name, password and user domain in clouds.yaml (or OS_*), "
                "and that the user is enabled."
            )
        case 403:
            kind, message = Forbidden, f"Cloud '{cloud}' forbids {doing}{told}"
            hint = "Check the user's roles in the project: reader plans, member applies."
        case 404:
            kind, message = Missing, f"Cloud '{cloud}' does not find what {doing} is about{told}"
            hint = "It may just have been deleted: plan again."
        case 409:
            kind, message = Conflict, f"Something in cloud '{cloud}' is in the way of {doing}{told}"
            hint = "Plan again; another run or a person may have been here."
        case 429:
            kind, message = Unreachable, f"Cloud '{cloud}' asks to slow down and did so to the end."
            hint = "Try again later."
        case _ if status >= 500 or _fell_over(response, type_):
            kind, message = Unreachable, f"Cloud '{cloud}' failed at {doing} ({status}){told}"
            hint = _OPERATORS
        case _:
            kind, message = Rejected, f"Cloud '{cloud}' rejects {doing}{told}"
            hint = "Correct what the message names; nothing was changed."
    error = kind(message, hint, status=status, type_=type_, request_id=_request_id(response))
    if isinstance(error, Conflict):
        error.repeated = _repeated(response)
    return error


def _fell_over(response: requests.Response, type_: str | None) -> bool:
    """Whether a delete met the end of another one (README of appstore, fact 3.10).

    A 400 in name only, as nothing is wrong with the request; elsewhere a template can be the cause.
    """
    return type_ == "AttributeError" and response.request.method == "DELETE"


def _repeated(response: requests.Response) -> bool:
    """Whether this is not the answer to a first attempt; urllib3 keeps them with the answer."""
    attempts = getattr(response.raw, "retries", None)
    return bool(attempts and attempts.history)


def _explanation(response: requests.Response) -> tuple[str | None, str]:
    """Heat's `error.type` and message; Keystone has only the message, a proxy neither.

    The whole message: it may quote a value that was sent, which whoever sent it takes out before
    anything is cut (`appstore.apply.failures`); of a value that is cut first, a part would stay.
    """
    try:
        body = response.json()
    except ValueError:
        return None, ""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None, ""
    type_ = error.get("type")
    said = error.get("message") or type_ or ""
    return (str(type_) if type_ else None), _SECRETS.sub("***", str(said))


def _unreachable(error: Exception, cloud: str) -> Unreachable:
    causes = tuple(_causes(error))
    urls = (getattr(getattr(cause, "request", None), "url", None) for cause in causes)
    host = next((_host(url) for url in urls if url), "its address")

    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if among(gaierror):
        message = f"Cloud '{cloud}' cannot be found: nothing is known of the host of {host}."
        hint = "Check auth_url in clouds.yaml (or OS_AUTH_URL), and the name server."
    elif among(ssl.SSLError, keystone.SSLError):
        message = f"Cloud '{cloud}' at {host} has a TLS certificate that is not trusted."
        hint = "Name the CA's file as cacert in clouds.yaml (or OS_CACERT), and check the host."
    elif among(ConnectionRefusedError):
        message = f"Cloud '{cloud}' refuses connections at {host}."
        hint = "Check auth_url and its port, and that the cloud is up."
    elif among(TimeoutError, requests.Timeout):
        message = f"Cloud '{cloud}' did not answer in time at {host}."
        hint = "Check the network and the cloud; a run may be started again at any time."
    else:
        message = f"The connection to cloud '{cloud}' at {host} broke off."
        hint = "Check the network and the cloud; a run may be started again at any time."
    return Unreachable(message, hint)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _request_id(response: requests.Response) -> str | None:
    return response.headers.get("x-openstack-request-id")


def _short(error: Exception) -> str:
    return shorten(str(error))


def shorten(text: str) -> str:
    """One line of at most 256 characters, without tokens and without passwords in addresses."""
    line = " ".join(_SECRETS.sub("***", text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."
