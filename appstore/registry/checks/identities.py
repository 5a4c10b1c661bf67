"""The id of every deployment: its shape, and that it is the only one of its kind."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from appstore.documents.findings import Finding
from appstore.registry.draft import Draft
from appstore.registry.registry import DeploymentFile


def check_identities(draft: Draft) -> Iterator[Finding]:
    """Ids fit to where files lie; no two of one lecturer, who has one project, are equal."""
    same: defaultdict[tuple[str, str], list[DeploymentFile]] = defaultdict(list)
    for file in draft.deployments:
        same[file.lecturer, file.id].append(file)
        if ("/" in file.id) != (file.course is not None):
            yield _wrong_shape(file)
    for files in same.values():
        if len(files) > 1:
            yield from _duplicates(files)


def _wrong_shape(file: DeploymentFile) -> Finding:
    if file.course is not None:
        message = "This deployment lies in a course, so its id has two parts."
        hint = "Write <course>/<deployment> as it was before the file moved."
    else:
        message = "This deployment lies in no course, so its id has one part."
        hint = "Write <deployment> as it was before the file moved."
    return file.document.finding("registry/id-shape", message, hint, ("id",))


def _duplicates(files: Sequence[DeploymentFile]) -> Iterator[Finding]:
    """At the files that write the id; one file keeps it, the one whose path it is or the first."""
    keeper = min(files, key=lambda file: file.document.model.id is not None)
    for file in files:
        if file is not keeper:
            yield file.document.finding(
                "registry/duplicate-id",
                f'{keeper.document.path} has the id "{file.id}" too; both would be one stack.',
                "Remove one of the two files, or give this one an id of its own.",
                ("id",),
            )
