"""The way from whatever is there to a cloud that runs; loaded only when something is to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from appstore.devcloud import (
    clouds_yaml,
    config,
    databases,
    golden,
    processes,
    seeding,
    settings,
    venv,
)
from appstore.devcloud.files import Progress, private_folder
from appstore.devcloud.health import answers, ask
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import SEEDS, SERVICES, Service, Variant
from appstore.devcloud.waiting import until
from appstore.errors import AppstoreError

START_SECONDS = 120.0
BUSY_SECONDS = 30.0
RELEASE_SECONDS = 3.0


def bring_up(state: Path, told: Settings, progress: Progress) -> None:
    """Install, write, start and fill in whatever is missing."""
    made = venv.ensure(told.variant, progress)
    if names := databases.missing(told.variant, state):
        databases.place(names, golden.ensure(told.variant, made, progress), state)
    if told.variant is Variant.FULL:
        databases.tell_cells(state / "db")
    for name in ("log", "done", "plugins"):
        private_folder(state / name)
    config.write(state, told, made)
    clouds_yaml.write(state, told)
    services = SERVICES[told.variant]
    waves = [[one for one in services if one.wave == wave] for wave in range(3)]
    starter = Starter(state, told, made, progress)
    for wave, seed in zip_longest(waves, SEEDS[told.variant]):
        starter.start(wave)
        if seed:
            seeding.fill(seed, state, told, made, progress)


@dataclass(frozen=True)
class Starter:
    """Starts services of one cloud."""

    state: Path
    told: Settings
    made: venv.Environment
    progress: Progress

    def start(self, services: Sequence[Service]) -> None:
        """Start those that do not answer, side by side, and wait for them."""
        began = time.monotonic()
        alive = processes.running(self.state)
        dead = [one for one in services if not self._answers(one, alive.get(one.name, []))]
        for one in dead:
            self._launch(one)
        for one in dead:
            self._await(one)
            self.progress(f"start {one.name}: {time.monotonic() - began:.1f} s")

    def _answers(self, one: Service, pids: list[int]) -> bool:
        """Whether a running service answers; a busy one gets time, a stuck one is ended."""
        port = self.told.ports[one.name]
        if bool(pids) and until(lambda: answers(one, port), BUSY_SECONDS):
            return True
        for pid in pids:
            processes.stop(pid, self.state)
        return False

    def _launch(self, one: Service) -> None:
        port = self.told.ports[one.name]
        # A process that was just killed has lost its command line before it lets go of its port.
        if not until(lambda: settings.is_free(port), RELEASE_SECONDS):
            raise AppstoreError(
                f"Port {port}, which belongs to {one.name}, is taken by another program.",
                "Stop that program, or give the cloud new ports with `down --wipe` and `up`.",
            )
        processes.start(self.made.path, self.state, one.name)

    def _await(self, one: Service) -> None:
        port = self.told.ports[one.name]

        def settled() -> bool:
            return one.name not in processes.running(self.state) or answers(one, port)

        until(settled, START_SECONDS)
        if trouble := ask(one, port).trouble:
            log = processes.log_of(self.state, one.name)
            raise AppstoreError(
                f"{one.name} did not start: {trouble}.", f"The end of {log} says why."
            )
