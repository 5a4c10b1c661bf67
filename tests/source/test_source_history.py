"""Ancestors, changed paths, and where a repository lies."""

import pytest

from appstore.errors import InvalidInput
from appstore.source.history import ancestors, changed_paths, find_repository

SITE = "deployments/site.yaml"


@pytest.fixture
def history(repository):
    """Commits by name: first - second - third on main, and `side` from first."""
    commits = {"first": repository.commit({SITE: "1"})}
    repository.git("switch", "-qc", "side")
    commits["side"] = repository.commit({SITE: "side"})
    repository.git("switch", "-q", "main")
    commits["second"] = repository.commit({SITE: "2"})
    commits["third"] = repository.commit({SITE: "3"})
    return repository, commits


@pytest.mark.parametrize(
    ("tip", "expected"),
    [
        ("third", {"first", "second", "third"}),
        ("second", {"first", "second"}),
        ("first", {"first"}),
        ("side", {"first", "side"}),
    ],
)
def test_ancestors_are_the_commit_and_what_it_was_made_from(history, tip, expected):
    repository, commits = history
    found = ancestors(repository.path, commits[tip], commits.values())
    assert found == {commits[name] for name in expected}


def test_text_that_is_no_id_and_ids_nobody_knows_are_simply_not(history):
    repository, commits = history
    blob = repository.git("rev-parse", f"HEAD:{SITE}")
    hostile = ["--all", "--output=/tmp/x", "main", "HEAD", "", "a\nb", "^" + "0" * 39, "--not"]
    hostile += ["0" * 40, "0" * 64, "0" * 41, blob, commits["first"].upper(), commits["first"][:8]]
    assert ancestors(repository.path, "main", [*hostile, commits["first"]]) == {commits["first"]}
    assert ancestors(repository.path, "main", []) == frozenset()


def test_many_candidates_are_two_git_processes(history, git_calls):
    repository, commits = history
    before = len(git_calls)
    ancestors(repository.path, "main", [*commits.values(), *(f"{n:040x}" for n in range(500))])
    assert len(git_calls) - before == 2


def test_changed_paths_name_both_ends_of_a_rename(history):
    repository, commits = history
    repository.git("mv", SITE, "deployments/moved.yaml")
    repository.commit({"README.md": "x"})
    assert changed_paths(repository.path, commits["third"], "main") == {
        SITE,
        "deployments/moved.yaml",
        "README.md",
    }
    assert changed_paths(repository.path, "main", "main") == frozenset()
    with pytest.raises(InvalidInput, match="There is no commit"):
        changed_paths(repository.path, "main", "--output=x")


def test_the_repository_is_found_from_any_folder_in_it(repository, tmp_path):
    repository.commit({SITE: "x"})
    assert find_repository(repository.path / "deployments") == repository.path
    repository.git("worktree", "add", "-q", str(tmp_path / "second"))
    assert find_repository(tmp_path / "second") == tmp_path / "second"
    with pytest.raises(InvalidInput, match="does not lie in a git repository"):
        find_repository(tmp_path)
