"""Which credential serves, which tokens are made of it, and which are refused."""

import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from cloud_samples import TEMPLATE, password_credential, run_id
from cloud_server import Answer, FakeOpenStack
from keystoneauth1.identity import v3

from appstore.cloud.cloud import Cloud
from appstore.cloud.credentials import Purpose, load_auth
from appstore.cloud.errors import CloudError, Missing, NotAuthenticated, UnsafeCredential
from appstore.cloud.projects import Project, choose
from appstore.reconcile.live import LiveProject
from appstore.reconcile.request import StackRequest

A, B = Project("lecturer-a", "p-a"), Project("lecturer-b", "p-b")
TOKENS = ("POST", "/v3/auth/tokens")
AUTH = {
    "auth_url": "https://cloud.example/identity",
    "username": "appstore",
    "password": "pass-of-appstore",
    "user_domain_name": "Default",
    "project_name": "lecturer-a",
    "project_domain_name": "Default",
}


@pytest.fixture
def clouds(tmp_path: Path, no_openstack_env: None) -> Any:
    """Writes clouds.yaml."""

    def write(**entries: object) -> None:
        (tmp_path / "clouds.yaml").write_text(yaml.safe_dump({"clouds": entries}))

    return write


def test_the_entry_is_the_cloud_and_brings_its_settings(clouds: Any) -> None:
    clouds(
        campus={
            "auth": AUTH,
            "region_name": "East",
            "interface": "internal",
            "cacert": "/etc/ssl/campus.pem",
            "orchestration_endpoint_override": "https://heat.example/v1/x",
        }
    )
    found = load_auth("campus", Purpose.WRITE)
    assert (found.region, found.interface, found.verify) == (
        "East",
        "internal",
        "/etc/ssl/campus.pem",
    )
    assert found.endpoint == "https://heat.example/v1/x"
    assert found.auth_url == "https://cloud.example/identity/v3"
    assert found.user == "user 'appstore'"
    assert not found.bound
    assert "pass-of-appstore" not in repr(found)


def test_verification_is_switched_off_only_by_the_entry(clouds: Any) -> None:
    clouds(campus={"auth": AUTH}, lab={"auth": AUTH, "verify": False})
    assert load_auth("campus", Purpose.WRITE).verify is True
    assert load_auth("lab", Purpose.WRITE).verify is False


@pytest.mark.parametrize(
    ("purpose", "entries", "user"),
    [
        (Purpose.READ, ("campus", "campus-plan"), "campus-plan"),
        (Purpose.READ, ("campus",), "campus"),
        (Purpose.WRITE, ("campus", "campus-plan"), "campus"),
    ],
)
def test_to_read_the_lesser_entry_is_preferred(
    clouds: Any, purpose: Purpose, entries: tuple[str, ...], user: str
) -> None:
    clouds(**{name: {"auth": {**AUTH, "username": name}} for name in entries})
    assert load_auth("campus", purpose).user == f"user '{user}'"


