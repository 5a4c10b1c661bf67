"""The pinned packages, their installation's errors and the empty databases."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from appstore.devcloud import golden, places, venv
from appstore.devcloud.shape import Variant

PINNED = [
    path
    for variant in Variant
    for path in (places.constraints(variant), places.sources(variant))
    if path
]


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_packages_are_pinned_by_version_and_hash_and_name_no_host(path: Path) -> None:
    text = re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE)
    assert "//" not in text
    blocks = re.split(r"\n(?=\S)", text.replace("\\\n", ""))
    assert all(re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:", one) for one in blocks)


def test_both_variants_pin_the_same_versions() -> None:
    lite, full = (
        set(re.findall(r"^\S+==\S+", places.constraints(one).read_text(), re.MULTILINE))
        for one in (Variant.LITE, Variant.FULL)
    )
    assert lite < full


def test_a_release_is_named_after_its_packages() -> None:
    assert venv.release(Variant.LITE) != venv.release(Variant.FULL)


@pytest.mark.parametrize(
    ("output", "message", "hint"),
    [
        (
            "The virtual environment was not created because ensurepip is not available.",
            "cannot make virtual environments",
            "python3-venv",
        ),
        ("OSError: [Errno 28] No space left on device", "the disk is full", "1 GB"),
        ("ERROR: No matching distribution found for x\nCould not find a version", "no network", ""),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "differs from the pinned", "pip config"),
        ("Segmentation fault", "Could not install.", "install.log"),
    ],
)
def test_a_failed_installation_says_what_to_check(
    tmp_path: Path, output: str, message: str, hint: str
) -> None:
    log = tmp_path / "install.log"
    log.write_text(output)
    error = venv.explained("install", log)
    assert message in error.message
    assert hint in error.hint
    assert str(log) in error.hint


def test_a_half_finished_installation_is_not_used(tmp_path: Path) -> None:
    half = venv.Environment(tmp_path, "r")
    half.python.parent.mkdir()
    half.python.touch()
    assert not venv.is_finished(half)
    (tmp_path / "finished").touch()
    assert venv.is_finished(half)
    half.python.unlink()
    assert not venv.is_finished(half)


TABLE = """CREATE TABLE data (
	id INTEGER NOT NULL, 
	size INTEGER, 
	PRIMARY KEY (id)
)"""  # noqa: W291  (as SQLAlchemy writes it)


def test_a_settled_database_never_uses_an_id_twice(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(TABLE)
        connection.execute("CREATE TABLE named (name TEXT PRIMARY KEY)")
    golden.settle(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.execute("INSERT INTO data (size) VALUES (1)")
        connection.execute("DELETE FROM data")
        connection.execute("INSERT INTO data (size) VALUES (2)")
        assert connection.execute("SELECT id FROM data").fetchall() == [(2,)]
    golden.settle(path)


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "CREATE TABLE t (name TEXT, PRIMARY KEY (name))",
        "CREATE TABLE t (\n id INTEGER NOT NULL, \n other INTEGER, \n PRIMARY KEY (id, other)\n)",
    ],
)
def test_tables_without_a_number_of_their_own_stay_as_they_are(sql: str) -> None:
    assert golden.with_autoincrement(sql) is None
