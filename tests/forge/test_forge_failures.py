"""Every way in which a forge can fail is one sentence with a way out, and tells no token."""

import io
import logging
import socket
import zipfile
from collections.abc import Callable

import pytest
from forge_servers import TOKEN, Fault, Proposal
from forge_stage import Stage, environment

from appstore.forge.archive import gathered, plan_in
from appstore.forge.errors import ForgeError, NoForge
from appstore.forge.here import place
from appstore.forge.patience import PATIENCE, TRIES
from appstore.forge.protocol import Forge, Standing

HEAD = "a1" * 20
SECONDARY = '{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'
HTML = "<!DOCTYPE html><html><body>Sign in</body></html>"
JSON = {"Content-Type": "application/json"}


def reading(forge: Forge) -> object:
    return forge.request(4)


def writing(forge: Forge) -> object:
    return forge.status(HEAD, "appstore/apply", Standing.SUCCESS, "well", "")


def merging(forge: Forge) -> object:
    return forge.merge(4, HEAD)


FAILURES = [
    (
        Fault(401, JSON, '{"message": "Bad credentials"}'),
        "does not accept the token",
        "expired",
    ),
    (Fault(403, JSON, '{"message": "Resource not accessible"}'), "may not", "permissions"),
    (Fault(404, JSON, '{"message": "404 Not found"}'), "no such thing", "number"),
    (Fault(409, JSON, '{"message": "Conflict\\u0000\\nhere"}'), "Conflict  here", "again"),
    (Fault(422, JSON, '{"message": "Validation Failed"}'), "Validation Failed", "again"),
    (Fault(429, {"Retry-After": "4000"}), "slow down", "minutes"),
    (Fault(403, JSON, SECONDARY), "slow down", "minutes"),
    (Fault(200, {"Content-Type": "text/html"}, HTML), "form that its API does not", "proxy"),
    (Fault(200, JSON, "{"), "form that its API does not", "proxy"),
    (Fault(200, JSON, "[]"), "form that its API does not", "proxy"),
    (Fault(200, JSON, "{}"), "form that its API does not", "proxy"),
    (Fault(502, {"Content-Type": "text/html"}, HTML), "fault of its own", "again"),
]
CASES = [
    (act, *failure)
    for failure in FAILURES
    for act in (reading, writing, merging)
    if act is not merging or failure[0].status not in (409, 422)  # a merge has its own stories
]


