"""Fills the running cloud: users, projects, an image, a network. See `inside/devcloud/seed*.py`."""

from __future__ import annotations

import hashlib
import subprocess
import time
from pathlib import Path

from appstore.devcloud import processes
from appstore.devcloud.files import Progress, appending, write_private
from appstore.devcloud.places import INSIDE
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import SEEDS
from appstore.devcloud.venv import Environment
from appstore.errors import AppstoreError


def _mark(seed: str) -> str:
    """Names the seed's content, so that a changed seed is planted into an older cloud."""
    sources = [INSIDE / "devcloud" / name for name in ("seed.py", f"seed_{seed}.py")]
    return hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()


def _is_planted(seed: str, state: Path) -> bool:
    mark = state / "done" / f"seed-{seed}"
    return mark.exists() and mark.read_text() == _mark(seed)


def is_seeded(state: Path, told: Settings) -> bool:
    """Whether everything is filled in."""
    return all(_is_planted(seed, state) for seed in SEEDS[told.variant])


def fill(seed: str, state: Path, told: Settings, made: Environment, progress: Progress) -> None:
    """Plant one seed unless it is planted."""
    if _is_planted(seed, state):
        return
    began = time.monotonic()
    log = processes.log_of(state, "seed")
    with appending(log) as out:
        done = subprocess.run(
            [made.python, "-P", "-m", "devcloud.seed", state, seed],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=processes.environment(made.path, state),
            check=False,
        )
    if done.returncode:
        raise AppstoreError("The cloud could not be filled.", f"The end of {log} says why.")
    write_private(state / "done" / f"seed-{seed}", _mark(seed))
    progress(f"fill in {seed}: {time.monotonic() - began:.1f} s")
