"""The tree that a merge would give, and the merges that git cannot do."""

import pytest

from appstore.errors import AppstoreError, InvalidInput
from appstore.source.commits import commit_tree
from appstore.source.merge import merge_result
from appstore.source.tree import Conflict, Tree

SITE = "deployments/site.yaml"
LAB = "deployments/anna/lab.yaml"
LINES = "".join(f"line: {n}\n" for n in range(9))


@pytest.fixture
def proposal(repository):
    """Function: two branches from one commit, each with its own edits."""

    def make(ours: dict[str, str], theirs: dict[str, str]):
        repository.commit({SITE: LINES, LAB: "a"})
        repository.git("switch", "-qc", "proposal")
        repository.commit(theirs)
        repository.git("switch", "-q", "main")
        repository.commit(ours)
        return repository

    return make


def test_both_sides_edits_are_in_the_result_and_nothing_is_checked_out(proposal):
    ours = LINES.replace("line: 0", "line: zero")
    repository = proposal({SITE: ours}, {SITE: LINES.replace("line: 8", "line: eight"), LAB: "b"})
    tree = merge_result(repository.path, "main", "proposal")
    assert isinstance(tree, Tree)
    merged = ours.replace("line: 8", "line: eight")
    assert tree.files == {SITE: merged.encode(), LAB: b"b"}
    assert (tree.commit, tree.edited) == (None, False)
    assert (repository.path / LAB).read_text() == "a"
    assert repository.git("status", "--porcelain") == ""


def test_merging_what_main_already_holds_gives_main(proposal):
    repository = proposal({LAB: "b"}, {})
    expected = commit_tree(repository.path, "main").files
    assert merge_result(repository.path, "main", "proposal").files == expected


def test_a_conflict_names_each_file_once(proposal):
    repository = proposal({LAB: "b", SITE: "b"}, {LAB: "c", SITE: "c"})
    result = merge_result(repository.path, "main", "proposal")
    assert isinstance(result, Conflict)
    assert [(f.path, f.rule) for f in result.findings] == [
        (LAB, "source/conflict"),
        (SITE, "source/conflict"),
    ]
    assert result.base == repository.git("rev-parse", "main")
    assert result.head == repository.git("rev-parse", "proposal")


def test_a_shallow_clone_without_the_merge_base_says_what_to_fetch(proposal, tmp_path):
    repository = proposal({SITE: "b"}, {LAB: "b"})
    url, clone = f"file://{repository.path}", str(tmp_path / "clone")
    repository.git("clone", "-q", "--depth=1", "--no-single-branch", url, clone)
    with pytest.raises(InvalidInput, match="no common ancestor") as caught:
        merge_result(tmp_path / "clone", "origin/main", "origin/proposal")
    assert "GIT_DEPTH: 0" in caught.value.hint


@pytest.mark.parametrize(("base", "head"), [("nope", "main"), ("main", "--write-tree")])
def test_an_unknown_rev(proposal, base, head):
    repository = proposal({}, {})
    with pytest.raises(InvalidInput, match="There is no commit"):
        merge_result(repository.path, base, head)


def test_an_old_git_is_told_apart(proposal, tmp_path, monkeypatch):
    repository = proposal({}, {})
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "git").write_text(
        '#!/bin/sh\ncase "$*" in *merge-tree*) echo "usage: git merge-tree" >&2; exit 129;; esac\n'
        f'exec {_git()} "$@"\n'
    )
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    with pytest.raises(AppstoreError, match="too old") as caught:
        merge_result(repository.path, "main", "proposal")
    assert "2.38" in caught.value.hint


def _git() -> str:
    import shutil

    return str(shutil.which("git"))
