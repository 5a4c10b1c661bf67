"""The real parts that every test may ask for: one embedded OpenStack for the whole run."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The machine may be busy, and 2 cores are shared with a whole OpenStack: no law is about time.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.register_profile("thorough", parent=settings.get_profile("busy"), max_examples=500)
settings.load_profile(os.environ.get("APPSTORE_TEST_LAWS", "busy"))


@pytest.fixture(autouse=True)
def closed_log() -> Iterator[None]:
    """A test that runs a verb opens its log; it is closed, and as silent as before, at the end."""
    yield
    log = logging.getLogger("appstore")
    for handler in list(log.handlers):
        handler.close()
        log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


@dataclass(frozen=True, slots=True)
class HeatCloud:
    """A running embedded Keystone and Heat; `clouds_yaml` holds its credentials."""

    state: Path
    clouds_yaml: Path


@pytest.fixture(scope="session")
def heat_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeatCloud]:
    """Started once per test run in a state folder of its own, and ended with it.

    `APPSTORE_TEST_CLOUD` names the state folder of one that already runs, for work on a few tests.
    """
    from appstore.devcloud import cloud
    from appstore.devcloud.shape import Variant

    running = os.environ.get("APPSTORE_TEST_CLOUD")
    state = Path(running) if running else tmp_path_factory.mktemp("devcloud")
    up = cloud.up(Variant.LITE, state)
    yield HeatCloud(state, up.clouds_yaml)
    if not running:
        cloud.down(state)


@pytest.fixture(scope="session")
def full_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeatCloud]:
    """The same with Nova, Neutron, Glance, Placement, Barbican and guests.

    `APPSTORE_TEST_FULL_CLOUD` names the state folder of one that already runs.
    """
    from appstore.devcloud import cloud
    from appstore.devcloud.shape import Variant

    running = os.environ.get("APPSTORE_TEST_FULL_CLOUD")
    state = Path(running) if running else tmp_path_factory.mktemp("full-devcloud")
    up = cloud.up(Variant.FULL, state)
    yield HeatCloud(state, up.clouds_yaml)
    if not running:
        cloud.down(state)


@pytest.fixture
def cloud_env(heat_cloud: HeatCloud, monkeypatch: pytest.MonkeyPatch) -> HeatCloud:
    """The environment in which every OpenStack tool finds the embedded cloud, and nothing else."""
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(heat_cloud.clouds_yaml))
    return heat_cloud
