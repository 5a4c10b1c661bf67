"""The life of a version, from its approval.yaml and the content of its folder.

Consent holds for the content it was given for and for no other. A withdrawal needs no digest to
hold: nobody brings a revoked version back by changing a file of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from appstore.documents.catalog import Approval
from appstore.documents.findings import Finding
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.govern.content import APPROVAL, content_digest


@dataclass(frozen=True, slots=True)
class Draft:
    """Nobody's consent holds for what lies in the folder."""


@dataclass(frozen=True, slots=True)
class Approved:
    """An admin consented, for one tenant or (None) for everybody."""

    tenant: str | None


@dataclass(frozen=True, slots=True)
class Deprecated:
    """As approved, but a newer one is meant for what begins from now on."""

    tenant: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Retired:
    """Nobody used it when this was said, and nobody may again."""

    reason: str | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """Nobody may use it; what runs of it is put to sleep from the day `sleeps` on."""

    reason: str
    since: date
    sleeps: date


Life = Draft | Approved | Deprecated | Retired | Revoked


def life_of(approval: Document[Approval] | None, content: Mapping[str, bytes]) -> Life:
    """The life of the version with this approval, if any, and this content (README of appstore)."""
    if approval is None:
        return Draft()
    model = approval.model
    if (revoked := model.revoked) is not None:
        sleeps = revoked.date + timedelta(days=revoked.grace)
        return Revoked(revoked.reason, revoked.date, sleeps)
    if model.retired is not None:
        return Retired(model.retired.reason)
    if not is_consent(model, content):
        return Draft()
    if model.deprecated is not None:
        return Deprecated(model.tenant, model.deprecated.reason)
    return Approved(model.tenant)


def is_consent(approval: Approval, content: Mapping[str, bytes]) -> bool:
    """Whether it was given for exactly this content, and says clearly for whom."""
    clear = (approval.visibility == "tenant") == (approval.tenant is not None)
    return clear and approval.digest == content_digest(content)


Folders = Mapping[tuple[str, str], Mapping[str, bytes]]
"""The files of every version by template and number, then by path relative to the folder."""


def released_edits(
    target: Mapping[str, bytes], proposal: Mapping[str, bytes]
) -> tuple[Finding, ...]:
    """A finding for each file that a proposal changes in a version approved on the target branch.

    `target` and `proposal` are the files of both trees by path, `proposal` of the merge result.
    approval.yaml is no part of the content. What is retired or revoked may go as a whole folder.
    """
    before, after = _folders(target), _folders(proposal)
    findings: list[Finding] = []
    for (template, number), files in before.items():
        now = after.get((template, number), {})
        if _is_released(template, number, files, gone=not now):
            hint = _way_out(template, number, {*before, *after})
            for path, what in _edits(files, now):
                findings.append(
                    Finding(
                        f"catalog/{template}/{number}/{path}",
                        0,
                        0,
                        "version/released",
                        f"{template}@{number} is approved and never changes: this file is {what}.",
                        hint,
                    )
                )
    return tuple(sorted(findings))


def _folders(tree: Mapping[str, bytes]) -> Folders:
    found: defaultdict[tuple[str, str], dict[str, bytes]] = defaultdict(dict)
    for path, data in tree.items():
        match path.split("/"):
            case ["catalog", template, number, *inside] if inside:
                found[template, number]["/".join(inside)] = data
    return found


def _is_released(template: str, number: str, files: Mapping[str, bytes], gone: bool) -> bool:
    if APPROVAL not in files:
        return False
    approval = parse(Approval, f"catalog/{template}/{number}/{APPROVAL}", files[APPROVAL])
    if isinstance(approval, tuple):
        return False
    content = {path: data for path, data in files.items() if path != APPROVAL}
    over = isinstance(life_of(approval, content), Retired | Revoked)
    return is_consent(approval.model, content) and not (gone and over)


def _edits(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for path in sorted({*before, *after} - {APPROVAL}):
        if path not in after:
            yield path, "removed"
        elif path not in before:
            yield path, "added"
        elif before[path] != after[path]:
            yield path, "changed"


def _way_out(template: str, number: str, known: set[tuple[str, str]]) -> str:
    free = next_patch(number, {taken for name, taken in known if name == template})
    return (
        f"Undo it, and make {free}: appstore new version {template}@{number} copies the folder "
        "under the next free number; then change the copy."
    )


def next_patch(number: str, taken: set[str]) -> str:
    """The number after the last patch of this release: of 1.2.0, with 1.2.3 taken, 1.2.4."""
    release = number.rpartition(".")[0]
    same = (one for one in {*taken, number} if one.rpartition(".")[0] == release)
    return f"{release}.{max(int(one.rpartition('.')[2]) for one in same) + 1}"
