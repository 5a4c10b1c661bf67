"""Brings the embedded cloud up, takes it down, says how it is.

Everything may be interrupted anywhere: each step looks at what is there and does what is missing.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from appstore.devcloud import clouds_yaml, processes, settings, venv
from appstore.devcloud.files import (
    Progress,
    disk_errors_explained,
    locked,
    private_folder,
    write_private,
)
from appstore.devcloud.health import answer
from appstore.devcloud.places import INSIDE, own_clouds_yaml, plain
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import SERVICES, Service, Variant
from appstore.devcloud.waiting import until
from appstore.errors import AppstoreError

START_SECONDS = 120.0
BUSY_SECONDS = 30.0

# Everything that a state folder may hold; `down --wipe` removes nothing else.
CONTENT = ("clouds.yaml", "db", "done", "etc", "log", "plugins", "data", settings.NAME, "lock")


@dataclass(frozen=True)
class ServiceStatus:
    """How one service is; `trouble` is empty when it answers."""

    name: str
    pid: int | None
    port: int
    url: str
    log: Path
    trouble: str

    @property
    def healthy(self) -> bool:
        """Whether the service answered just now."""
        return not self.trouble


@dataclass(frozen=True)
class Running:
    """A cloud that is up."""

    variant: Variant
    state: Path
    clouds_yaml: Path
    openstack: Path
    services: tuple[ServiceStatus, ...]


def quiet(line: str) -> None:
    """Progress for nobody."""


def up(variant: Variant, state: Path, progress: Progress = quiet) -> Running:
    """Bring the cloud up and return once every service answers and the seeds are in.

    On a healthy cloud this changes nothing. Of a damaged one only what is dead is started.
    """
    state = plain(state.resolve())
    with disk_errors_explained(state):
        _claim(state)
        with locked(state / "lock", progress):
            told = _settings(variant, state)
            if not (_is_seeded(state, told) and all(one.healthy for one in _look(state, told))):
                _bring_up(state, told, progress)
            return Running(
                variant,
                state,
                state / "clouds.yaml",
                venv.environment(variant).path / "bin" / "openstack",
                _look(state, told),
            )


def _claim(state: Path) -> None:
    """Make the folder, or refuse one that holds something else."""
    if state.is_dir() and not set(CONTENT).intersection(one.name for one in state.iterdir()):
        if any(state.iterdir()):
            raise AppstoreError(
                f"{state} holds other things than a cloud.", "Name an empty folder with --state."
            )
        state.chmod(0o700)
    private_folder(state)


def _settings(variant: Variant, state: Path) -> Settings:
    told = settings.load(state)
    if told is None:
        if (state / "db").exists():
            raise AppstoreError(
                f"{state} has databases but its {settings.NAME} is gone.",
                f"Start afresh: `appstore devcloud down --wipe --state {state}`, then `up`.",
            )
        told = settings.fresh(variant, venv.release(variant))
        settings.save(state, told)
    if told.variant is not variant:
        raise AppstoreError(
            f"{state} holds a {told.variant} cloud, not a {variant} one.",
            "Name another folder with --state, or wipe this one with `down --wipe`.",
        )
    if told.release != venv.release(variant):
        raise AppstoreError(
            f"The cloud in {state} was made with other package versions.",
            f"Start afresh: `appstore devcloud down --wipe --state {state}`, then `up`.",
        )
    return told


def _bring_up(state: Path, told: Settings, progress: Progress) -> None:
    from appstore.devcloud import config, databases

    made = venv.ensure(told.variant, progress)
    databases.place(told.variant, databases.golden(told.variant, made, progress), state)
    for name in ("log", "done", "plugins"):
        private_folder(state / name)
    config.write(state, told, made)
    clouds_yaml.write(state, told)
    everything = SERVICES[told.variant]
    _start([one for one in everything if one.early], state, told, made, progress)
    _seed(state, told, made, ["identity"], progress)
    late = [one for one in everything if not one.early]
    _start(late, state, told, made, progress)


def _start(
    services: Iterable[Service],
    state: Path,
    told: Settings,
    made: venv.Environment,
    progress: Progress,
) -> None:
    began = time.monotonic()
    alive = processes.running(state)
    started = []
    for one in services:
        if _answers_or_is_stopped(one, alive.get(one.name, []), state, told):
            continue
        if not settings.is_free(told.ports[one.name]):
            raise AppstoreError(
                f"Port {told.ports[one.name]}, which belongs to {one.name}, is taken by another "
                "program.",
                "Stop that program, or give the cloud new ports with `down --wipe` and `up`.",
            )
        processes.start(made.path, state, one.name)
        started.append(one)
    for one in started:
        _await(one, state, told)
        progress(f"start {one.name}: {time.monotonic() - began:.1f} s")


def _answers_or_is_stopped(one: Service, pids: list[int], state: Path, told: Settings) -> bool:
    """Whether a running service answers; a busy one gets time, a stuck one is ended."""
    port = told.ports[one.name]
    if bool(pids) and until(lambda: not answer(one, port), BUSY_SECONDS):
        return True
    for pid in pids:
        processes.stop(pid, state)
    return False


def _await(one: Service, state: Path, told: Settings) -> None:
    def settled() -> bool:
        dead = one.name not in processes.running(state)
        return dead or not answer(one, told.ports[one.name])

    until(settled, START_SECONDS)
    if trouble := answer(one, told.ports[one.name]):
        raise AppstoreError(
            f"{one.name} did not start: {trouble}.",
            f"The end of {processes.log_of(state, one.name)} says why.",
        )


def _seed_mark(variant: Variant) -> str:
    """Names the seeds, so that a changed seed is planted into an older cloud."""
    sources = sorted((INSIDE / "devcloud").glob("seed*.py"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()


def _is_seeded(state: Path, told: Settings) -> bool:
    mark = state / "done" / "seed"
    return mark.exists() and mark.read_text() == _seed_mark(told.variant)


def _seed(
    state: Path, told: Settings, made: venv.Environment, what: list[str], progress: Progress
) -> None:
    if _is_seeded(state, told):
        return
    began = time.monotonic()
    log = processes.log_of(state, "seed")
    with log.open("ab") as out:
        done = subprocess.run(
            [made.python, "-P", "-m", "devcloud.seed", state, *what],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=processes.environment(made.path, state),
            check=False,
        )
    if done.returncode:
        raise AppstoreError("The cloud could not be filled.", f"The end of {log} says why.")
    write_private(state / "done" / "seed", _seed_mark(told.variant))
    progress(f"fill in {', '.join(what)}: {time.monotonic() - began:.1f} s")


def _look(state: Path, told: Settings) -> tuple[ServiceStatus, ...]:
    alive = processes.running(state)

    def look(one: Service) -> ServiceStatus:
        port = told.ports[one.name]
        pids = alive.get(one.name, [])
        trouble = answer(one, port) if pids else "not running"
        log = processes.log_of(state, one.name)
        return ServiceStatus(
            one.name, pids[0] if pids else None, port, told.url(one.name), log, trouble
        )

    return tuple(look(one) for one in SERVICES[told.variant])


def status(state: Path) -> tuple[ServiceStatus, ...]:
    """How each service is; empty where no cloud was ever brought up."""
    state = plain(state.resolve())
    told = settings.load(state)
    return _look(state, told) if told else ()


def down(state: Path, wipe: bool = False, progress: Progress = quiet) -> None:
    """Stop every process of the cloud; with `wipe` forget the cloud altogether."""
    state = plain(state.resolve())
    if not (state / "lock").exists():
        return
    with disk_errors_explained(state), locked(state / "lock", progress):
        for name, pids in sorted(processes.running(state).items()):
            for pid in pids:
                processes.stop(pid, state)
                progress(f"stopped {name} (pid {pid})")
        if wipe:
            clouds_yaml.withdraw(state, own_clouds_yaml())
            _wipe(state)
            progress(f"removed {state}")


def _wipe(state: Path) -> None:
    for name in CONTENT:
        path = state / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if not any(state.iterdir()):
        state.rmdir()
