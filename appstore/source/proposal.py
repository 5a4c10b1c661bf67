"""What a merge request proposes: its target, what merging it gives, and the paths that differ."""

from dataclasses import dataclass
from pathlib import Path

from appstore.source.commits import commit_ids, no_commit, tree_of
from appstore.source.history import differing
from appstore.source.merge import merged_id
from appstore.source.tree import Conflict, Tree


@dataclass(frozen=True, slots=True)
class Proposed:
    """Both trees of a merge request; `merged` is the conflict where git cannot merge.

    `base` and `head` are full commit ids. `changed` are the paths of the whole repository in which
    the merge result differs from the target, in content or mode; a rename is two paths.
    """

    base: str
    head: str
    target: Tree
    merged: Tree | Conflict
    changed: frozenset[str]


def read_proposal(repo: Path, base_rev: str, head_rev: str) -> Proposed:
    """Both sides, from git alone; raises InvalidInput for an unknown rev or unrelated histories."""
    ids = commit_ids(repo, [base_rev, head_rev])
    for rev, commit in zip((base_rev, head_rev), ids, strict=True):
        if commit is None:
            raise no_commit(repo, rev)
    base, head = (commit for commit in ids if commit)
    target = tree_of(repo, base, commit=base, edited=False)
    match merged_id(repo, base, head):
        case Conflict() as conflict:
            return Proposed(base, head, target, conflict, frozenset())
        case tree:
            merged = tree_of(repo, tree, commit=None, edited=False)
            return Proposed(base, head, target, merged, differing(repo, base, tree))
