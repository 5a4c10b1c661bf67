"""What goes wrong on the way to a cloud: repeated when that helps, else one sentence of ours."""

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cloud_samples import TEMPLATE, password_credential, run_id
from cloud_server import Answer, FakeOpenStack, Reset, heat_error

from appstore.cloud.cloud import Cloud
from appstore.cloud.errors import (
    CloudError,
    Conflict,
    Forbidden,
    Missing,
    NotAuthenticated,
    Rejected,
    Unreachable,
)
from appstore.cloud.projects import Project
from appstore.cloud.translate import LONGEST, shorten
from appstore.cloud.transport import RETRY_AFTER_SECONDS
from appstore.reconcile.live import LiveProject
from appstore.reconcile.request import StackRequest, TagRequest

A = Project("lecturer-a", "p-a")
LISTING = ("GET", "/v1/p-a/stacks")
BASE = "/v1/p-a/stacks"
ONE = f"{BASE}/one/id-0"
REQUEST = StackRequest("one", TEMPLATE, {}, {}, frozenset({"appstore"}), 5)

TEMPORARY = {
    "slow down": Answer(429, {}, {"Retry-After": "1"}),
    "slow down, not said how long": Answer(429, {}),
    "slow down until a date": Answer(429, {}, {"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT"}),
    "slow down, nonsense": Answer(429, {}, {"Retry-After": "soon"}),
    "bad gateway": Answer(502, "<html>"),
    "unavailable": Answer(503, "<html>", {"Retry-After": "0"}),
    "gateway timeout": Answer(504, "<html>"),
    "reset": Reset(),
}


@pytest.mark.parametrize("fault", TEMPORARY.values(), ids=TEMPORARY)
def test_a_listing_outlives_what_is_temporary(
    cloud: Cloud, server: FakeOpenStack, pauses: list[float], fault: Answer
) -> None:
    server.add("p-a", ["one"])
    server.script[LISTING] = [fault, fault]
    [stack] = cloud.heat(A).listing().stacks
    assert stack.name == "one"
    assert server.seen.count(LISTING) == 3
    assert sum(pauses) <= 2


@pytest.mark.parametrize("fault", TEMPORARY.values(), ids=TEMPORARY)
def test_the_login_outlives_what_is_temporary(
    cloud: Cloud, server: FakeOpenStack, pauses: list[float], fault: Answer
) -> None:
    server.script["POST", "/v3/auth/tokens"] = [fault, fault]
    assert cloud.project("lecturer-a") == A
    assert len(pauses) <= 2


def test_a_server_that_asks_for_a_long_pause_gets_a_bounded_one(
    cloud: Cloud, server: FakeOpenStack, pauses: list[float]
) -> None:
    server.script[LISTING] = [Answer(429, {}, {"Retry-After": "86400"})]
    cloud.heat(A).listing()
    assert pauses == [RETRY_AFTER_SECONDS]


@pytest.mark.parametrize(
    ("fault", "status"),
    [(Answer(429, {}), 429), (Answer(503, "<html>"), 503), (Answer(500, {}), 500), (Reset(), None)],
    ids=["429", "503", "500", "reset"],
)
def test_what_stays_so_is_given_up_after_a_bounded_time(
    cloud: Cloud, server: FakeOpenStack, pauses: list[float], fault: Answer, status: int | None
) -> None:
    server.script[LISTING] = [fault] * 50
    with pytest.raises(Unreachable) as raised:
        cloud.heat(A).listing()
    assert raised.value.status == status
    assert server.seen.count(LISTING) <= 6
    assert sum(pauses) < 60
    assert raised.value.hint


@pytest.mark.parametrize("fault", [Answer(503, {}, {"Retry-After": "20"}), Reset()])
def test_no_pause_and_no_repeat_goes_beyond_the_deadline(
    server: FakeOpenStack, pauses: list[float], fault: Answer
) -> None:
    deadline = datetime.now(UTC) + timedelta(seconds=1)
    with Cloud(password_credential(server.url), run_id(), deadline) as cloud:
        cloud.heat(A).listing()
        server.script[LISTING] = [fault] * 50
        with pytest.raises(Unreachable):
            cloud.heat(A).listing()
    assert max(pauses) <= 1


def test_after_the_deadline_nothing_is_sent(server: FakeOpenStack) -> None:
    with (
        Cloud(password_credential(server.url), run_id(), datetime.now(UTC)) as cloud,
        pytest.raises(Unreachable, match="The run's time was over") as raised,
    ):
        cloud.projects()
    assert "--deadline" in raised.value.hint
    assert server.seen == []


def test_a_cloud_that_says_nothing_is_waited_for_until_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        deadline = datetime.now(UTC) + timedelta(seconds=0.5)
        with (
            Cloud(password_credential(url), run_id(), deadline) as cloud,
            pytest.raises(Unreachable, match="did not answer in time"),
        ):
            cloud.projects()
    assert timedelta(0) <= datetime.now(UTC) - deadline < timedelta(seconds=5)


