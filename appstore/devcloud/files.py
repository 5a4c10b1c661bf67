"""Files for their owner's eyes, written whole or not at all; and locks between processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from appstore.errors import AppstoreError

Progress = Callable[[str], None]


def private_folder(path: Path) -> Path:
    """Make the folder, and those above it that are missing, for the owner alone."""
    for missing in [one for one in reversed([path, *path.parents]) if not one.exists()]:
        missing.mkdir(mode=0o700, exist_ok=True)
    return path


def write_private(path: Path, content: str | bytes) -> None:
    """Replace the file in one step, readable by the owner alone.

    A killed writer leaves the old file, or none; never half a file.
    """
    data = content.encode() if isinstance(content, str) else content
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def appending(path: Path) -> BinaryIO:
    """A log, made for its owner alone, open at its end."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


@contextmanager
def locked(path: Path, progress: Progress) -> Iterator[int]:
    """Hold a lock file while the block runs; yields its descriptor.

    Children that inherit the descriptor keep the lock: a `pip` that outlives a killed `up` is
    waited for instead of being disturbed.
    """
    private_folder(path.parent)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _wait_for(descriptor, path, progress)
            if _is_still(descriptor, path):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _wait_for(descriptor: int, path: Path, progress: Progress) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        progress(f"waiting for another devcloud command that works in {path.parent}")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(descriptor: int, path: Path) -> bool:
    """Whether the lock is still at its path: `down --wipe` may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def disk_errors_explained(path: Path) -> Iterator[None]:
    """Turn a full disk, a missing permission or a missing file into a sentence."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise AppstoreError(
            f"Cannot use {where}: {error.strerror or error}.",
            "Check the free space and the permissions, then run the command again.",
        ) from error
