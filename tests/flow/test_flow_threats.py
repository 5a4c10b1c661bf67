"""What .github/SECURITY.md says, tried: hostile proposals, references to secrets, a reader."""

import http.server
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from flow_hand import Somebody
from flow_hostile import HOSTILE
from heatclient.v1.client import Client
from keystoneauth1 import session
from keystoneauth1.identity import v3
from review_samples import CODE, FILES

from appstore.cli.ending import end
from appstore.cli.main import appstore

HEAT = "catalog/code/1.0.0/heat.yaml"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address that somebody would like the tool to fetch, and what was asked there."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_proposal_that_must_not_get_through(name, tmp_path, listener, capfd, monkeypatch) -> None:
    address, asked = listener
    hostile = HOSTILE[name]
    _git(tmp_path, "init", "-q", "-b", "main")
    _commit(tmp_path, FILES)
    _git(tmp_path, "switch", "-q", "-c", "proposal")
    _commit(tmp_path, hostile.edits(FILES, CODE, HEAT, address))
    _git(tmp_path, "switch", "-q", "main")
    for variable in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(variable, raising=False)
    words = ["review", "--repo", str(tmp_path), "--base", "main", "--head", "proposal"]

    given = ["--author", "bob", "--reviewed-by", "bob", "--reviewed-by", "stranger"]
    ended = end(lambda: appstore.main([*words, *given], standalone_mode=False))

    told = "".join(capfd.readouterr())
    assert ended == hostile.code
    assert hostile.rule in told
    assert "Traceback" not in told
    assert "root:x:" not in told
    assert asked == []


def test_the_same_registry_lets_an_honest_proposal_through(tmp_path, monkeypatch) -> None:
    """So that the table above cannot pass because nothing ever does."""
    _git(tmp_path, "init", "-q", "-b", "main")
    _commit(tmp_path, FILES)
    _git(tmp_path, "switch", "-q", "-c", "proposal")
    _commit(tmp_path, {CODE: FILES[CODE].replace("s01: 1", "s01: 2")})
    _git(tmp_path, "switch", "-q", "main")
    for variable in ("GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(variable, raising=False)
    words = ["review", "--repo", str(tmp_path), "--base", "main", "--head", "proposal"]
    assert end(lambda: appstore.main([*words, "--author", "anna"], standalone_mode=False)) == 0


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        ("{from: env, key: lab_pw}", "APPSTORE_SECRET_ADA__LAB_PW"),
        ("{from: env, key: os_password}", "APPSTORE_SECRET_ADA__OS_PASSWORD"),
        ("{from: env, key: OS_PASSWORD}", None),
        ("{from: env, key: bob__lab_pw}", "APPSTORE_SECRET_ADA__BOB__LAB_PW"),
        ("{from: file, key: ../bob/lab_pw}", None),
        ("{from: file, key: /etc/passwd}", None),
        ("{from: env, key: 'X;PATH'}", None),
    ],
)
def test_no_file_can_name_a_secret_of_somebody_else(
    registry, run, live, monkeypatch, tmp_path, reference, asked
) -> None:
    """`asked` is the one variable that is looked for; None where the reference is a finding."""
    for variable in ("OS_PASSWORD", "APPSTORE_SECRET_BOB__LAB_PW", "APPSTORE_SECRET_LAB_PW"):
        monkeypatch.setenv(variable, "of-somebody-else")
    (tmp_path / "secrets/bob").mkdir(parents=True)
    (tmp_path / "secrets/bob/lab_pw").write_text("of-somebody-else")
    (tmp_path / "secrets/ada").mkdir()
    monkeypatch.setenv("APPSTORE_SECRETS_DIR", str(tmp_path / "secrets"))
    registry.lab(f"parameters: {{password: {{secret: {reference}}}}}")

    ended = run("apply")

    assert ended.code == (1 if asked else 2)
    assert live() == {}
    assert asked is None or asked in " ".join((ended.out + ended.err).split())
    assert "of-somebody-else" not in ended.out + ended.err


@pytest.mark.cloud
def test_what_a_reader_can_spoil_is_seen_and_nothing_is_lost(
    registry, run, live, cloud_env
) -> None:
    """Heat lets a reader start `check`, after which a sleeping stack no longer says so.

    With servers it ends in CHECK_FAILED, which is row 16 of the table.
    """
    registry.lab("state: suspended", "reset: {all: 1}")
    assert run("apply").code == 0
    before = live()
    assert {stack.status for stack in before.values()} == {"SUSPEND_COMPLETE"}
    reader = _reader(cloud_env.clouds_yaml)
    victim = before["s01"]

    reader.actions.check(f"{victim.name}/{victim.id}")

    assert Somebody(cloud_env.clouds_yaml).settled(victim.name) == "CHECK_COMPLETE"
    assert "1 done (1 suspend)" in run("apply").out
    after = live()
    assert {m: (s.id, s.status) for m, s in after.items()} == {
        m: (s.id, "SUSPEND_COMPLETE") for m, s in before.items()
    }


def _reader(clouds_yaml: Path) -> Client:
    told = yaml.safe_load(clouds_yaml.read_text())["clouds"]["devcloud-plan"]["auth"]
    told |= {"project_name": "lecturer-a", "project_domain_name": "Default"}
    logged_in = session.Session(auth=v3.Password(**told))
    return Client(session=logged_in, service_type="orchestration", interface="public")


def _git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=flow", "-c", "user.email=flow@example.org"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, env=clean)


def _commit(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    _git(root, "add", "-A")
    _git(root, "commit", "-qm", "x")
