"""A reader that goes away, as `head` does, stops no work and changes no exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LECTURER = ["new", "lecturer", "ada", "--tenant=faculty", "--cloud=campus", "--project=p", "--yes"]
COMMAND = [sys.executable, "-c", "from appstore.cli.main import main; main()"]


def unheard(folder: Path, *words: str) -> int:
    """The exit code of the command when nobody reads what it says."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        return subprocess.run(
            [*COMMAND, *words], cwd=folder, stdout=nobody, stderr=nobody, check=False
        ).returncode


def test_an_edit_is_written_though_nobody_reads_the_difference(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert unheard(tmp_path, "init", ".") == 0
    assert unheard(tmp_path, *LECTURER) == 0
    assert (tmp_path / "deployments/ada/lecturer.yaml").is_file()


def test_a_terminal_without_some_letters_stops_nothing(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert unheard(tmp_path, "init", ".") == 0
    ended = subprocess.run(
        [*COMMAND, *LECTURER, "--title", "Łucja Müller"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        encoding="latin-1",
        check=False,
    )
    assert (ended.returncode, "\\u0141ucja Müller" in ended.stdout) == (0, True), ended.stderr
    assert "Łucja Müller" in (tmp_path / "deployments/ada/lecturer.yaml").read_text("utf-8")


def test_words_that_are_no_text_are_one_sentence(tmp_path: Path) -> None:
    ended = subprocess.run(
        [*COMMAND, "new", "lecturer", b"M\xfcller"], cwd=tmp_path, capture_output=True, check=False
    )
    assert ended.returncode == 2
    assert b"is not UTF-8 text" in ended.stderr
    assert b"Traceback" not in ended.stderr


def test_a_full_disk_under_the_output_is_one_sentence(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*COMMAND, "init", "."],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The output cannot be written: No space left on device.")
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "deployments/site.yaml").is_file()


@pytest.mark.parametrize("words", ["reset nobody --yes", "init . --tool x"])
def test_a_failure_stays_one(tmp_path: Path, words: str) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert unheard(tmp_path, *words.split()) == 2
