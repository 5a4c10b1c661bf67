"""Every folder has the document that makes it what it is."""

from collections.abc import Iterator

from appstore.documents.findings import Finding
from appstore.registry.draft import Draft


def check_folders(draft: Draft) -> Iterator[Finding]:
    """The site, lecturers, courses, templates and versions have their files."""
    yield from draft.lacks(
        "deployments/site.yaml",
        "An admin writes owner, clouds, tenants and resource_types into it.",
    )
    for lecturer in draft.lecturer_folders:
        yield from draft.lacks(
            f"deployments/{lecturer}/lecturer.yaml",
            "An admin writes the lecturer's tenant, cloud and project into it.",
        )
    for lecturer, course in draft.course_folders:
        yield from draft.lacks(
            f"deployments/{lecturer}/{course}/course.yaml",
            "Write the course's title, term, starts and ends into it.",
        )
    for template in draft.template_folders:
        yield from draft.lacks(
            f"catalog/{template}/template.yaml",
            "It is the card of the template; write title, summary and owner into it.",
        )
    for ref in draft.version_folders:
        yield from _version(draft, ref)


def _version(draft: Draft, ref: str) -> Iterator[Finding]:
    folder = f"catalog/{ref.replace('@', '/')}"
    contract, heat, approval = (f"{folder}/{name}.yaml" for name in ("version", "heat", "approval"))
    if approval in draft.paths and contract not in draft.paths and heat not in draft.paths:
        yield Finding(
            approval,
            0,
            0,
            "registry/approval-without-version",
            f"This approves {ref}, which does not exist.",
            "Remove it, or restore the version beside it.",
        )
    else:
        yield from draft.lacks(contract, "It is the contract of the version.")
        yield from draft.lacks(heat, "It is the Heat template of the version.")
