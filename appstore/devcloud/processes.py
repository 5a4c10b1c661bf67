"""The cloud's processes: found by what they are, not by a number that was written down.

A process belongs to a cloud when its command line says so (`-m devcloud.launch SERVICE STATE`). So
there are no pid files to go stale, a reused pid is never ours, and `down` finds what a killed `up`
left behind.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from appstore.devcloud.files import appending
from appstore.devcloud.places import INSIDE
from appstore.errors import AppstoreError

LAUNCHER = ("-P", "-m", "devcloud.launch")
LOG_LIMIT = 10_000_000


def service_of(command_line: bytes, state: Path) -> str | None:
    """The service that a command line runs for that state folder, if it does."""
    words = command_line.split(b"\0")
    match [os.fsdecode(word) for word in words]:
        case [_, *launcher, service, folder, ""] if tuple(launcher) == LAUNCHER:
            return service if folder == str(state) else None
    return None


def running(state: Path) -> dict[str, list[int]]:
    """The pids of each service of that cloud; more than one only while a start goes wrong."""
    found: dict[str, list[int]] = {}
    for pid in _pids():
        if service := _service(pid, state):
            found.setdefault(service, []).append(pid)
    return found


def _pids() -> Iterator[int]:
    return (int(name) for name in os.listdir("/proc") if name.isdigit())


def _service(pid: int, state: Path) -> str | None:
    try:
        # Empty for a zombie: that one is dead, only its parent has not asked yet.
        return service_of(Path(f"/proc/{pid}/cmdline").read_bytes(), state)
    except OSError:
        return None


def environment(venv: Path, state: Path) -> dict[str, str]:
    """What a process of the cloud sees of the world.

    The caller's credentials stay out of it, and so do proxies, which cannot reach this loopback.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("OS_", "PYTHON", "APPSTORE_"))
        and not name.lower().endswith("_proxy")
    }
    return kept | {
        "PATH": f"{venv / 'bin'}:{kept.get('PATH', os.defpath)}",
        "PYTHONPATH": os.pathsep.join((str(INSIDE), str(state / "plugins"))),
        "PYTHONWARNINGS": "ignore",
        # One arena per core and thread would triple the memory of processes with 30 threads.
        "MALLOC_ARENA_MAX": "2",
    }


def start(venv: Path, state: Path, service: str) -> None:
    """Launch the service into the background; it writes into its log from then on."""
    log = log_of(state, service)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with appending(log) as out:
        launched = subprocess.run(
            [venv / "bin" / "python", *LAUNCHER, service, state],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=environment(venv, state),
            cwd=state,
            check=False,
        )
    if launched.returncode:
        raise AppstoreError(f"{service} could not be launched.", f"The end of {log} says why.")


def log_of(state: Path, service: str) -> Path:
    """Where the service writes what it does."""
    return state / "log" / f"{service}.log"


def stop(pid: int, state: Path, patience: float = 5.0) -> None:
    """End the process if it is still one of that cloud: politely, then for certain.

    The handle is taken before the last look, so the pid cannot change hands between them.
    """
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if _service(pid, state) is None:
                return
            signal.pidfd_send_signal(handle, number)
            if select.select([handle], [], [], patience)[0]:
                return
    except ProcessLookupError:
        return
    finally:
        os.close(handle)
