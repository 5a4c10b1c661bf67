"""A reader that goes away, as `head` does, stops no work and changes no exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    lecturer = "new lecturer ada --tenant faculty --cloud campus --project p --yes"
    assert unheard(tmp_path, *lecturer.split()) == 0
    assert (tmp_path / "deployments/ada/lecturer.yaml").is_file()


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
