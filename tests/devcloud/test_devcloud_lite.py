"""The embedded Keystone and Heat, brought up, hurt and taken down for real."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appstore.devcloud import cloud, processes, settings
from appstore.devcloud.shape import HOST, SERVICES, Variant
from appstore.devcloud.waiting import until
from appstore.errors import AppstoreError

pytestmark = pytest.mark.cloud

COMMAND = "from appstore.cli.main import main; main()"


@dataclass(frozen=True)
class Lite:
    """A lite cloud of these tests alone, with the environment of its commands."""

    state: Path
    environment: dict[str, str]

    def command(self, *words: str) -> subprocess.Popen[str]:
        """The command as a person types it."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, "devcloud", *words, "--state", str(self.state)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        """Its exit code and output."""
        with self.command(*words) as running:
            return running.wait(), running.stdout.read() if running.stdout else ""

    def pids(self) -> dict[str, list[int]]:
        """The processes of each service."""
        return processes.running(self.state)


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lite]:
    """Begun by an `up` that is killed half-way and finished by two at the same time."""
    home = tmp_path_factory.mktemp("home")
    state = home / "state"
    one = Lite(state, os.environ | {"XDG_CONFIG_HOME": str(home / "config")})
    with one.command("up", "--lite") as first:
        assert until(lambda: processes.running(state) or first.poll() is not None, 300)
        assert first.poll() is None
        first.kill()
    with one.command("up", "--lite") as second, one.command("up", "--lite") as third:
        outputs = [running.communicate()[0] for running in (second, third)]
        assert [second.returncode, third.returncode] == [0, 0], outputs
    assert any("waiting for another" in output for output in outputs)
    yield one
    cloud.down(state)
    assert processes.running(state) == {}


def test_a_second_up_changes_nothing(lite: Lite) -> None:
    before = lite.pids()
    assert sorted(before) == ["heat", "keystone"]
    assert all(len(pids) == 1 for pids in before.values())
    began = time.monotonic()
    running = cloud.up(Variant.LITE, lite.state)
    assert time.monotonic() - began < 2
    assert lite.pids() == before
    assert [one.healthy for one in running.services] == [True, True]


@pytest.mark.parametrize("name", ["heat", "keystone"])
def test_up_starts_only_what_was_killed(lite: Lite, name: str) -> None:
    before = lite.pids()
    os.kill(before[name][0], signal.SIGKILL)
    assert until(lambda: name not in lite.pids(), 5)
    code, output = lite.run("status")
    assert code == 1
    assert "not running" in output
    cloud.up(Variant.LITE, lite.state)
    after = lite.pids()
    assert after.pop(name) != before.pop(name)
    assert after == before


def test_status_tells_each_service(lite: Lite) -> None:
    code, output = lite.run("status", "--json")
    assert code == 0
    services = {one["name"]: one for one in json.loads(output)["services"]}
    assert list(services) == ["keystone", "heat"]
    for name, one in services.items():
        assert [one["pid"]] == lite.pids()[name]
        assert one["trouble"] == ""
        assert Path(one["log"]).exists()


def test_the_ordinary_client_works_for_the_store_and_for_a_lecturer(lite: Lite) -> None:
    client = cloud.up(Variant.LITE, lite.state).openstack
    asked = [
        subprocess.Popen(
            [client, "--os-cloud", name, "stack", "list"],
            env=os.environ | {"OS_CLIENT_CONFIG_FILE": str(lite.state / "clouds.yaml")},
            stdout=subprocess.DEVNULL,
        )
        for name in ("devcloud", "devcloud-plan", "lecturer-b")
    ]
    assert [one.wait() for one in asked] == [0, 0, 0]


def test_every_file_is_for_its_owner_alone(lite: Lite) -> None:
    loose = [one for one in lite.state.rglob("*") if one.stat().st_mode & 0o077]
    assert loose == []
    assert lite.state.stat().st_mode & 0o777 == 0o700


def listening_addresses(pids: set[int]) -> set[str]:
    """The local addresses, as the kernel writes them, on which the processes listen."""
    sockets = set()
    for pid in pids:
        for one in Path(f"/proc/{pid}/fd").iterdir():
            if one.is_symlink() and (target := os.readlink(one)).startswith("socket:["):
                sockets.add(target.removeprefix("socket:[").removesuffix("]"))
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            unconnected = set(fields[2].split(":")[0]) == {"0"}
            if unconnected and fields[9] in sockets:
                found.add(fields[1].split(":")[0])
    return found


def test_nothing_listens_beyond_loopback(lite: Lite) -> None:
    pids = {pid for found in lite.pids().values() for pid in found}
    assert listening_addresses(pids) == {"0100007F"}


def test_no_secret_is_on_a_command_line_or_in_a_log(lite: Lite) -> None:
    told = settings.load(lite.state)
    assert told
    places = [*(lite.state / "log").iterdir(), *Path("/proc").glob("[0-9]*/cmdline")]
    for path in places:
        try:
            content = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        assert not [name for name, word in told.secrets.items() if word in content], path


def test_a_taken_port_is_told_and_mended_once_it_is_free(lite: Lite) -> None:
    told = settings.load(lite.state)
    assert told
    os.kill(lite.pids()["heat"][0], signal.SIGKILL)
    assert until(lambda: "heat" not in lite.pids(), 5)
    port = told.ports["heat"]
    assert until(lambda: settings.is_free(port), 5)
    with (
        socket.create_server((HOST, port)),
        pytest.raises(AppstoreError, match="is taken by another program"),
    ):
        cloud.up(Variant.LITE, lite.state)
    cloud.up(Variant.LITE, lite.state)


def test_down_leaves_no_process_and_up_finds_everything_again(lite: Lite) -> None:
    before = settings.load(lite.state)
    assert lite.run("down")[0] == 0
    assert lite.pids() == {}
    code, output = lite.run("status")
    assert code == 1
    assert output.count("not running") == len(SERVICES[Variant.LITE])
    cloud.up(Variant.LITE, lite.state)
    assert settings.load(lite.state) == before


def test_wiping_forgets_the_cloud_and_its_clouds_yaml(lite: Lite) -> None:
    published = Path(lite.environment["XDG_CONFIG_HOME"]) / "openstack" / "clouds.yaml"
    assert published.exists()
    assert lite.run("down", "--wipe")[0] == 0
    assert not lite.state.exists()
    assert not published.exists()
    assert lite.run("status")[0] == 1
