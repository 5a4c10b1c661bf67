"""The bench on which stand-in and real Heat are tried alike; the scripted cloud for faults."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from cloud_samples import Bench, RealClock, password_credential, run_id
from cloud_server import FakeOpenStack, serving
from heat_standin import FakeClock, StandInHeat
from urllib3.util import retry

from appstore.cloud.cloud import Cloud, open_cloud
from appstore.cloud.credentials import Purpose


@pytest.fixture(params=["standin", pytest.param("real", marks=pytest.mark.cloud)])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """First the stand-in, then a project of the embedded Heat, left as it was found."""
    prefix = f"contract-{uuid4().hex[:8]}-"
    if request.param == "standin":
        clock = FakeClock()
        yield Bench(StandInHeat(clock), clock, prefix)
        return
    request.getfixturevalue("cloud_env")
    with open_cloud("devcloud", Purpose.WRITE, run_id()) as cloud:
        heat = cloud.heat(cloud.project("lecturer-c"))
        yield Bench(heat, RealClock(), prefix)
        for stack in heat.listing().stacks:
            if stack.name.startswith(prefix):
                heat.delete(stack)


@pytest.fixture
def server() -> Iterator[FakeOpenStack]:
    """A scripted Keystone and Heat."""
    with serving() as running:
        yield running


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that retries make, noted down and not waited for."""
    noted: list[float] = []
    monkeypatch.setattr(retry, "time", SimpleNamespace(sleep=noted.append, time=time.time))
    return noted


@pytest.fixture
def no_openstack_env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No OS_* and no clouds.yaml of the person who runs the tests."""
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))


@pytest.fixture
def cloud(server: FakeOpenStack) -> Iterator[Cloud]:
    """A cloud at the scripted server, by password."""
    with Cloud(password_credential(server.url), run_id()) as opened:
        yield opened
