"""The command as a person runs it, against the real Heat."""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flow_proxy import Proxy, proxying
from flow_registry import FlowRegistry
from flow_sweep import sweep

from appstore.cli.ending import end
from appstore.cli.logs import LOGGER
from appstore.cli.main import appstore
from appstore.cli.runid import RUN_ID
from appstore.cloud.cloud import open_cloud
from appstore.cloud.credentials import Purpose
from appstore.reconcile.live import LiveStack

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Ended:
    """One run of the command."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]
Live = Callable[[], Mapping[str, LiveStack]]


@pytest.fixture
def registry(tmp_path: Path) -> FlowRegistry:
    """A registry of this test's own: no other test or test run knows its owner id and course."""
    return FlowRegistry.make(tmp_path / "registry", f"f{os.getpid() % 100_000}-{next(_numbers)}")


@pytest.fixture
def run(
    registry: FlowRegistry,
    cloud_env: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """`run("plan")`: one verb on this test's registry, or on another clone of it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("CI", raising=False)

    def one(verb: str, *arguments: str, at: Path | None = None) -> Ended:
        capsys.readouterr()
        words = [verb, *arguments, "--repo", str(at or registry.root)]
        code = end(lambda: appstore.main(words, standalone_mode=False))
        for handler in list(LOGGER.handlers):
            handler.close()
            LOGGER.removeHandler(handler)
        return Ended(code, *capsys.readouterr())

    yield one
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(cloud_env.clouds_yaml))
    _delete_all(registry.course)


@pytest.fixture
def proxy(
    run: Run, cloud_env: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Proxy]:
    """Everything that the command sends from now on goes through this proxy."""
    with proxying(cloud_env.clouds_yaml.read_text()) as (proxy, text):
        clouds_yaml = tmp_path / "clouds.yaml"
        clouds_yaml.write_text(text)
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(clouds_yaml))
        yield proxy


@pytest.fixture
def live(registry: FlowRegistry, cloud_env: object) -> Live:
    """The stacks of this test's course by member, as Heat lists them now."""
    prefix = f"{registry.course}--lab--"

    def now() -> Mapping[str, LiveStack]:
        with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
            stacks = cloud.heat(cloud.project("lecturer-a")).listing().stacks
        return {s.name.removeprefix(prefix): s for s in stacks if s.name.startswith(prefix)}

    return now


def _delete_all(course: str) -> None:
    with open_cloud("devcloud", Purpose.WRITE, RUN_ID) as cloud:
        sweep(cloud.heat(cloud.project("lecturer-a")), f"{course}--")
