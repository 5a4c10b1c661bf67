"""What the default branch will hold once a proposal is merged."""

from pathlib import Path

from appstore.documents.findings import Finding
from appstore.errors import AppstoreError, InvalidInput
from appstore.source.command import Answer, ask, failure
from appstore.source.commits import commit_ids, no_commit, tree_of
from appstore.source.names import printable, spelled_out
from appstore.source.tree import Conflict, Tree


def merge_result(repo: Path, base_rev: str, head_rev: str) -> Tree | Conflict:
    """The tree that merging `head_rev` into `base_rev` gives; no checkout, no commit is made.

    Raises InvalidInput for an unknown rev and for two commits without a common ancestor here.
    """
    match merged_id(repo, base_rev, head_rev):
        case Conflict() as conflict:
            return conflict
        case tree:
            return tree_of(repo, tree, commit=None, edited=False)


def merged_id(repo: Path, base_rev: str, head_rev: str) -> str | Conflict:
    """The full id of the tree that `merge_result` reads."""
    base, head = commit_ids(repo, [base_rev, head_rev])
    if base is None:
        raise no_commit(repo, base_rev)
    if head is None:
        raise no_commit(repo, head_rev)
    answer = ask(
        repo, "merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", base, head
    )
    tree, *conflicts = answer.output.split(b"\0")
    match answer.status:
        case 0:
            return tree.decode()
        case 1:
            return Conflict(base, head, tuple(_conflict(path) for path in conflicts if path))
        case _:
            raise _failure(answer, base_rev, head_rev)


def _conflict(path: bytes) -> Finding:
    return Finding(
        printable(path),
        0,
        0,
        "source/conflict",
        "The default branch has changed this file too, in another way.",
        "Merge the default branch into yours, settle the conflict, and push.",
    )


def _failure(answer: Answer, base_rev: str, head_rev: str) -> AppstoreError:
    if "unrelated histories" in answer.errors:
        return InvalidInput(
            f"{spelled_out(base_rev)} and {spelled_out(head_rev)} have no common ancestor"
            " in this clone.",
            "Fetch the whole history: GIT_DEPTH: 0 in GitLab, fetch-depth: 0 in GitHub,"
            " git fetch --unshallow by hand.",
        )
    if "usage:" in answer.errors or "unknown option" in answer.errors:
        return AppstoreError(
            "This git is too old to merge without a checkout.", "Install git 2.38 or newer."
        )
    return failure("merge-tree", answer)
