"""What refers to the catalog and what the catalog refers to: versions in use, and owners."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from appstore.documents.findings import Finding, Severity
from appstore.registry.draft import Draft
from appstore.registry.nearest import known_instead, listed
from appstore.registry.registry import DeploymentFile


def check_owners(draft: Draft) -> Iterator[Finding]:
    """The owner on every card is a lecturer or a tenant."""
    if draft.site is None:
        return
    owners = draft.lecturer_folders | draft.held.lecturers | draft.site.model.tenants.keys()
    for card in draft.cards.values():
        if card.model.owner not in owners:
            yield card.finding(
                "registry/unknown-owner",
                f'There is no lecturer and no tenant "{card.model.owner}".',
                known_instead(card.model.owner, owners),
                ("owner",),
            )


def check_references(draft: Draft) -> Iterator[Finding]:
    """Every deployment uses a version that exists, and accepts replacement for that one."""
    numbers: defaultdict[str, list[str]] = defaultdict(list)
    for ref in sorted(draft.version_folders, key=release_order, reverse=True):
        template, number = ref.split("@")
        numbers[template].append(number)
    for file in draft.deployments:
        yield from _used(draft, numbers, file)
        yield from _accepted(file)


def release_order(ref: str) -> tuple[int, ...]:
    """Sorts refs of one template as people count: 1.9.0 before 1.10.0."""
    return tuple(int(number) for number in ref.split("@")[1].split("."))


def _used(
    draft: Draft, numbers: Mapping[str, list[str]], file: DeploymentFile
) -> Iterator[Finding]:
    ref = file.document.model.template
    if ref in draft.version_folders or draft.held.holds(ref):
        return
    template, number = ref.split("@")
    if template not in draft.template_folders:
        yield file.document.finding(
            "registry/unknown-template",
            f'There is no template "{template}" in the catalog.',
            known_instead(template, draft.template_folders),
            ("template",),
        )
    else:
        yield file.document.finding(
            "registry/unknown-version",
            f'Template "{template}" has no version {number}.',
            f"Its versions, newest first: {listed(numbers[template])}.",
            ("template",),
        )


def _accepted(file: DeploymentFile) -> Iterator[Finding]:
    used, accepted = file.document.model.template, file.document.model.accept_replace
    if accepted is None or accepted == used:
        return
    if accepted.split("@")[0] != used.split("@")[0]:
        yield file.document.finding(
            "registry/accept-replace",
            f"This accepts a replacement by {accepted}, but the deployment uses {used}.",
            f"Write the version that the deployment moves to: {used}.",
            ("accept_replace",),
        )
    else:
        yield file.document.finding(
            "registry/accept-replace",
            f"This has no effect: it accepts a replacement by {accepted}, the deployment uses"
            f" {used}.",
            "Remove the line.",
            ("accept_replace",),
            Severity.WARNING,
        )
