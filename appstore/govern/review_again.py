"""The check that apply repeats: was this file's last merge one that policy lets through?"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from appstore.documents.findings import Severity
from appstore.documents.policy import Risk
from appstore.govern.people import People
from appstore.govern.review import Need, decide
from appstore.govern.review_change import Change
from appstore.govern.review_changes import changes_between, differing_files
from appstore.govern.review_checks import proposal_findings
from appstore.govern.roles import Roles
from appstore.govern.sides import Side
from appstore.wanted.tree import SITE_PATH


def objections(people: People, base: Side, merged: Side) -> Mapping[str, str]:
    """Why what a merge did to a file must not be carried out, in words, by path; no more files.

    `base` is the merge's first parent and `merged` its own tree: roles and policy are those of the
    target branch then. Holds nothing back where the target branch named no site admin yet, since
    nobody could have reviewed; an admin's review is needed to come back to that state.
    """
    if unruled(base):
        return {}
    roles = Roles(base.registry, people.forge)
    risk = base.registry.site.model.risk if base.registry.site else Risk()
    paths = differing_files(base, merged)
    why = dict(_findings(base, merged, paths))
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes_between(base, merged, paths, risk):
        changes[change.path].append(change)
    for path, own in changes.items():
        verdict = decide(own, risk, roles, people)
        if missing := [need for need in verdict.needs if need.given_by is None]:
            why[path] = _words(path, people.author, missing[0])
    return why


def _findings(base: Side, merged: Side, paths: Collection[str]) -> Iterator[tuple[str, str]]:
    """What no review outvotes; the day does not matter, since it only makes warnings."""
    for finding in proposal_findings(base, merged, paths, date.min):
        if finding.severity is Severity.ERROR:
            yield finding.path, f"{finding.path}: {finding.message} [{finding.rule}]."


def unruled(base: Side) -> bool:
    """Whether no admin was named yet; a site that cannot be read is no site without admins."""
    site = base.registry.site
    return not site.model.admins if site else SITE_PATH not in base.files


def _words(path: str, author: str, need: Need) -> str:
    roles = " or ".join(dict.fromkeys(str(role) for role in need.roles))
    return (
        f"{path} was changed by {author or 'nobody known'} ({need.change.what}) without the review "
        f"that this needs: {need.account or roles} [{need.rule}]."
    )