def test_without_an_entry_the_environment_serves(
    clouds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clouds(other={"auth": AUTH})
    for key, value in AUTH.items():
        monkeypatch.setenv(f"OS_{key.upper()}", value.replace("appstore", "of-env"))
    assert load_auth("campus", Purpose.READ).user == "user 'of-env'"
    assert load_auth("other", Purpose.READ).user == "user 'appstore'"


@pytest.mark.parametrize("purpose", Purpose)
def test_a_missing_credential_names_what_was_looked_for_and_where(
    clouds: Any, tmp_path: Path, purpose: Purpose
) -> None:
    clouds(other={"auth": AUTH})
    with pytest.raises(CloudError) as raised:
        load_auth("campus", purpose)
    message = raised.value.message
    assert "'campus'" in message
    assert ("'campus-plan'" in message) == (purpose is Purpose.READ)
    assert str(tmp_path / "clouds.yaml") in message
    assert "OS_AUTH_URL" in message


BROKEN: dict[str, object] = {
    "no password": {"auth": {k: v for k, v in AUTH.items() if k != "password"}},
    "no user": {"auth": {k: v for k, v in AUTH.items() if k != "username"}},
    "no address": {"auth": {k: v for k, v in AUTH.items() if k != "auth_url"}},
    "a file as address": {"auth": {**AUTH, "auth_url": "file:///etc/passwd"}},
    "a password in the address": {"auth": {**AUTH, "auth_url": "https://me:pw@cloud.example"}},
    "an unknown kind": {"auth": AUTH, "auth_type": "v9telepathy"},
    "nothing": None,
    "text": "text",
    "a list as auth": {"auth": [1]},
}


@pytest.mark.parametrize("entry", BROKEN.values(), ids=BROKEN)
def test_a_broken_entry_is_one_sentence(clouds: Any, entry: object) -> None:
    clouds(campus=entry)
    with pytest.raises(CloudError) as raised:
        load_auth("campus", Purpose.WRITE)
    assert "campus" in raised.value.message
    assert "pw" not in raised.value.message
    assert raised.value.hint


def test_a_broken_file_is_one_sentence(no_openstack_env: None, tmp_path: Path) -> None:
    (tmp_path / "clouds.yaml").write_text("clouds: [")
    with pytest.raises(CloudError):
        load_auth("campus", Purpose.WRITE)


def test_an_application_credential_is_known_to_be_bound(clouds: Any) -> None:
    auth = {
        "auth_url": AUTH["auth_url"],
        "application_credential_id": "an-id",
        "application_credential_secret": "s",
    }
    clouds(campus={"auth": auth, "auth_type": "v3applicationcredential"})
    found = load_auth("campus", Purpose.READ)
    assert (found.bound, found.password) == (True, None)


def test_one_password_then_one_exchange_for_each_project(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    for _ in range(3):
        cloud.listings(cloud.projects())
    assert server.logins == ["password", "token", "token"]


def test_a_cloud_that_exchanges_no_tokens_gets_the_password(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    server.rescoping = False
    results = cloud.listings([A, B])
    assert all(isinstance(result, LiveProject) for result in results.values())
    assert server.logins.count("password") == 3


@pytest.mark.parametrize("role", ["admin", "Admin"])
def test_an_admin_is_refused_before_the_first_request_to_heat(
    cloud: Cloud, server: FakeOpenStack, role: str
) -> None:
    server.roles = ["member", role]
    results = cloud.listings([A, B])
    assert {type(result) for result in results.values()} == {UnsafeCredential}
    assert not [path for _, path in server.seen if path.startswith("/v1/")]


def test_a_token_of_another_project_is_refused(cloud: Cloud, server: FakeOpenStack) -> None:
    stolen = server.usual(
        "POST",
        "/v3/auth/tokens",
        {},
        {"auth": {"identity": {"methods": ["token"]}, "scope": {"project": {"id": "p-b"}}}},
    )
    cloud.projects()
    server.script[TOKENS] = [stolen]
    with pytest.raises(UnsafeCredential) as raised:
        cloud.heat(A).listing()
    assert "'lecturer-b', not to 'lecturer-a'" in raised.value.message


@pytest.fixture
def bound(server: FakeOpenStack) -> Cloud:
    """A cloud by application credential of lecturer-a."""
    user = password_credential(server.url)
    assert user.password
    plugin: v3.Password = user.password.plugin(user.auth_url, "p-a")
    return Cloud(replace(user, plugin=plugin, password=None, bound=True), run_id())


def test_a_bound_credential_serves_its_project_only(bound: Cloud, server: FakeOpenStack) -> None:
    with bound:
        assert bound.projects() == (A,)
        results = bound.listings([A, B])
    assert isinstance(results[A], LiveProject)
    refused = results[B]
    assert isinstance(refused, UnsafeCredential)
    assert "one project only" in refused.hint
    assert server.logins == ["password"]


def test_a_bound_token_that_ends_in_mid_run_is_replaced_by_itself(
    bound: Cloud, server: FakeOpenStack
) -> None:
    with bound:
        bound.heat(A).listing()
        server.script["GET", "/v1/p-a/stacks"] = [Answer(401, {})]
        bound.heat(A).listing()
    assert server.logins == ["password", "password"]


def test_a_region_without_heat_is_one_sentence(server: FakeOpenStack) -> None:
    credential = replace(password_credential(server.url), region="West")
    with Cloud(credential, run_id()) as cloud, pytest.raises(CloudError) as raised:
        cloud.heat(A).listing()
    assert "offers no Heat in this region" in raised.value.message


@pytest.mark.parametrize(
    ("asked", "found"), [("lecturer-a", A), ("p-b", B), ("p-a", A)], ids=["name", "id", "id"]
)
def test_a_project_is_found_by_name_or_id(cloud: Cloud, asked: str, found: Project) -> None:
    assert cloud.project(asked) == found


def test_an_id_wins_over_a_name() -> None:
    decoy = Project("p-a", "p-z")
    assert choose([decoy, A], "p-a", "campus", "user 'x'") == A


def test_an_unknown_project_says_what_to_check(cloud: Cloud) -> None:
    with pytest.raises(Missing) as raised:
        cloud.project("lecturer-x")
    assert (
        raised.value.message == "Cloud 'campus' shows no project 'lecturer-x' to user 'appstore'."
    )
    assert "role" in raised.value.hint
    assert raised.value.exit_code == 1


def test_an_ambiguous_project_names_the_ids(cloud: Cloud) -> None:
    twins = [Project("cs", "id-1"), Project("cs", "id-2")]
    with pytest.raises(CloudError) as raised:
        choose(twins, "cs", "campus", "user 'x'")
    assert "id-1, id-2" in raised.value.hint


def test_a_refused_project_is_an_error_of_this_project(cloud: Cloud, server: FakeOpenStack) -> None:
    cloud.projects()
    no = Answer(401, {"error": {"code": 401, "message": "requires authentication"}})
    server.script[TOKENS] = [no, no]
    results = cloud.listings([A])
    assert isinstance(results[A], NotAuthenticated)


def test_the_run_id_goes_out_with_every_request(server: FakeOpenStack) -> None:
    run = run_id()
    with Cloud(password_credential(server.url), run) as cloud:
        cloud.listings(cloud.projects())
        cloud.heat(A).create(StackRequest("one", TEMPLATE, {}, {}, frozenset(), 5))
    assert len(server.headers_seen) == 7
    for headers in server.headers_seen:
        sent = {name.lower(): value for name, value in headers.items()}
        assert sent["x-openstack-request-id"] == run


def test_no_log_holds_a_password_a_token_or_a_body(
    cloud: Cloud, server: FakeOpenStack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    environment = {"parameters": {"secret": "s3cret-of-lab"}}
    cloud.heat(A).create(StackRequest("one", TEMPLATE, {}, environment, frozenset(), 5))
    assert "POST /v1/p-a/stacks 201" in caplog.text
    for secret in ("pass-of-appstore", "token-1", "token-2", "s3cret-of-lab"):
        assert secret not in caplog.text


def test_a_credential_is_read_without_the_clients_of_all_services(tmp_path: Path) -> None:
    """In a process of its own: what another test has imported must not hide it."""
    clouds = tmp_path / "clouds.yaml"
    clouds.write_text(
        "clouds: {c: {region_name: R, auth: {auth_url: 'http://127.0.0.1:9/v3', username: u, "
        "password: p, user_domain_name: Default}}}"
    )
    code = (
        "import sys\n"
        "from appstore.cloud.credentials import Purpose, load_auth\n"
        "print(load_auth('c', Purpose.READ).region)\n"
        "print([n for n in sys.modules if n in ('openstack.connection', 'openstack.compute')])"
    )
    env = {**os.environ, "OS_CLIENT_CONFIG_FILE": str(clouds)}
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert told.stdout.split("\n")[:2] == ["R", "[]"], told.stderr
