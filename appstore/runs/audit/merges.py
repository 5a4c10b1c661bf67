"""What came onto the branch: who asked, who approved, and what approval.yaml said from then on."""

from collections.abc import Iterator, Sequence

from appstore.documents.catalog import Approval
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.errors import AppstoreError
from appstore.report.audit import Consented, Merged, Unread
from appstore.runs.audit.subject import OfVersion, Sources, Subject, named
from appstore.source.past import Landed, contents, landed


def merges(history: Sequence[Landed], sources: Sources) -> Iterator[Merged | Unread]:
    """Every commit, with its merge request where the forge knows one.

    The first question that the forge does not answer is the last one: an audit that lacks the
    people says so once, and still shows everything else.
    """
    forge = sources.forge
    if isinstance(forge, str):
        yield Unread(forge, expected=True)
    for one in history:
        fact = Merged(one.at, one.commit, one.title, one.paths, one.author)
        if not isinstance(forge, str):
            try:
                request = forge.request_of(one.commit)
            except AppstoreError as error:
                forge = str(error)
                yield Unread(f"{error} {error.hint}")
            else:
                if request is not None:
                    fact = Merged(
                        one.at,
                        one.commit,
                        one.title,
                        one.paths,
                        one.author,
                        request.number,
                        request.url,
                        request.author,
                        request.reviewers,
                    )
        yield fact


def consents(
    subject: Subject, history: Sequence[Landed], sources: Sources
) -> Iterator[Consented | Unread]:
    """What approval.yaml said of each version that the subject is, or ever named."""
    paths = {
        f"catalog/{ref.replace('@', '/')}/approval.yaml": ref
        for ref in _refs(subject, history, sources)
    }
    steps = [
        (one, path)
        for one in landed(sources.repo, sources.rev, paths)
        for path in one.paths
        if path in paths
    ]
    held = contents(sources.repo, [(one.commit, path) for one, path in steps])
    for one, path in steps:
        yield _consented(one, paths[path], path, held.get((one.commit, path)))


def _refs(subject: Subject, history: Sequence[Landed], sources: Sources) -> frozenset[str]:
    if isinstance(subject, OfVersion):
        return frozenset({subject.ref})
    asked = [(one.commit, path) for one in history for path in one.paths]
    held = contents(sources.repo, asked)
    said = (named(path, data) for (_, path), data in held.items())
    return frozenset(one.ref for one in said if one is not None)


def _consented(one: Landed, ref: str, path: str, data: bytes | None) -> Consented | Unread:
    if data is None:
        return Consented(one.at, ref, "lost its approval.yaml", "")
    document = parse(Approval, path, data)
    if not isinstance(document, Document):
        return Unread(f"{path} of commit {one.commit[:7]} is no approval that can be read.")
    model = document.model
    for word, said in (
        ("revoked", model.revoked),
        ("retired", model.retired),
        ("deprecated", model.deprecated),
    ):
        if said is not None:
            why = f": {said.reason}" if said.reason else ""
            return Consented(one.at, ref, f"{word}{why}", said.by)
    whom = "everybody" if model.tenant is None else f"the tenant {model.tenant}"
    note = f" ({model.note})" if model.note else ""
    return Consented(one.at, ref, f"approved for {whom}{note}", model.approver)
