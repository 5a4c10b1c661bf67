"""What runs did, from the documents that they left on the records branch."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache

from pydantic import ValidationError

from appstore.documents.outcome_file import OutcomeFile
from appstore.report.audit import Ran, Unread
from appstore.runs.audit.subject import OfVersion, Sources, Subject, is_part, named
from appstore.source.past import contents, landed_with, records
from appstore.source.records import RECORDS

_NO_RECORDS = (
    f"This clone lacks the branch {RECORDS}, where CI writes down what it did; it begins with the"
    " first run. Bring it here: git fetch. In a clone of one branch alone: git fetch origin"
    f" {RECORDS}:refs/remotes/origin/{RECORDS}"
)


def runs(subject: Subject, sources: Sources) -> Iterator[Ran | Unread]:
    """What every recorded run did to the subject's instances."""
    recorded = records(sources.repo)
    if recorded is None:
        yield Unread(_NO_RECORDS, expected=True)
        return
    about = _about(subject, sources)
    for path, data in sorted(recorded.items()):
        try:
            record = OutcomeFile.model_validate_json(data)
            at = datetime.fromisoformat(record.ended).astimezone(UTC)
        except (ValidationError, ValueError):
            yield Unread(f"The record {path} is not one that this version of the program reads.")
            continue
        for one in record.outcomes:
            if about(record.commit, one.id):
                yield Ran(
                    at,
                    record.run,
                    record.commit,
                    record.plan,
                    one.id,
                    one.action,
                    one.result,
                    one.why,
                )


def _about(subject: Subject, sources: Sources) -> Callable[[str, str], bool]:
    """Whether what a run of this commit did to this instance belongs to the subject."""
    if not isinstance(subject, OfVersion):
        return lambda commit, id_: is_part(id_, subject.address)
    history = landed_with(sources.repo, sources.rev, "deployments", subject.ref)
    paths = sorted({path for one in history for path in one.paths})

    @cache
    def users(commit: str) -> frozenset[str]:
        """The deployments that named the version in that commit."""
        held = contents(sources.repo, [(commit, path) for path in paths])
        said = (named(path, data) for (_, path), data in held.items())
        return frozenset(one.address for one in said if one and one.ref == subject.ref)

    return lambda commit, id_: any(is_part(id_, address) for address in users(commit))
