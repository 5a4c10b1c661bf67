"""The records branch: one JSON document for each run, which no decision ever reads.

A document is pushed as one commit on top of whatever the branch holds on the server. A run that is
killed anywhere has either added its document or nothing at all, and may be repeated.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from appstore.errors import AppstoreError, Refused
from appstore.source.plumbing import blob_at, commit_of
from appstore.source.remote import push, tip

RECORDS = "appstore-records"
TRIES = 6
_AUTHOR = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "appstore"), ("EMAIL", "appstore@localhost"))
}


def append(
    repo: Path,
    path: str,
    data: bytes,
    message: str,
    under: Mapping[str, str],
    pause: Callable[[float], None],
) -> str:
    """Add one document to the branch on origin; gives the commit that holds it.

    Begins the branch where there is none. Where another run was faster it builds anew on what is
    there then, five times, pausing longer and longer. Raises Refused when the path holds something
    else already.
    """
    for number in range(TRIES):
        if number:
            pause(float(2 ** (number - 1)))
        onto = tip(repo, RECORDS, under)
        there = blob_at(repo, onto, path) if onto else None
        if onto and there == data:
            return onto
        if there is not None:
            raise Refused(
                f"The records hold another document as {path}.",
                "A record is never changed; the run id of this document is used already.",
            )
        commit = commit_of(repo, onto, {path: data}, message, _AUTHOR)
        if push(repo, commit, RECORDS, (), under).done:
            return commit
    raise AppstoreError(
        f"Other runs were faster {TRIES} times, so the record is not written.",
        "Run the same command again: it adds the document if it is not there yet.",
    )
