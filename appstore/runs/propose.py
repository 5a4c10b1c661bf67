"""--propose: edits as a merge request, without a change to the clone in which they were made.

The new commit stands on the default branch as the server has it, so that it holds these edits and
nothing else: what else lies or is committed here stays here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from appstore.documents.edit import Edit
from appstore.errors import AppstoreError, Refused
from appstore.forge.protocol import Forge
from appstore.source.command import output
from appstore.source.plumbing import blob_at, commit_of
from appstore.source.remote import NoPushOptions, default_branch, push, tip

_ADDRESS = re.compile(r"https://\S+")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Way:
    """How a request is opened: by the API where there is a forge, else by the push itself.

    `under` is git's login (empty: the person's own), `author` who writes the commit (empty: whom
    git knows here), `compare` the page of a branch on which GitHub opens one, with `{branch}`.
    """

    forge: Forge | None = None
    under: Mapping[str, str] = field(default_factory=dict)
    author: Mapping[str, str] = field(default_factory=dict)
    compare: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The branch that holds the edits; `url` is of the request, or where a person opens it."""

    branch: str
    url: str
    opened: bool


def propose(repo: Path, edits: Sequence[Edit], title: str, body: str, way: Way) -> Proposed:
    """Commit the edits onto the server's default branch, push that, and open the request.

    The same edits go onto the same branch: a second call finds what the first one did. Raises
    Refused where the files that were edited are not those of the default branch.
    """
    target = default_branch(repo, way.under)
    base = tip(repo, target, way.under)
    if base is None:
        raise AppstoreError("The default branch is empty.", "Push the registry there first.")
    for edit in edits:
        _same(edit, blob_at(repo, base, edit.path), target)
    files = {edit.path: edit.after for edit in edits}
    title = " ".join(title.split())
    commit = commit_of(repo, base, files, f"{title}\n\n{body}\n", way.author)
    branch = _branch(title, output(repo, "rev-parse", f"{commit}^{{tree}}").decode())
    there = tip(repo, branch, way.under)
    said: tuple[str, ...] = ()
    if there is None:
        said = _pushed(repo, commit, branch, target, title, body, way)
    if way.forge is not None:
        return Proposed(branch, way.forge.open_request(branch, target, title, body).url, True)
    if way.compare:
        return Proposed(branch, way.compare.format(branch=branch), False)
    urls = [found[0] for line in said if (found := _ADDRESS.search(line))]
    return Proposed(branch, urls[0] if urls else "", bool(urls))


def _pushed(
    repo: Path, commit: str, branch: str, target: str, title: str, body: str, way: Way
) -> tuple[str, ...]:
    """What the server said; one that takes no push options gets the branch alone."""
    if way.forge is None and not way.compare:
        options = (
            "merge_request.create",
            f"merge_request.target={target}",
            f"merge_request.title={title}",
            f"merge_request.description={' '.join(body.split())}",
            "merge_request.remove_source_branch",
        )
        try:
            return push(repo, commit, branch, options, way.under).said
        except NoPushOptions:
            pass
    return push(repo, commit, branch, (), way.under).said


def _same(edit: Edit, there: bytes | None, target: str) -> None:
    if there == edit.before:
        return
    raise Refused(
        f"{edit.path} is another one here than on {target}, so the proposal would hold more than"
        " this edit.",
        f"Bring your clone up to date (git pull) and commit or undo what you changed in {edit.path}"
        ", or leave out --propose and commit by hand.",
    )


def _branch(title: str, tree: str) -> str:
    """`reset-lecturer-a-net101-1f0c2a9b`: readable, and the same for the same content."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{words or 'edit'}-{tree[:8]}"
