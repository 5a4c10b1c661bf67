"""Writing a file of the work tree that a person may be editing at the same time."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appstore.errors import AppstoreError, Refused


def replace_file(repo: Path, path: str, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before` at once, keeping the file's mode.

    Raises Refused when the file no longer holds `before`, or lies behind a link: nothing is
    written then. A reader sees the old file or the new one, never a part.
    """
    try:
        with _folder(repo, path) as folder:
            _replace(folder, path, before, after)
    except OSError as error:
        raise AppstoreError(
            f"{path} cannot be written: {error.strerror}.", "Check who may write there."
        ) from error


def _replace(folder: int, path: str, before: bytes, after: bytes) -> None:
    name = os.path.basename(path)
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with open(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if file.read() != before:
            raise Refused(
                f"{path} was changed by somebody else in the meantime; nothing is written to it.",
                "Run the same command again: it starts from the file as it is now.",
            )
    new = f".{name}.{os.getpid()}.new"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(after)
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        os.replace(new, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(new, dir_fd=folder)
        raise


@contextmanager
def _folder(repo: Path, path: str) -> Iterator[int]:
    """The folder of a file, opened step by step: a link on the way is an error."""
    here = os.open(repo, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.split("/")[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)
