"""One step of the default branch, judged: who brought it, was it reviewed, is it what they saw?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from appstore.errors import AppstoreError
from appstore.forge.protocol import Request
from appstore.govern.people import ForgeName, People
from appstore.govern.review_again import objections, unruled
from appstore.govern.sides import side_of
from appstore.registry.places import LecturerPlace, SitePlace, place_of
from appstore.runs.merged_plans import MergedRequests
from appstore.source.blame import Merge
from appstore.source.commits import commit_ids, tree_of
from appstore.source.merge import merge_result
from appstore.source.remote import fetch
from appstore.source.tree import Tree

Contents = tuple[tuple[str, bytes | None], ...]
"""Files with what they held; None for one that was not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """The default branch up to `commit`; `under` is the login with which proposals are fetched."""

    repo: Path
    commit: str
    requests: MergedRequests
    forge_name: ForgeName
    under: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What policy says about one step of the default branch.

    `left` are the files as the step left them. `unruled` where nobody could have reviewed it.
    `request` is the one that brought it, `proposed` the files that merging its head gives, None
    where that cannot be told. `against` are the files that were not reviewed as they should have
    been, and why.
    """

    step: Merge
    left: Mapping[str, bytes]
    unruled: bool
    request: Request | None = None
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


def ruling(merged: Merged, step: Merge, rights: Contents, mappings_only: bool) -> Ruling:
    """Judge a step by the rights that held before it, whatever its first parent says they were.

    With `mappings_only` no more is read than what says who is who: enough for those files.
    """
    before = step.parents[0] if step.parents else None
    after = _tree(merged, step.commit, mappings_only)
    had = _tree(merged, before, mappings_only).files if before else {}
    left, replaced = after.files, {**had, **dict(rights)}
    base = side_of({path: data for path, data in replaced.items() if data is not None})
    if unruled(base):
        return Ruling(step, left, unruled=True)
    found = (merged.requests.of(commit) for commit in (step.commit, *step.parents[1:]))
    request = next((one for one in found if one is not None), None)
    if request is None or before is None:
        return Ruling(step, left, unruled=False)
    people = People(request.author, request.reviewers, merged.forge_name)
    return Ruling(
        step,
        left,
        unruled=False,
        request=request,
        proposed=_proposed(merged, before, request),
        against=objections(people, base, side_of(left, after.findings)),
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


def _tree(merged: Merged, commit: str, mappings_only: bool) -> Tree:
    tree = tree_of(merged.repo, commit, commit=commit, edited=False)
    if not mappings_only:
        return tree
    mappings = {
        path: data
        for path, data in tree.files.items()
        if isinstance(place_of(path), SitePlace | LecturerPlace)
    }
    return replace(tree, files=mappings)
