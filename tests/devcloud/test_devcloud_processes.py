"""Which processes belong to a cloud."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from appstore.devcloud import processes
from appstore.devcloud.waiting import until

STATE = Path("/state")


@pytest.mark.parametrize(
    ("words", "service"),
    [
        (["/venv/bin/python", "-P", "-m", "devcloud.launch", "heat", "/state"], "heat"),
        (["/venv/bin/python", "-P", "-m", "devcloud.launch", "heat", "/state2"], None),
        (["/venv/bin/python", "-P", "-m", "devcloud.launch", "heat"], None),
        (["/venv/bin/python", "-P", "-m", "devcloud.launch", "heat", "/state", "x"], None),
        (["/venv/bin/python", "-P", "-m", "devcloud.seed", "/state", "identity"], None),
        (["vim", "/state"], None),
        (["grep", "-P -m devcloud.launch heat /state"], None),
        ([], None),
    ],
)
def test_a_process_belongs_to_a_cloud_by_its_whole_command_line(
    words: list[str], service: str | None
) -> None:
    line = b"".join(os.fsencode(word) + b"\0" for word in words)
    assert processes.service_of(line, STATE) == service


def test_a_process_that_is_not_of_the_cloud_is_not_stopped(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        processes.stop(stranger.pid, tmp_path)
        assert stranger.poll() is None
        stranger.communicate(b"\n")
    processes.stop(stranger.pid, tmp_path)


def test_a_process_that_ignores_the_polite_signal_is_ended(tmp_path: Path) -> None:
    launcher = tmp_path / "devcloud"
    launcher.mkdir()
    (launcher / "__init__.py").touch()
    (launcher / "launch.py").write_text(
        "import signal\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True)\n"
        "signal.pause()\n"
    )
    command = [sys.executable, *processes.LAUNCHER, "deaf", tmp_path]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as deaf:
        assert deaf.stdout
        assert deaf.stdout.readline() == b"deaf\n"
        assert processes.running(tmp_path) == {"deaf": [deaf.pid]}
        processes.stop(deaf.pid, tmp_path, patience=0.2)
        assert until(lambda: deaf.poll() is not None, 5)
    assert processes.running(tmp_path) == {}


def test_services_see_neither_credentials_nor_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OS_PASSWORD", "https_proxy", "HTTP_PROXY", "PYTHONSTARTUP", "APPSTORE_X"):
        monkeypatch.setenv(name, "theirs")
    assert "theirs" not in processes.environment(Path("/venv"), STATE).values()
