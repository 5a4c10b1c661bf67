"""A person's edits, under the same rules as a commit."""

import os

import pytest

from appstore.errors import InvalidInput
from appstore.source import entries
from appstore.source.commits import commit_tree
from appstore.source.worktree import worktree

SITE = "deployments/site.yaml"
LAB = "deployments/anna/lab.yaml"


def test_without_edits_it_is_what_the_commit_is(repository):
    repository.commit({SITE: "a", "catalog/web/template.yaml": "b"})
    assert worktree(repository.path) == commit_tree(repository.path, "HEAD")


def test_edited_new_and_deleted_files_count_ignored_ones_do_not(repository):
    commit = repository.commit({SITE: "a", LAB: "a", ".gitignore": "*.swp\n"})
    repository.write({SITE: "b", "deployments/new.yaml": "c", "deployments/x.swp": "d"})
    (repository.path / LAB).unlink()
    tree = worktree(repository.path)
    assert tree.files == {SITE: b"b", "deployments/new.yaml": b"c"}
    assert (tree.commit, tree.edited, tree.findings) == (commit, True, ())


@pytest.mark.parametrize(
    "edit",
    [
        lambda r: r.write({SITE: "b"}),
        lambda r: r.write({"deployments/new.yaml": "b"}),
        lambda r: (r.path / SITE).unlink(),
        lambda r: (r.write({SITE: "b"}), r.git("add", "-A")),
    ],
)
def test_edited_means_different_from_head_in_any_way(repository, edit):
    repository.commit({SITE: "a", LAB: "a"})
    edit(repository)
    assert worktree(repository.path).edited


def test_edits_elsewhere_are_none_of_ours(repository):
    repository.commit({SITE: "a"})
    repository.write({"README.md": "b"})
    assert not worktree(repository.path).edited


def test_before_the_first_commit(repository):
    repository.write({SITE: "a"})
    tree = worktree(repository.path)
    assert (tree.files, tree.commit, tree.edited) == ({SITE: b"a"}, None, True)


def link(repository):
    (repository.path / "deployments/x").symlink_to("/etc/passwd")


def loop(repository):
    (repository.path / "deployments/x").symlink_to("x")


def fifo(repository):
    repository.write({"deployments/x": "a"})
    repository.git("add", "-A")
    (repository.path / "deployments/x").unlink()
    os.mkfifo(repository.path / "deployments/x")


def foreign_repository(repository):
    repository.git("init", "-q", "deployments/x")
    repository.git("-C", "deployments/x", "commit", "-q", "--allow-empty", "-m", "x")


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (link, "source/link"),
        (loop, "source/link"),
        (fifo, "source/not-a-file"),
        (foreign_repository, "source/submodule"),
    ],
)
def test_only_regular_files_are_read(repository, make, rule):
    repository.commit({SITE: "a"})
    make(repository)
    tree = worktree(repository.path)
    assert tree.files == {SITE: b"a"}
    assert [(finding.path, finding.rule) for finding in tree.findings] == [("deployments/x", rule)]


def test_a_folder_replaced_by_a_link_leads_nowhere(repository, tmp_path):
    repository.commit({LAB: "a"})
    (repository.path / "deployments/anna").rename(tmp_path / "outside")
    (repository.path / "deployments/anna").symlink_to(tmp_path / "outside")
    tree = worktree(repository.path)
    assert tree.files == {}
    assert {finding.rule for finding in tree.findings} == {"source/link"}


def test_names_and_sizes_obey_the_same_rules(repository):
    repository.write({SITE: "x" * (2**18 + 1), "deployments/anna/aux.yaml": "a"})
    tree = worktree(repository.path)
    assert tree.files == {}
    assert [finding.rule for finding in tree.findings] == ["source/name", "source/too-large"]


def test_too_many_files_are_not_opened(repository, monkeypatch):
    repository.write({f"deployments/{n}.yaml": "a" for n in range(3)})
    monkeypatch.setattr(entries, "MAX_FILES", 2)
    tree = worktree(repository.path)
    assert (tree.files, [finding.path for finding in tree.findings]) == ({}, ["."])


def test_a_file_nobody_may_read_is_a_finding(repository, monkeypatch):
    repository.commit({SITE: "a", LAB: "b"})
    really_open = os.open

    def refuse(path, *arguments, **options):
        if str(path).endswith(SITE):
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)  # root, as in CI, may read everything
    tree = worktree(repository.path)
    assert tree.files == {LAB: b"b"}
    assert [(f.path, f.rule) for f in tree.findings] == [(SITE, "source/unreadable")]


def test_a_folder_that_is_no_repository(tmp_path):
    with pytest.raises(InvalidInput, match="is not a git repository"):
        worktree(tmp_path)