WRITES = {
    "create": ("POST", BASE, lambda heat, stack: heat.create(REQUEST)),
    "update": ("PUT", ONE, lambda heat, stack: heat.update(stack, REQUEST)),
    "patch": ("PATCH", ONE, lambda heat, stack: heat.patch(stack, TagRequest({}, frozenset("x")))),
    "suspend": ("POST", f"{ONE}/actions", lambda heat, stack: heat.suspend(stack)),
    "resume": ("POST", f"{ONE}/actions", lambda heat, stack: heat.resume(stack)),
    "delete": ("DELETE", ONE, lambda heat, stack: heat.delete(stack)),
}
REPEATED_WHEN_LOST = {"create", "delete"}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.usefixtures("pauses")
def test_a_write_that_was_turned_away_is_sent_again(
    cloud: Cloud, server: FakeOpenStack, write: str, status: int
) -> None:
    method, path, send = WRITES[write]
    server.add("p-a", ["one"])
    [stack] = cloud.heat(A).listing().stacks
    server.script[method, path] = [Answer(status, {}, {"Retry-After": "0"})]
    send(cloud.heat(A), stack)
    assert server.seen.count((method, path)) == 2


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("fault", [Reset(), Answer(504, "<html>")], ids=["reset", "504"])
@pytest.mark.usefixtures("pauses")
def test_a_write_whose_answer_was_lost_is_repeated_only_where_that_is_harmless(
    cloud: Cloud, server: FakeOpenStack, write: str, fault: Answer
) -> None:
    method, path, send = WRITES[write]
    server.add("p-a", ["one"])
    [stack] = cloud.heat(A).listing().stacks
    server.script[method, path] = [fault]
    if write in REPEATED_WHEN_LOST:
        send(cloud.heat(A), stack)
    else:
        with pytest.raises(Unreachable):
            send(cloud.heat(A), stack)
    assert server.seen.count((method, path)) == (2 if write in REPEATED_WHEN_LOST else 1)


@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_met_an_error_of_heat_is_not_repeated(
    cloud: Cloud, server: FakeOpenStack, pauses: list[float], write: str
) -> None:
    method, path, send = WRITES[write]
    server.add("p-a", ["one"])
    [stack] = cloud.heat(A).listing().stacks
    server.script[method, path] = [heat_error(500, "RemoteError", "")]
    with pytest.raises(Unreachable) as raised:
        send(cloud.heat(A), stack)
    assert (raised.value.status, raised.value.type) == (500, "RemoteError")
    assert server.seen.count((method, path)) == 1
    assert pauses == []


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("type_", ["AttributeError", "NotSupported"])
def test_an_error_that_is_called_a_wrong_request_is_heats_only_for_a_delete(
    cloud: Cloud, server: FakeOpenStack, write: str, type_: str
) -> None:
    method, path, send = WRITES[write]
    server.add("p-a", ["one"])
    [stack] = cloud.heat(A).listing().stacks
    server.script[method, path] = [heat_error(400, type_, "")]
    with pytest.raises(CloudError) as raised:
        send(cloud.heat(A), stack)
    heats = (write, type_) == ("delete", "AttributeError")
    assert type(raised.value) is (Unreachable if heats else Rejected)
    assert (raised.value.status, raised.value.type) == (400, type_)
    assert ("operators" in raised.value.hint) == heats
    assert server.seen.count((method, path)) == 1


@pytest.mark.usefixtures("pauses")
def test_a_create_whose_answer_was_lost_ends_as_conflict(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    server.script["POST", BASE] = [Reset(), heat_error(409, "StackExists", "already exists")]
    with pytest.raises(Conflict) as raised:
        cloud.heat(A).create(REQUEST)
    assert raised.value.type == "StackExists"


@pytest.mark.parametrize(
    ("answer", "kind", "type_"),
    [
        (heat_error(400, "StackValidationFailed", "No images matching"), Rejected, "Stack"),
        (heat_error(403, "Forbidden", "not authorized to use stacks:create."), Forbidden, "Forb"),
        (heat_error(404, "EntityNotFound", "could not be found"), Missing, "Entity"),
        (heat_error(409, "StackExists", "already exists"), Conflict, "StackExists"),
        (heat_error(413, "RequestLimitExceeded", "too long"), Rejected, "RequestLimit"),
        (heat_error(500, "InternalError", ""), Unreachable, "Internal"),
        (heat_error(501, "Whatever", "not here"), Unreachable, "Whatever"),
    ],
)
def test_each_refusal_is_one_sentence_that_keeps_the_facts(
    cloud: Cloud, server: FakeOpenStack, answer: Answer, kind: type[CloudError], type_: str
) -> None:
    server.script["POST", BASE] = [answer]
    with pytest.raises(kind) as raised:
        cloud.heat(A).create(REQUEST)
    error = raised.value
    assert error.status == answer.status
    assert error.type
    assert error.type.startswith(type_)
    assert error.request_id == "req-of-heat"
    assert (answer.body["error"]["message"] or error.type) in error.message
    assert "'campus'" in error.message
    assert error.hint
    assert error.exit_code == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "<html><title>Sign in</title></html>", {"Content-Type": "text/html"}),
        Answer(200, '{"stacks": [{"id": "x", "sta'),
        Answer(200, "null"),
        Answer(200, []),
        Answer(200, {"stacks": None, "count": 0}),
        Answer(200, {"stacks": [{}], "count": 1}),
        Answer(200, {"stacks": [17], "count": 1}),
    ],
    ids=["a page", "cut off", "null", "a list", "no rows", "an empty row", "a number"],
)
def test_an_answer_that_is_not_heats_is_an_error_and_no_listing(
    cloud: Cloud, server: FakeOpenStack, answer: Answer
) -> None:
    server.script[LISTING] = [answer]
    result = cloud.listings([A])[A]
    assert isinstance(result, CloudError)
    assert "lecturer-a" in result.message
    assert "<" not in result.message


