"""The services' own virtual environment: made once per set of pinned packages and Python."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from appstore.devcloud.files import (
    Progress,
    appending,
    disk_errors_explained,
    locked,
    write_private,
)
from appstore.devcloud.places import cache_folder, constraints, sources
from appstore.devcloud.shape import Variant
from appstore.devcloud.waiting import until
from appstore.errors import AppstoreError

SILENCE_SECONDS = 15.0

# What pip or ensurepip print -> what is wrong, what to do. The first that occurs is told.
KNOWN_FAILURES = (
    (
        "ensurepip",
        "This Python cannot make virtual environments.",
        "Install its venv module (Debian, Ubuntu: `apt install python3-venv`).",
    ),
    ("No space left on device", "The disk is full.", "A full cloud needs 1 GB in {folder}."),
    (
        "DO NOT MATCH THE HASHES",
        "A package differs from the pinned one.",
        "The index that pip uses may offer builds of its own; see `pip config list`.",
    ),
    (
        "Could not find a version",
        "pip cannot get a package: there is no network, or its index lacks it.",
        "Check the network and `pip config list`.",
    ),
)


@dataclass(frozen=True)
class Environment:
    """A finished virtual environment and the name of what is in it."""

    path: Path
    release: str

    @property
    def python(self) -> Path:
        """The interpreter that has OpenStack."""
        return self.path / "bin" / "python"


def release(variant: Variant) -> str:
    """A short name of the pinned packages together with the Python that runs them."""
    python = ".".join(str(part) for part in sys.version_info[:2])
    pins = [path.read_text() for path in (constraints(variant), sources(variant)) if path]
    lines = "".join(pins).splitlines(keepends=True)
    content = "".join(line for line in lines if not line.startswith("#")) + python
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def environment(variant: Variant) -> Environment:
    """Where that variant's virtual environment is, finished or not."""
    name = release(variant)
    return Environment(cache_folder() / f"venv-{variant}-{name}", name)


def is_finished(made: Environment) -> bool:
    """Whether the installation went to its end and its interpreter is still there."""
    return (made.path / "finished").exists() and made.python.exists()


def ensure(variant: Variant, progress: Progress) -> Environment:
    """The variant's virtual environment, installed if it is not there yet."""
    made = environment(variant)
    if is_finished(made):
        return made
    lock_file = made.path.with_suffix(".lock")
    with disk_errors_explained(made.path), locked(lock_file, progress) as lock:
        if not is_finished(made):
            _install(made, variant, progress, lock)
    return made


def _install(made: Environment, variant: Variant, progress: Progress, lock: int) -> None:
    # What a killed run left cannot be told from what it had finished.
    shutil.rmtree(made.path, ignore_errors=True)
    made.path.mkdir(mode=0o700)
    run = Commands(made.path, lock, progress)
    pins = constraints(variant)
    count = pins.read_text().count("==")
    run("make a virtual environment", [sys.executable, "-m", "venv", made.path])
    # No dependency resolution: the list is complete. Wheels only: nothing is built or executed.
    # No bytecode: most of these modules are never imported, the rest is compiled when it is.
    pip: list[str | Path] = [
        *(made.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "--no-deps", "--no-compile", "--progress-bar", "off"),
    ]
    run(f"install {count} pinned packages", [*pip, "--only-binary", ":all:", "-r", pins])
    if rest := sources(variant):
        # Without isolation the pinned setuptools builds them; with it pip would fetch another.
        build = ("--no-binary", ":all:", "--no-build-isolation")
        run("build the packages that have no wheel", [*pip, *build, "-r", rest])
    write_private(made.path / "finished", "")


@dataclass(frozen=True)
class Commands:
    """Runs the steps of an installation, each with its time, into one log."""

    folder: Path
    lock: int
    progress: Callable[[str], None]

    def __call__(self, what: str, command: Sequence[str | Path]) -> None:
        began = time.monotonic()
        self.progress(f"{what} ...")
        log = self.folder / "install.log"
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in {"PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
        }
        with appending(log) as out:
            running = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=kept,
                pass_fds=[self.lock],
            )
        with running:
            while not until(lambda: running.poll() is not None, SILENCE_SECONDS, every=0.1):
                self.progress(f"{what}: {time.monotonic() - began:.0f} s so far")
        if running.returncode:
            raise explained(what, log)
        self.progress(f"{what}: {time.monotonic() - began:.1f} s")


def explained(what: str, log: Path) -> AppstoreError:
    """Why a step failed, as far as its output tells."""
    output = log.read_text(errors="replace")
    for sign, reason, advice in KNOWN_FAILURES:
        if sign in output:
            advice = advice.format(folder=log.parent.parent)
            return AppstoreError(
                f"Could not {what}: {reason[0].lower()}{reason[1:]}", f"{advice} Log: {log}"
            )
    return AppstoreError(f"Could not {what}.", f"The end of {log} says why.")
