"""Before writing: were the files of an entry merged as policy asks, each by its last merge?

A protected branch is not enough, since its rules can be lifted for a moment. So what stands in a
file counts only if the merge request that put it there was reviewed as its target branch asked,
and if it is what that request proposed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.forge.protocol import Request
from appstore.govern.people import ForgeName, People
from appstore.govern.review_again import objections as policy_objections
from appstore.govern.review_again import unruled
from appstore.govern.sides import Side, side_of
from appstore.reconcile.decision import Refuse
from appstore.reconcile.plan import Entry, Farewell
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


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What policy says about one step of the default branch.

    `unruled` where nobody could have reviewed it. `request` is the one that brought it, `proposed`
    the files that merging its head gives, None where that cannot be told. `against` are the files
    that were not reviewed as they should have been, and why.
    """

    step: Merge
    unruled: bool
    request: Request | None = None
    left: Mapping[str, bytes] = field(default_factory=dict)
    proposed: Mapping[str, bytes] | None = None
    against: Mapping[str, str] = field(default_factory=dict)

    def objection(self, path: str) -> str | None:
        """Why what the step did to this file must not be carried out; None when it may."""
        short = self.step.commit[:12]
        if self.unruled:
            return None
        if self.request is None:
            return f"{path} was changed by commit {short}, which no merge request brought."
        if self.proposed is None or self.proposed.get(path) != self.left.get(path):
            return (
                f"{path} as commit {short} left it is not what {self.request.url} proposed,"
                " so nobody has reviewed it."
            )
        why = self.against.get(path)
        return why and f"{why.rstrip('.')} (commit {short})."


def objections(merged: Merged) -> Callable[[Entry], Refuse | None]:
    """Why an entry must not be carried out, by the files that decide about it.

    History, and each step of it, is looked at once, and only when an entry needs it.
    """

    @cache
    def last() -> Mapping[str, Merge]:
        return last_merges(merged.repo, merged.commit)

    @cache
    def ruling(step: Merge) -> _Ruling:
        return _ruling(merged, step)

    def of_entry(entry: Entry) -> Refuse | None:
        for path in _files(entry):
            step = last().get(path)
            if step is not None and (why := ruling(step).objection(path)):
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


def _ruling(merged: Merged, step: Merge) -> _Ruling:
    before = step.parents[0] if step.parents else None
    base = _side(merged, before)
    if before is None or unruled(base):
        return _Ruling(step, unruled=unruled(base))
    found = (merged.requests.of(commit) for commit in (step.commit, *step.parents[1:]))
    request = next((one for one in found if one is not None), None)
    if request is None:
        return _Ruling(step, unruled=False)
    after = _side(merged, step.commit)
    people = People(request.author, request.reviewers, merged.forge_name)
    return _Ruling(
        step,
        unruled=False,
        request=request,
        left=after.files,
        proposed=_proposed(merged, before, request),
        against=policy_objections(people, base, after),
    )


def _proposed(merged: Merged, before: str, request: Request) -> Mapping[str, bytes] | None:
    """What merging the request's head gives: more than that may have been put into a merge."""
    if commit_ids(merged.repo, [request.head]) == [None]:
        try:
            fetch(merged.repo, merged.requests.forge.head_ref(request.number), merged.under)
        except AppstoreError:
            return None
        if commit_ids(merged.repo, [request.head]) == [None]:
            return None
    result = merge_result(merged.repo, before, request.head)
    return result.files if isinstance(result, Tree) else None


def _side(merged: Merged, commit: str | None) -> Side:
    tree = tree_of(merged.repo, commit, commit=commit, edited=False) if commit else _EMPTY
    return side_of(tree.files, tree.findings)
