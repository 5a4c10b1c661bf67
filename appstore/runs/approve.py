"""approve, deprecate, retire, revoke: what to write into a version's approval.yaml.

What is written here decides nothing yet: it counts once an admin's merge request with it is merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from appstore.documents.catalog import Approval
from appstore.documents.edit import Edit, put
from appstore.documents.edit_writing import entry
from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import JsonValue
from appstore.documents.parse import parse
from appstore.documents.site import Site
from appstore.errors import InvalidInput
from appstore.govern.content import APPROVAL, content_digest
from appstore.govern.life import Approved, Deprecated, Draft, Life, Retired, Revoked, life_of
from appstore.govern.life_findings import life_findings
from appstore.govern.use_shelf import shelf_of
from appstore.registry.nearest import known_instead
from appstore.registry.read import read_registry
from appstore.registry.registry import Registry, TemplateVersion
from appstore.runs.edit.orders import Edited, NoOrder, Order
from appstore.source.tree import Tree
from appstore.wanted.compiled import CompiledVersion, compile_version

_EDITOR = "# yaml-language-server: $schema=../../../schemas/approval.schema.json"


@dataclass(frozen=True, slots=True)
class Approve:
    """Consent to what the folder holds; with the visibility `tenant` for this tenant."""

    visibility: Literal["tenant", "global"]
    tenant: str | None = None
    note: str | None = None
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deprecate:
    """It runs on, and nothing new begins with it."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Retire:
    """Nobody uses it, and nobody may again."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Revoke:
    """It must not be used; what runs of it sleeps after `grace` days."""

    reason: str
    grace: int = 7


Verb = Approve | Deprecate | Retire | Revoke


@dataclass(frozen=True, slots=True)
class Said:
    """A verb about one version, by an account of the forge, on a day."""

    verb: Verb
    ref: str
    by: str
    today: date


@dataclass(frozen=True, slots=True)
class Folder:
    """A version as it is, its life, its approval.yaml (None without one), and the site."""

    version: TemplateVersion
    life: Life
    site: Site
    approval: bytes | None

    @property
    def path(self) -> str:
        """Where its approval lies."""
        return f"{self.version.folder}/{APPROVAL}"


def say(
    said: Said, tree: Tree, committed: Mapping[str, bytes], edited: frozenset[str]
) -> Edited | tuple[Finding, ...]:
    """What to write, or the findings that stand in its way; raises InvalidInput for another ref.

    `committed` are the files of HEAD: those are approved, as git stores them. `edited` are the
    paths in which the work tree differs.
    """
    registry = read_registry(tree.files, tree.findings)
    found = _folder(said.ref, registry, tree)
    if isinstance(found, tuple):
        return found
    match said.verb:
        case Approve() as verb:
            decided = _approve(said, verb, found, committed, edited)
        case Retire():
            decided = _used(said.ref, registry) or _withdraw(said, found)
        case Deprecate() | Revoke():
            decided = _withdraw(said, found)
        case _:
            assert_never(said.verb)
    if isinstance(decided, NoOrder):
        return Edited((), (), (decided,), ())
    if isinstance(decided, tuple):
        return decided
    # A checkout may have other line ends than what git stores.
    stored = {path: data for path, data in committed.items() if path in tree.files}
    files = {**tree.files, **_below(found, stored), found.path: decided.after}
    after = read_registry(files, tree.findings)
    findings = tuple(
        one
        for one in (*after.findings, *life_findings(after, shelf_of(after)))
        if one.path == found.path
    )
    if any(one.severity is Severity.ERROR for one in findings):
        return findings
    order = Order(found.path, (said.ref,), (), _meaning(said, found))
    return Edited((order,), (decided,), (), findings)


def _folder(ref: str, registry: Registry, tree: Tree) -> Folder | tuple[Finding, ...]:
    versions = {one.ref: one for one in registry.versions()}
    known = {*versions, *registry.broken_versions}
    if ref not in known:
        raise InvalidInput(f'There is no version "{ref}".', known_instead(ref, known))
    template, _, number = ref.partition("@")
    places = ("deployments/site.yaml", f"catalog/{template}/template.yaml")
    wrong = tuple(
        one
        for one in registry.findings
        if one.severity is Severity.ERROR
        and (one.path in places or one.path.startswith(f"catalog/{template}/{number}/"))
    )
    if wrong or registry.site is None or ref in registry.broken_versions:
        return wrong or registry.findings
    version, site = versions[ref], registry.site.model
    life = life_of(version.approval, version.content)
    return Folder(version, life, site, tree.files.get(f"{version.folder}/{APPROVAL}"))


def _approve(
    said: Said,
    verb: Approve,
    folder: Folder,
    committed: Mapping[str, bytes],
    edited: frozenset[str],
) -> Edit | NoOrder | tuple[Finding, ...]:
    if (verb.visibility == "tenant") != (verb.tenant is not None):
        raise InvalidInput(
            "The visibility tenant needs --tenant, and global takes none.",
            f"The tenants of this site: {', '.join(folder.site.tenants)}.",
        )
    if isinstance(folder.life, Revoked):
        why = "is revoked, and stays so"
        return NoOrder(said.ref, why, f"Make a new one: appstore new version {said.ref}")
    compiled = compile_version(folder.version, folder.site.resource_types)
    if not isinstance(compiled, CompiledVersion):
        return compiled
    below = f"{folder.version.folder}/"
    if any(path.startswith(below) and path != folder.path for path in edited):
        why = "has edits that no commit holds, and only what is committed can be approved"
        return NoOrder(said.ref, why, f"Commit them first: git add {below} && git commit")
    stored = _below(folder, committed)
    digest = content_digest({path.removeprefix(below): data for path, data in stored.items()})
    if folder.approval is not None and (before := _read(folder)) is not None:
        same = (before.digest, before.visibility, before.tenant, before.note, before.checked)
        asked = (digest, verb.visibility, verb.tenant, verb.note, verb.checked)
        if same == asked and isinstance(folder.life, Approved):
            why = f"is approved already, by {before.approver} on {before.date}"
            return NoOrder(said.ref, why, "There is nothing to write.")
    lines: dict[str, JsonValue] = {
        "digest": digest,
        "visibility": verb.visibility,
        **({"tenant": verb.tenant} if verb.tenant else {}),
        "approver": said.by,
        "date": said.today.isoformat(),
        **({"note": verb.note} if verb.note else {}),
        **({"checked": list(verb.checked)} if verb.checked else {}),
    }
    text = "\n".join([_EDITOR, *(entry(key, value) for key, value in lines.items()), ""])
    return Edit(folder.path, folder.approval, text.encode())


def _below(folder: Folder, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What lies in the version's folder, but for its approval."""
    below = f"{folder.version.folder}/"
    return {
        path: data for path, data in files.items() if path.startswith(below) and path != folder.path
    }


