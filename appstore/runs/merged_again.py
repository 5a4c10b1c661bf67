"""Before writing: were the files of an entry merged as policy asks, each by its last merge?

A protected branch is not enough, since its rules can be lifted for a moment. So what stands in a
file counts only if the merge request that put it there was reviewed as its target branch asked,
and if it is what that request proposed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.forge.protocol import Request
from appstore.govern.people import ForgeName, People
from appstore.govern.review_again import policy_again, unruled
from appstore.govern.sides import Side
from appstore.reconcile.decision import Refuse
from appstore.reconcile.plan import Entry, Farewell
from appstore.registry.read import read_registry
from appstore.runs.merged_plans import MergedRequests
from appstore.source.blame import Merge, last_merges
from appstore.source.commits import commit_ids, tree_of
from appstore.source.merge import merge_result
from appstore.source.remote import fetch
from appstore.source.tree import Tree
from appstore.wanted.stacks import HeldStack, WantedStack

_EMPTY = Tree({}, None, edited=False)


@dataclass(slots=True)
class Merged:
    """The default branch up to `commit`; `under` is the login with which proposals are fetched."""

    repo: Path
    commit: str
    requests: MergedRequests
    forge_name: ForgeName
    under: Mapping[str, str]
    objections: dict[str, str | None] = field(default_factory=dict)
    sides: dict[str | None, Side] = field(default_factory=dict)


def objections(merged: Merged) -> Callable[[Entry], Refuse | None]:
    """Why an entry must not be carried out, by the files that decide about it."""
    last: dict[str, Merge] = {}

    def of_entry(entry: Entry) -> Refuse | None:
        if not last:
            last.update(last_merges(merged.repo, merged.commit))
        for path in _files(entry):
            if path in last and (why := _of_path(merged, path, last[path])):
                return Refuse(
                    "not-reviewed",
                    why,
                    f"Open a merge request that changes {path} again; once it is reviewed and"
                    " merged, the next run goes on.",
                )
        return None

    return of_entry


def _files(entry: Entry) -> tuple[str, ...]:
    match entry.subject:
        case WantedStack(files=files):
            return files
        case Farewell(id=id_, gone=gone):
            above = f"deployments/{entry.lecturer}"
            course, *_ = id_.split("/")
            cause = (gone.cause.path,) if gone.cause else ()
            deployment = "/".join(id_.split("/")[:-1] or [id_])
            return (
                *cause,
                f"{above}/{deployment}.yaml",
                f"{above}/{course}/course.yaml",
                f"{above}/lecturer.yaml",
                "deployments/site.yaml",
            )
        case HeldStack(path=path):
            return (path,)


def _of_path(merged: Merged, path: str, step: Merge) -> str | None:
    if path not in merged.objections:
        merged.objections[path] = _objection(merged, path, step)
    return merged.objections[path]


def _objection(merged: Merged, path: str, step: Merge) -> str | None:
    before = step.parents[0] if step.parents else None
    base = _side(merged, before)
    if unruled(base):
        return None  # nobody could have reviewed it yet
    found = (merged.requests.of(commit) for commit in (step.commit, *step.parents[1:]))
    request = next((one for one in found if one is not None), None)
    if request is None:
        return f"{path} was changed by commit {step.commit[:12]}, which no merge request brought."
    after = _side(merged, step.commit)
    if before is None or not _as_proposed(merged, path, before, after, request):
        return (
            f"{path} as commit {step.commit[:12]} left it is not what {request.url} proposed,"
            " so nobody has reviewed it."
        )
    people = People(request.author, request.reviewers, merged.forge_name)
    why = policy_again(path, people, base, after)
    return why and f"{why.rstrip('.')} (commit {step.commit[:12]})."


def _as_proposed(merged: Merged, path: str, before: str, after: Side, request: Request) -> bool:
    """Whether merging the request's head gives this file: no more was put into the merge."""
    if commit_ids(merged.repo, [request.head]) == [None]:
        try:
            ref = merged.requests.forge.head_ref(request.number)
            fetch(merged.repo, ref, merged.under)
        except AppstoreError:
            return False
        if commit_ids(merged.repo, [request.head]) == [None]:
            return False
    result = merge_result(merged.repo, before, request.head)
    return isinstance(result, Tree) and result.files.get(path) == after.files.get(path)


def _side(merged: Merged, commit: str | None) -> Side:
    if commit not in merged.sides:
        tree = tree_of(merged.repo, commit, commit=commit, edited=False) if commit else _EMPTY
        merged.sides[commit] = Side(tree.files, read_registry(tree.files, tree.findings))
    return merged.sides[commit]
