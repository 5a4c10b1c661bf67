"""ci note and ci report: the one note of a merge request, before and after the merge."""

from appstore.documents.outcome_file import InstanceOutcome, OutcomeFile
from appstore.documents.plan_file import PlanFile
from appstore.documents.review_file import ReviewFile
from appstore.errors import AppstoreError
from appstore.forge.protocol import Forge, Request, Standing
from appstore.reconcile.reviewed import read_reviewed
from appstore.registry.read import read_registry
from appstore.registry.registry import Registry
from appstore.report.note import MARKER, note_text
from appstore.runs.ci.record import check
from appstore.runs.ci.request import Desk
from appstore.source.commits import commit_tree
from appstore.source.history import changed_paths

CONTEXT = "appstore/apply"


def write_note(desk: Desk, number: int, plan: PlanFile | None, review: ReviewFile | None) -> None:
    """The note of an open request, in the language of whoever proposes it."""
    request = desk.forge.request(number)
    language = _language(_registry(desk, desk.base), request.author)
    desk.forge.note(number, MARKER, note_text(plan, review, None, language, desk.page))


def report(desk: Desk, outcome: OutcomeFile) -> Request | None:
    """How a run ended: the commit's status, and the note of the request that was merged as it.

    Projects are applied side by side, so each lecturer has a status of their own. Where the request
    is about one lecturer the outcome goes into its one note, else each gets a note of their own.
    """
    check(outcome)
    parts = _by_lecturer(outcome)
    for lecturer, part in parts.items():
        bad = [one for one in part.outcomes if not one.well and one.result != "waiting"]
        state = Standing.FAILURE if bad else Standing.SUCCESS
        text = f"{len(part.outcomes) - len(bad)} well, {len(bad)} not"
        desk.forge.status(outcome.commit, f"{CONTEXT}/{lecturer}", state, text, desk.page)
    if not parts:
        desk.forge.status(outcome.commit, CONTEXT, Standing.SUCCESS, "0 well, 0 not", desk.page)
    request = desk.forge.request_of(outcome.commit)
    if request is None or not parts:
        return request
    language = _language(_registry(desk, outcome.commit), request.author)
    touched = _touched(desk, outcome.commit)
    for lecturer, part in parts.items():
        alone = touched <= {lecturer}
        marker = MARKER if alone else f"{MARKER.removesuffix(' -->')}:{lecturer} -->"
        plan = _plan(desk.forge, request) if alone else None
        body = note_text(plan, None, part, language, desk.page, marker)
        desk.forge.note(request.number, marker, body)
    return request


def _by_lecturer(outcome: OutcomeFile) -> dict[str, OutcomeFile]:
    """The part of each lecturer for whom something was done or tried, by name."""
    found: dict[str, list[InstanceOutcome]] = {}
    for one in outcome.outcomes:
        found.setdefault(_lecturer(one.id), []).append(one)
    return {
        name: outcome.model_copy(
            update={
                "outcomes": tuple(found[name]),
                "already": tuple(one for one in outcome.already if _lecturer(one) == name),
            }
        )
        for name in sorted(found)
    }


def _lecturer(address: str) -> str:
    return address.partition("/")[0]


def _touched(desk: Desk, commit: str) -> set[str]:
    """The lecturers whose folders a merge changed; something else counts as one, named by ""."""
    changed = changed_paths(desk.repo, f"{commit}^1", commit)
    parts = [path.split("/") for path in changed]
    return {p[1] if p[0] == "deployments" and len(p) > 2 else "" for p in parts}


def _plan(forge: Forge, request: Request) -> PlanFile | None:
    """The plan that was reviewed, to be shown again; None where it is not to be had."""
    data = forge.reviewed_plan(request)
    if data is None:
        return None
    try:
        read_reviewed("the plan", data)
    except AppstoreError:
        return None
    return PlanFile.model_validate_json(data)


def _registry(desk: Desk, rev: str) -> Registry:
    tree = commit_tree(desk.repo, rev)
    return read_registry(tree.files, tree.findings)


def _language(registry: Registry, account: str) -> str:
    """That of the lecturer whose account it is; English for anybody else."""
    for folder in registry.lecturers.values():
        accounts = (*folder.document.model.accounts.github, *folder.document.model.accounts.gitlab)
        if account.casefold() in map(str.casefold, accounts):
            return folder.document.model.language
    return "en"
