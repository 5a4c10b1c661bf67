"""A file is replaced whole, by the one that its writer saw, and never through a link."""

import os
import stat
from pathlib import Path

import pytest

from appstore.errors import AppstoreError, Refused
from appstore.source.writing import create_file, replace_file

PATH = "deployments/ada/lab.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / PATH).write_bytes(b"old")
    return tmp_path


def beside(root: Path) -> list[str]:
    return sorted(os.listdir((root / PATH).parent))


def test_it_is_replaced_and_keeps_its_mode(root: Path) -> None:
    (root / PATH).chmod(0o750)
    replace_file(root, PATH, b"old", b"new")
    assert (root / PATH).read_bytes() == b"new"
    assert stat.S_IMODE((root / PATH).stat().st_mode) == 0o750
    assert beside(root) == ["lab.yaml"]


def test_a_reader_keeps_the_whole_old_file(root: Path) -> None:
    with (root / PATH).open("rb") as reader:
        replace_file(root, PATH, b"old", b"new and longer")
        assert reader.read() == b"old"


def test_what_changed_since_it_was_read_is_not_overwritten(root: Path) -> None:
    (root / PATH).write_bytes(b"somebody's work")
    with pytest.raises(Refused, match="changed by somebody else"):
        replace_file(root, PATH, b"old", b"new")
    assert (root / PATH).read_bytes() == b"somebody's work"
    assert beside(root) == ["lab.yaml"]


@pytest.mark.parametrize("linked", [PATH, "deployments/ada", "deployments"])
def test_links_are_never_followed(root: Path, linked: str) -> None:
    real = root / "elsewhere"
    (root / linked).rename(real)
    (root / linked).symlink_to(real)
    with pytest.raises(AppstoreError, match="cannot be written"):
        replace_file(root, PATH, b"old", b"new")
    assert (root / PATH).read_bytes() == b"old"
    assert (root / linked).is_symlink()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AppstoreError, match="No space left"):
        replace_file(root, PATH, b"old", b"new")
    assert (root / PATH).read_bytes() == b"old"
    assert beside(root) == ["lab.yaml"]


def test_a_file_that_is_gone_is_said(root: Path) -> None:
    (root / PATH).unlink()
    with pytest.raises(AppstoreError, match=f"{PATH} cannot be written"):
        replace_file(root, PATH, b"old", b"new")
    assert beside(root) == []


NEW = "deployments/bob/net/lab.yaml"


def test_a_new_file_comes_with_its_folders_and_as_the_umask_says(root: Path) -> None:
    before = os.umask(0o027)
    try:
        create_file(root, NEW, b"new")
    finally:
        os.umask(before)
    assert (root / NEW).read_bytes() == b"new"
    assert stat.S_IMODE((root / NEW).stat().st_mode) == 0o640
    assert os.listdir((root / NEW).parent) == ["lab.yaml"]


def test_a_new_file_never_takes_the_place_of_another(root: Path) -> None:
    with pytest.raises(Refused, match="exists already"):
        create_file(root, PATH, b"new")
    assert (root / PATH).read_bytes() == b"old"
    assert beside(root) == ["lab.yaml"]


@pytest.mark.parametrize("linked", ["deployments", "deployments/bob", NEW])
def test_a_new_file_is_never_made_through_a_link(root: Path, linked: str) -> None:
    outside = root / "outside"
    outside.mkdir()
    if linked == "deployments":
        (root / linked).rename(root / "moved")
    (root / linked).parent.mkdir(parents=True, exist_ok=True)
    (root / linked).symlink_to(outside / "made-by-nobody" if linked == NEW else outside)
    with pytest.raises(AppstoreError):
        create_file(root, NEW, b"new")
    assert list(outside.iterdir()) == []
