"""Writing a file of a work tree in which a person may be editing at the same time."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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
            f"{path} cannot be written: {error.strerror}.",
            "Check who may write there, and how much room is left.",
        ) from error


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands in the place of a file: a link, a folder, or something that we may not read."""


def content_of(repo: Path, path: str) -> bytes | Unread | None:
    """What a file holds; None where there is nothing of that name. Links are never followed."""
    try:
        with _folder(repo, path) as folder:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(os.path.basename(path), flags, dir_fd=folder)
            with open(descriptor, "rb") as file:
                return file.read()
    except FileNotFoundError:
        return None
    except OSError:
        return Unread()


def create_file(repo: Path, path: str, content: bytes) -> None:
    """Write a file that does not exist yet, with the folders above it.

    Raises Refused when something is there already, AppstoreError when a folder above it is a
    link: nothing is written then. A reader sees no file or the whole one.
    """
    try:
        _make_folders(repo, path)
        with _folder(repo, path) as folder:
            _create(folder, os.path.basename(path), content)
    except FileExistsError as error:
        raise Refused(
            f"{path} exists already; nothing is written to it.", "Choose another name."
        ) from error
    except OSError as error:
        raise AppstoreError(
            f"{path} cannot be written: {error.strerror}.",
            "Check who may write there, and how much room is left.",
        ) from error


def _create(folder: int, name: str, content: bytes) -> None:
    with _written_beside(folder, name, content, _mode_of_new_files()) as new:
        # Unlike a rename, a link never takes the place of a file.
        os.link(new, name, src_dir_fd=folder, dst_dir_fd=folder)
        os.unlink(new, dir_fd=folder)


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
    with _written_beside(folder, name, after, mode) as new:
        os.replace(new, name, src_dir_fd=folder, dst_dir_fd=folder)


@contextmanager
def _written_beside(folder: int, name: str, content: bytes, mode: int) -> Iterator[str]:
    """The name of a complete file that waits to become `name`; removed if it does not."""
    new = f".{name}.{os.getpid()}.new"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        yield new
    except BaseException:
        os.unlink(new, dir_fd=folder)
        raise


def _mode_of_new_files() -> int:
    """What the person's umask leaves of rw-rw-rw-; it can be read only by setting it."""
    os.umask(mask := os.umask(0o077))
    return 0o666 & ~mask


def _make_folders(repo: Path, path: str) -> None:
    parts = path.split("/")[:-1]
    for depth in range(len(parts)):
        with (
            _folder(repo, "/".join(parts[: depth + 1])) as above,
            suppress(FileExistsError),
        ):
            os.mkdir(parts[depth], dir_fd=above)


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