@pytest.mark.parametrize(("act", "fault", "says", "way_out"), CASES)
def test_a_failure_is_a_sentence_with_a_way_out(
    stage: Stage,
    act: Callable[[Forge], object],
    fault: Fault,
    says: str,
    way_out: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    stage.world.proposals[4] = Proposal(4, "lea", HEAD)
    stage.world.faults = [fault] * 20
    with pytest.raises(ForgeError) as told:
        act(stage.forge())
    assert says in told.value.message
    assert way_out in told.value.hint
    assert told.value.message.isprintable()
    assert told.value.exit_code == 1
    said = [str(told.value), told.value.hint, repr(told.value.__cause__), caplog.text]
    assert TOKEN not in " ".join([*said, *stage.world.asked])


@pytest.mark.parametrize(
    "faults",
    [
        [Fault(503)],
        [Fault(500), Fault(502), Fault(504)],
        [Fault(reset=True)],
        [Fault(429, {"Retry-After": "7"})],
        [Fault(403, {"Retry-After": "30"}, SECONDARY)],
        [Fault(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000020"})],
    ],
    ids=["5xx", "5xx thrice", "reset", "429", "secondary", "primary"],
)
def test_what_passes_is_waited_for(stage: Stage, faults: list[Fault]) -> None:
    stage.world.proposals[4] = Proposal(4, "lea", HEAD)
    stage.world.faults = list(faults)
    assert stage.forge().request(4).author == "lea"
    assert len(stage.pauses) == len(faults)
    assert 0 < sum(stage.pauses) <= PATIENCE


def test_it_waits_as_long_as_it_is_asked_to(stage: Stage) -> None:
    stage.world.proposals[4] = Proposal(4, "lea", HEAD)
    stage.world.faults = [
        Fault(429, {"Retry-After": "7"}),
        Fault(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000020"}),
    ]
    stage.forge().request(4)
    assert stage.pauses == [7, 20]


@pytest.mark.parametrize("fault", [Fault(503), Fault(reset=True)], ids=["5xx", "reset"])
def test_it_gives_up(stage: Stage, fault: Fault) -> None:
    stage.world.faults = [fault] * 50
    with pytest.raises(ForgeError):
        stage.forge().request(4)
    assert len(stage.world.asked) == TRIES


def test_a_run_waits_no_longer_than_it_can_afford(stage: Stage) -> None:
    forge = stage.forge()
    for _ in range(3):
        stage.world.faults = [Fault(429, {"Retry-After": "50"})] * 10
        with pytest.raises(ForgeError, match="slow down"):
            forge.request(4)
    assert sum(stage.pauses) <= PATIENCE


@pytest.mark.parametrize("fault", [Fault(503), Fault(reset=True)], ids=["5xx", "reset"])
def test_what_may_have_been_done_is_not_sent_twice(stage: Stage, fault: Fault) -> None:
    stage.world.faults = [fault]
    with pytest.raises(ForgeError):
        stage.forge().status(HEAD, "appstore/apply", Standing.SUCCESS, "well", "")
    assert len(stage.world.asked) == 1


def test_what_was_turned_away_unread_is_sent_again(stage: Stage) -> None:
    stage.world.faults = [Fault(429, {"Retry-After": "1"})]
    stage.forge().status(HEAD, "appstore/apply", Standing.SUCCESS, "well", "")
    assert len(stage.world.statuses) == 1


def test_nobody_listens(stage: Stage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: a connection is refused
        root = f"http://127.0.0.1:{taken.getsockname()[1]}"
        stage.environment = environment(stage.kind, root)
        with pytest.raises(ForgeError, match="cannot be reached"):
            stage.forge().request(4)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({}, "which forge"),
        ({"GITHUB_REPOSITORY": "uni/registry"}, "GITHUB_TOKEN"),
        ({"CI_PROJECT_ID": "7", "CI_API_V4_URL": "https://x/api/v4"}, "APPSTORE_FORGE_TOKEN"),
        ({"GITHUB_REPOSITORY": "u/r", "GITHUB_TOKEN": "a\nb"}, "no token"),
        (
            {"GITHUB_REPOSITORY": "u/r", "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": "http://x"},
            "https",
        ),
        (
            {"CI_PROJECT_ID": "7", "CI_API_V4_URL": "https://a:b@x", "APPSTORE_FORGE_TOKEN": TOKEN},
            "not usable",
        ),
        ({"CI_PROJECT_ID": "7", "APPSTORE_FORGE_TOKEN": TOKEN}, "not usable"),
    ],
)
def test_an_environment_that_does_not_do(found: dict[str, str], says: str) -> None:
    with pytest.raises(NoForge, match=says) as told:
        place(found)
    assert told.value.exit_code == 2
    assert told.value.hint
    assert TOKEN not in str(told.value) + told.value.hint


def test_a_place_does_not_show_its_token() -> None:
    here = place({"GITHUB_REPOSITORY": "uni/registry", "GITHUB_TOKEN": TOKEN})
    assert (here.kind, here.api) == ("github", "https://api.github.com")
    assert TOKEN not in repr(here)


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in files.items():
            opened.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


GOOD = archive(plan_json=b"{}")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        archive(other_json=b"{}"),
        GOOD[:-10],
        GOOD.replace(b"\x08\x00", b"\x63\x00"),
        GOOD.replace(b"plan.json", b"../a.json"),
    ],
    ids=["empty", "text", "without", "cut", "unknown packing", "path"],
)
def test_an_archive_that_holds_no_plan(data: bytes) -> None:
    assert plan_in(data) is None


def test_an_archive_that_holds_one() -> None:
    assert plan_in(GOOD) == b"{}"


@pytest.mark.parametrize(("limit", "kept"), [(3, None), (4, b"abcd"), (5, b"abcd")])
def test_a_download_ends_at_its_limit(limit: int, kept: bytes | None) -> None:
    assert gathered(iter([b"ab", b"cd"]), limit) == kept
