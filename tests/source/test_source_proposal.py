"""Both sides of a merge request, and every path of the repository in which they differ."""

import pytest

from appstore.errors import InvalidInput
from appstore.source.proposal import read_proposal
from appstore.source.tree import Conflict

LAB = "deployments/anna/lab.yaml"
NEW = "deployments/anna/new.yaml"


@pytest.fixture
def branches(repository):
    """A repository whose main went on after `proposal` left it."""
    repository.commit({LAB: "a\n", "README.md": "x\n"})
    repository.git("switch", "-qc", "proposal")
    repository.git("mv", LAB, NEW)
    repository.git("update-index", "--chmod=+x", "README.md")
    repository.write({".github/x.yml": "x: {}\n"})
    repository.git("add", ".github")
    repository.record()
    repository.git("switch", "-qf", "main")
    repository.commit({"deployments/site.yaml": "s\n"})
    return repository


def test_a_rename_is_two_paths_and_a_mode_is_one_and_main_is_none(branches) -> None:
    proposed = read_proposal(branches.path, "main", "proposal")
    assert proposed.changed == {LAB, NEW, "README.md", ".github/x.yml"}
    assert proposed.base == branches.git("rev-parse", "main")
    assert proposed.head == branches.git("rev-parse", "proposal")
    assert proposed.target.files == {LAB: b"a\n", "deployments/site.yaml": b"s\n"}
    assert not isinstance(proposed.merged, Conflict)
    assert proposed.merged.files == {NEW: b"a\n", "deployments/site.yaml": b"s\n"}


def test_a_conflict_has_no_paths(branches) -> None:
    branches.commit({LAB: "b\n"})
    branches.git("switch", "-qc", "other", "main~1")
    branches.commit({LAB: "c\n"})
    proposed = read_proposal(branches.path, "main", "other")
    assert isinstance(proposed.merged, Conflict)
    assert proposed.changed == frozenset()


def test_an_unknown_branch_is_said(branches) -> None:
    with pytest.raises(InvalidInput, match='no commit "gone"'):
        read_proposal(branches.path, "main", "gone")
