"""The tenants of site.yaml, and every lecturer against it and against the others."""

from collections import defaultdict
from collections.abc import Iterator

from appstore.documents.findings import Finding
from appstore.documents.lecturer import Lecturer
from appstore.documents.marks import Document
from appstore.documents.site import Site
from appstore.registry.draft import Draft
from appstore.registry.nearest import known_instead, listed


def check_tenants(draft: Draft) -> Iterator[Finding]:
    """Tenants use clouds that site.yaml describes."""
    if (site := draft.site) is None:
        return
    for name, tenant in site.model.tenants.items():
        for index, cloud in enumerate(tenant.clouds):
            if cloud not in site.model.clouds:
                yield site.finding(
                    "registry/unknown-cloud",
                    f'Tenant "{name}" uses the cloud "{cloud}", which clouds: does not describe.',
                    known_instead(cloud, site.model.clouds),
                    ("tenants", name, "clouds", index),
                )


def check_lecturers(draft: Draft) -> Iterator[Finding]:
    """Every lecturer has a tenant, a cloud that it may use, and a project of their own."""
    if draft.site is not None:
        for name, lecturer in draft.lecturers.items():
            yield from _against_site(name, lecturer, draft.site.model)
    yield from _shared_projects(draft)


def _against_site(name: str, lecturer: Document[Lecturer], site: Site) -> Iterator[Finding]:
    model = lecturer.model
    if name in site.tenants:
        yield lecturer.finding(
            "registry/ambiguous-owner",
            f'A tenant is called "{name}" too, so an owner "{name}" would be two things.',
            "Rename the folder of the lecturer or the tenant in deployments/site.yaml.",
        )
    if (tenant := site.tenants.get(model.tenant)) is None:
        yield lecturer.finding(
            "registry/unknown-tenant",
            f'There is no tenant "{model.tenant}" in deployments/site.yaml.',
            known_instead(model.tenant, site.tenants),
            ("tenant",),
        )
    if model.cloud not in site.clouds:
        yield lecturer.finding(
            "registry/unknown-cloud",
            f'There is no cloud "{model.cloud}" in deployments/site.yaml.',
            known_instead(model.cloud, site.clouds),
            ("cloud",),
        )
    elif tenant is not None and model.cloud not in tenant.clouds:
        yield lecturer.finding(
            "registry/cloud-not-allowed",
            f'Tenant "{model.tenant}" may not use the cloud "{model.cloud}".',
            f"It may use: {listed(tenant.clouds)}.",
            ("cloud",),
        )


def _shared_projects(draft: Draft) -> Iterator[Finding]:
    users: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for name, lecturer in draft.lecturers.items():
        users[lecturer.model.cloud, lecturer.model.project].append(name)
    for (_, project), names in users.items():
        for name in names if len(names) > 1 else ():
            others = ", ".join(other for other in names if other != name)
            yield draft.lecturers[name].finding(
                "registry/shared-project",
                f'The project "{project}" is already the one of {others}.',
                "Give every lecturer an OpenStack project of their own.",
                ("project",),
            )
