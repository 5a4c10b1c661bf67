"""Brings the embedded cloud up, takes it down, says how it is."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from appstore.devcloud import clouds_yaml, processes, settings, venv
from appstore.devcloud.files import Progress, disk_errors_explained, locked, private_folder
from appstore.devcloud.health import Answer, ask
from appstore.devcloud.places import own_clouds_yaml, plain
from appstore.devcloud.seeding import is_seeded
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import SERVICES, Service, Variant
from appstore.errors import AppstoreError

# Everything that a state folder may hold; `down --wipe` removes nothing else.
CONTENT = ("clouds.yaml", "data", "db", "done", "etc", "log", "plugins", settings.NAME, "lock")


@dataclass(frozen=True)
class ServiceStatus:
    """How one service is; `trouble` is empty when it answers."""

    name: str
    pid: int | None
    port: int
    url: str
    log: Path
    trouble: str
    note: str

    @property
    def healthy(self) -> bool:
        """Whether the service answered just now."""
        return not self.trouble


@dataclass(frozen=True)
class Running:
    """A cloud that is up; `openstack` is a client that knows its services."""

    variant: Variant
    state: Path
    clouds_yaml: Path
    openstack: Path
    services: tuple[ServiceStatus, ...]


def quiet(line: str) -> None:
    """Progress for nobody."""


def up(variant: Variant, state: Path, progress: Progress = quiet) -> Running:
    """Bring the cloud up and return once every service answers and the seeds are in.

    On a healthy cloud this changes nothing. Of a damaged one only what is dead is started. It may
    be interrupted anywhere: each step looks at what is there and does what is missing.
    """
    state = plain(state.resolve())
    with disk_errors_explained(state):
        claim(state)
        with locked(state / "lock", progress):
            told = _settings(variant, state)
            services = look(state, told)
            if not (is_seeded(state, told) and all(one.healthy for one in services)):
                from appstore.devcloud import starting

                starting.bring_up(state, told, progress)
                services = look(state, told)
    client = venv.environment(variant).path / "bin" / "openstack"
    return Running(variant, state, state / "clouds.yaml", client, services)


def claim(state: Path) -> None:
    """Make the folder, or refuse one that holds something else."""
    private_folder(state)
    there = {one.name for one in state.iterdir()}
    if there and not there.intersection(CONTENT):
        raise AppstoreError(
            f"{state} holds other things than a cloud.", "Name an empty folder with --state."
        )
    if not there:
        state.chmod(0o700)


def _settings(variant: Variant, state: Path) -> Settings:
    afresh = f"Start afresh: `appstore devcloud down --wipe --state {state}`, then `up`."
    told = settings.load(state)
    if told is None:
        if (state / "db").exists():
            raise AppstoreError(f"{state} has databases but no {settings.NAME}.", afresh)
        told = settings.fresh(variant, venv.release(variant))
        settings.save(state, told)
    if told.variant is not variant:
        raise AppstoreError(
            f"{state} holds a {told.variant} cloud, not a {variant} one.",
            "Name another folder with --state, or wipe this one with `down --wipe`.",
        )
    if told.release != venv.release(variant):
        raise AppstoreError(f"The cloud in {state} was made with other packages.", afresh)
    return told


def look(state: Path, told: Settings) -> tuple[ServiceStatus, ...]:
    """How each service is at this moment."""
    alive = processes.running(state)

    def one_of(one: Service) -> ServiceStatus:
        port = told.ports[one.name]
        pid = next(iter(alive.get(one.name, [])), None)
        said = ask(one, port) if pid else Answer("not running")
        log = processes.log_of(state, one.name)
        return ServiceStatus(one.name, pid, port, told.url(one.name), log, said.trouble, said.note)

    return tuple(one_of(one) for one in SERVICES[told.variant])


def status(state: Path) -> tuple[ServiceStatus, ...]:
    """How each service is; empty where no cloud was ever brought up."""
    state = plain(state.resolve())
    told = settings.load(state)
    return look(state, told) if told else ()


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