@pytest.mark.parametrize("read", ["content", "outputs", "events", "failed_resources"])
@pytest.mark.parametrize("body", ["<html>", '{"cut', "[]", "null", '"text"'])
def test_reads_of_one_stack_meet_any_answer_with_an_error_of_ours(
    cloud: Cloud, server: FakeOpenStack, read: str, body: str
) -> None:
    server.add("p-a", ["one"])
    [stack] = cloud.heat(A).listing().stacks
    for tail in ("", "/template", "/environment", "/files", "/events", "/resources"):
        server.script["GET", f"{ONE}{tail}"] = [Answer(200, body)]
    with pytest.raises(CloudError) as raised:
        getattr(cloud.heat(A), read)(stack)
    assert raised.value.message.endswith(".")


def test_one_project_that_fails_does_not_hide_the_others(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    server.script[LISTING] = [heat_error(403, "Forbidden", "no")]
    results = cloud.listings(cloud.projects())
    assert isinstance(results[A], Forbidden)
    assert isinstance(results[Project("lecturer-b", "p-b")], LiveProject)


def test_a_token_that_ends_in_mid_run_is_replaced_by_itself(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    server.add("p-a", ["one"])
    cloud.heat(A).listing()
    server.script[LISTING] = [Answer(401, {"error": {"code": 401, "message": "expired"}})]
    assert len(cloud.heat(A).listing().stacks) == 1
    assert server.logins == ["password", "token", "token"]


def test_a_first_token_that_was_revoked_is_replaced_by_the_password(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    cloud.heat(A).listing()
    server.script[LISTING] = [Answer(401, {})]
    server.rescoping = False
    cloud.heat(A).listing()
    assert server.logins == ["password", "token", "token", "password"]


def test_a_wrong_password_is_one_sentence(cloud: Cloud, server: FakeOpenStack) -> None:
    said = {"error": {"code": 401, "message": "The request you have made requires authentication."}}
    server.script["POST", "/v3/auth/tokens"] = [Answer(401, said)]
    with pytest.raises(NotAuthenticated) as raised:
        cloud.projects()
    assert raised.value.message == "Cloud 'campus' does not accept the credential."
    assert "password" in raised.value.hint
    assert "pass-of-appstore" not in repr(raised.value) + raised.value.hint


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://no-such-host.invalid:5000", "nothing is known of the host"),
        ("http://127.0.0.1:1", "refuses connections at 127.0.0.1:1"),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_a_cloud_that_is_not_there_is_one_sentence(url: str, says: str) -> None:
    with Cloud(password_credential(url), run_id()) as cloud, pytest.raises(Unreachable) as raised:
        cloud.projects()
    assert says in raised.value.message
    assert "auth_url" in raised.value.hint


def test_a_certificate_that_is_not_trusted_is_one_sentence(
    tmp_path: Path, pauses: list[float]
) -> None:
    with (
        _tls(tmp_path) as url,
        Cloud(password_credential(url), run_id()) as cloud,
        pytest.raises(Unreachable) as raised,
    ):
        cloud.projects()
    assert "certificate that is not trusted" in raised.value.message
    assert "cacert" in raised.value.hint
    assert pauses == []


@contextmanager
def _tls(folder: Path) -> Iterator[str]:
    """A server with a certificate of its own making."""
    pem = folder / "self.pem"
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost "
        f"-keyout {pem} -out {folder / 'cert.pem'}",
        shell=True,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", pem)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.handle_error = lambda request, address: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("a\n  b\tc", "a b c"),
        ("see http://me:pw@host/x", "see http://***host/x"),
        (f"token gAAAA{'x' * 60} refused", "token *** refused"),
        ("x" * 999, "x" * (LONGEST - 3) + "..."),
    ],
)
def test_foreign_text_is_shortened_and_holds_no_secret(text: str, short: str) -> None:
    assert shorten(text) == short


def test_what_heat_says_is_passed_on_whole(cloud: Cloud, server: FakeOpenStack) -> None:
    """Whoever sent a secret takes it out; a part of it could not be found any more."""
    said = "Bad value: " + "x" * (LONGEST - 30) + "tr0ub4dor\n& 3" + "y" * LONGEST
    server.script[("POST", BASE)] = [heat_error(400, "StackValidationFailed", said)]
    with pytest.raises(Rejected) as caught:
        cloud.heat(A).create(REQUEST)
    assert said in caught.value.message
