"""Files that are whole, and locks that hold."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from appstore.devcloud import files
from appstore.devcloud.waiting import until
from appstore.errors import AppstoreError


def test_a_private_file_replaces_the_old_one_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o644)
    before = os.umask(0)
    try:
        files.write_private(path, "new")
    finally:
        os.umask(before)
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_writer_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / ".file.new").write_text("half")
    files.write_private(tmp_path / "file", "whole")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_a_second_one_waits_for_the_lock_and_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    entered = threading.Event()

    def second() -> None:
        with files.locked(tmp_path / "lock", said.append):
            entered.set()

    with files.locked(tmp_path / "lock", said.append):
        thread = threading.Thread(target=second)
        thread.start()
        assert until(lambda: said, 5)
        assert not entered.is_set()
    thread.join(5)
    assert entered.is_set()
    assert "waiting" in said[0]


def test_a_lock_whose_file_was_removed_meanwhile_is_taken_anew(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    said: list[str] = []
    entered = threading.Event()

    def second() -> None:
        with files.locked(path, said.append):
            assert path.exists()
            entered.set()

    with files.locked(path, said.append):
        thread = threading.Thread(target=second)
        thread.start()
        assert until(lambda: said, 5)
        path.unlink()
    thread.join(5)
    assert entered.is_set()


def test_a_child_that_outlives_its_parent_keeps_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    entered = threading.Event()

    def second() -> None:
        with files.locked(path, lambda line: None):
            entered.set()

    command = [sys.executable, "-c", "input()"]
    with files.locked(path, lambda line: None) as descriptor:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[descriptor])
    with child:
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.3)
        child.communicate(b"\n")
    thread.join(5)
    assert entered.is_set()


def test_an_error_of_the_disk_becomes_a_sentence(tmp_path: Path) -> None:
    with (
        pytest.raises(AppstoreError, match="No space left on device") as caught,
        files.disk_errors_explained(tmp_path),
    ):
        raise OSError(28, "No space left on device", "/there/file")
    assert "/there/file" in caught.value.message
    assert "free space" in caught.value.hint
