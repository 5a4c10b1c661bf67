"""What is wrong with approvals, and what deployments should know about the versions they use."""

from collections.abc import Iterator

from appstore.documents.catalog import WIDTH, Approval
from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import Document
from appstore.documents.site import Site
from appstore.govern.content import content_digest
from appstore.govern.life import Retired
from appstore.govern.use import Denied, Use
from appstore.govern.use_shelf import Shelf
from appstore.registry.registry import (
    CatalogTemplate,
    DeploymentFile,
    Registry,
    TemplateVersion,
)


def life_findings(registry: Registry, shelf: Shelf) -> Iterator[Finding]:
    """Findings in approvals, and for each deployment whose version its lecturer may not begin with.

    The latter are warnings: an unapproved version must still be tried and reviewed. Only a retired
    one that is in use is an error, at its user.
    """
    if registry.site is not None:
        for template in registry.templates.values():
            for version in template.versions.values():
                if version.approval is not None:
                    yield from _approval(version, version.approval, template, registry.site.model)
    for folder in registry.lecturers.values():
        for file, _ in folder.every_deployment():
            model = file.document.model
            if model.template in shelf.lives and model.state != "absent":
                yield from _used(folder.name, file, shelf)


def _approval(
    version: TemplateVersion, approval: Document[Approval], template: CatalogTemplate, site: Site
) -> Iterator[Finding]:
    model, card = approval.model, template.card.model
    if (model.visibility == "tenant") != (model.tenant is not None):
        yield approval.finding(
            "approval/tenant",
            "The visibility tenant names one tenant, and global names none; so this counts as no "
            "approval.",
            f"Approve it again: appstore approve {version.ref} --visibility tenant --tenant <name>",
            ("visibility",),
        )
    elif model.tenant is not None and model.tenant not in site.tenants:
        yield approval.finding(
            "approval/tenant",
            f'There is no tenant "{model.tenant}" in deployments/site.yaml.',
            f"Its tenants are {', '.join(site.tenants)}.",
            ("tenant",),
        )
    over = model.revoked or model.retired
    if over is None and model.digest != content_digest(version.content):
        yield approval.finding(
            "approval/digest",
            f"The content of {version.ref} is not what was approved, so this counts as no "
            "approval.",
            f"Restore the folder, or have it reviewed again: appstore approve {version.ref}",
            ("digest",),
        )
    if WIDTH[card.visibility] < WIDTH[model.visibility]:
        yield approval.finding(
            "approval/card",
            f"It is approved with the visibility {model.visibility}, and the card is "
            f"{card.visibility}: the narrower counts.",
            f"To let others use it, write `visibility: {model.visibility}` in "
            f"{template.card.path}.",
            ("visibility",),
            Severity.WARNING,
        )


def _used(lecturer: str, file: DeploymentFile, shelf: Shelf) -> Iterator[Finding]:
    ref = file.document.model.template
    verdict = shelf.verdict(lecturer, ref, Use.BEGIN)
    if isinstance(verdict, Denied):
        retired = isinstance(shelf.lives[ref], Retired)
        yield file.document.finding(
            f"version/{verdict.rule}",
            verdict.sentence(ref),
            verdict.way_out,
            ("template",),
            Severity.ERROR if retired else Severity.WARNING,
        )
