"""What a branch says about the past of files: which merges touched them, and what they held."""

from pathlib import Path
from typing import Any

import pytest

from appstore.errors import InvalidInput
from appstore.source.past import contents, landed, landed_with, records

LAB, OTHER = "deployments/ada/net/lab.yaml", "deployments/ada/net/other.yaml"


def test_a_merge_stands_for_everything_it_brought_in(repository: Any) -> None:
    first = repository.commit({LAB: "one", OTHER: "one"})
    repository.git("switch", "-qc", "side")
    repository.commit({LAB: "two"})
    repository.commit({LAB: "three"})
    repository.git("switch", "-q", "main")
    repository.commit({OTHER: "two"})
    repository.git("merge", "-q", "--no-ff", "-m", "Merge the lab", "side")
    merge = repository.git("rev-parse", "HEAD")

    steps = landed(repository.path, "HEAD", [LAB])

    assert [(one.commit, one.paths) for one in steps] == [(first, (LAB,)), (merge, (LAB,))]
    assert steps[1].title == "Merge the lab"


def test_a_folder_means_all_files_that_were_ever_in_it(repository: Any) -> None:
    repository.commit({LAB: "one", OTHER: "one", "catalog/a/template.yaml": "x"})
    (repository.path / OTHER).unlink()
    repository.commit({})

    steps = landed(repository.path, "main", ["deployments/ada/net"])

    assert [one.paths for one in steps] == [(LAB, OTHER), (OTHER,)]


@pytest.mark.parametrize(
    "title", ["f" * 40, "--not-an-option", "two\nlines", "\x1b[31mred", "", ":(top)x"]
)
def test_hostile_titles_and_authors_are_only_text(repository: Any, title: str) -> None:
    repository.write({LAB: "one"})
    repository.git("add", "-A")
    name = "a" * 40
    message = ["--allow-empty-message", "-m", title]
    repository.git("-c", "core.commentChar=;", "commit", "-q", f"--author={name} <t@t>", *message)
    repository.commit({LAB: "two"})

    steps = landed(repository.path, "HEAD", [LAB])

    assert [one.paths for one in steps] == [(LAB,), (LAB,)]
    assert steps[0].author == name
    assert steps[0].title == title.replace("\n", " ")


def test_what_lies_behind_an_odd_path_is_not_asked_as_a_pattern(repository: Any) -> None:
    repository.commit({LAB: "one", "deployments/ada/net/[l]ab.yaml": "odd"})
    steps = landed(repository.path, "HEAD", ["deployments/ada/net/[l]ab.yaml"])
    assert [one.paths for one in steps] == [("deployments/ada/net/[l]ab.yaml",)]


def test_who_named_a_version_is_found_after_the_file_is_gone(repository: Any) -> None:
    came = repository.commit({LAB: "template: web@1.0.0\n", OTHER: "template: web@1.0.1\n"})
    repository.commit({LAB: "template: web@1.0.0\nfor: student\n"})
    (repository.path / LAB).unlink()
    went = repository.commit({})

    steps = landed_with(repository.path, "HEAD", "deployments", "web@1.0.0")

    assert [(one.commit, one.paths) for one in steps] == [(came, (LAB,)), (went, (LAB,))]


def test_contents_at_commits_leave_out_what_was_not_there(repository: Any) -> None:
    one = repository.commit({LAB: "one\n\n"})
    two = repository.commit({LAB: "two", OTHER: ""})

    held = contents(repository.path, [(one, LAB), (one, OTHER), (two, OTHER), (two, LAB)])

    assert held == {(one, LAB): b"one\n\n", (two, OTHER): b"", (two, LAB): b"two"}
    assert contents(repository.path, [(one, "deployments")]) == {}


def test_records_are_read_from_their_branch_the_remote_one_first(
    repository: Any, tmp_path: Path
) -> None:
    assert records(repository.path) is None
    repository.git("switch", "-q", "--orphan", "appstore-records")
    repository.commit({"runs/2026/10/req-1.json": "{}", "README.md": "no record"})
    assert records(repository.path) == {"runs/2026/10/req-1.json": b"{}"}

    repository.git("update-ref", "refs/remotes/origin/appstore-records", "HEAD")
    repository.commit({"runs/2026/10/req-2.json": "{}"})
    assert list(records(repository.path)) == ["runs/2026/10/req-1.json"]


def test_no_such_rev_is_said(repository: Any) -> None:
    repository.commit({LAB: "one"})
    with pytest.raises(InvalidInput, match='no commit "nowhere"'):
        landed(repository.path, "nowhere", [LAB])