def _read(folder: Folder) -> Approval | None:
    found = parse(Approval, folder.path, folder.approval or b"")
    return None if isinstance(found, tuple) else found.model


def _withdraw(said: Said, folder: Folder) -> Edit | NoOrder | tuple[Finding, ...]:
    if folder.approval is None:
        why = "was never approved, so there is nothing to take back"
        hint = "A draft can be used by its owner alone; change it, or delete its folder."
        return NoOrder(said.ref, why, hint)
    match said.verb, folder.life:
        case (Deprecate(), Deprecated()) | (Retire(), Retired()) | (Revoke(), Revoked()):
            why = f"is {_WORDS[type(folder.life)]} already"
            return NoOrder(said.ref, why, "There is nothing to write.")
        case (Deprecate(), Retired() | Revoked()) | (Retire(), Revoked()):
            why = f"is {_WORDS[type(folder.life)]}, which is more"
            return NoOrder(said.ref, why, "There is nothing to write.")
    lines: dict[str, JsonValue] = {"by": said.by, "date": said.today.isoformat()}
    match said.verb:
        case Revoke(reason, grace):
            key, lines = "revoked", {**lines, "reason": reason, "grace": grace}
        case Deprecate(reason) | Retire(reason):
            key = "deprecated" if isinstance(said.verb, Deprecate) else "retired"
            lines = {**lines, **({"reason": reason} if reason else {})}
        case _:
            raise ValueError("an approval takes nothing back")
    changed = put(folder.path, folder.approval, (key,), lines)
    return changed if isinstance(changed, tuple) else Edit(folder.path, folder.approval, changed)


_WORDS: Mapping[type[Life], str] = {
    Deprecated: "deprecated",
    Retired: "retired",
    Revoked: "revoked",
}


def _used(ref: str, registry: Registry) -> NoOrder | None:
    """Why it cannot be retired: who wants machines of it, as far as files can be read."""
    if unread := sorted(registry.held_lecturers):
        why = f"may be in use: the files of {', '.join(unread)} have findings"
        return NoOrder(ref, why, "See them with: appstore validate")
    paths = [
        file.document.path
        for folder in registry.lecturers.values()
        for file, _ in folder.every_deployment()
        if file.document.model.template == ref and file.document.model.state != "absent"
    ]
    if not paths:
        return None
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    why = f"is in use by {', '.join(sorted(paths)[:3])}{more}"
    hint = f"Let nothing new begin with it: appstore deprecate {ref}"
    return NoOrder(ref, why, f"{hint}. Retire it when they have moved or are removed.")


def _meaning(said: Said, folder: Folder) -> str:
    ref = said.ref
    match said.verb:
        case Approve(tenant=tenant):
            whom = f"every lecturer of {tenant}" if tenant else "every lecturer"
            also = " It replaces the approval of another content." if _stale(folder) else ""
            return f"{whom[0].upper()}{whom[1:]} may use {ref} exactly as it is committed.{also}"
        case Deprecate():
            return f"What runs of {ref} stays; no new deployment begins with it."
        case Retire():
            return f"Nobody uses {ref}, and nobody may use it again."
        case Revoke(grace=grace):
            sleeps = said.today + timedelta(days=grace)
            return (
                f"Nobody may use {ref} any more. What runs of it is put to sleep from {sleeps} "
                "on, unless its deployment moves to another version; an exam is waited for."
            )
        case _:
            assert_never(said.verb)


def _stale(folder: Folder) -> bool:
    return folder.approval is not None and isinstance(folder.life, Draft)
