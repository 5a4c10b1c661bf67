"""ci record: one document for each run on the records branch."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from appstore.documents.outcome_file import OutcomeFile
from appstore.errors import InvalidInput
from appstore.source.records import append

_RUN = re.compile(r"req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ID = re.compile(r"[a-z0-9-]+/.*")


def record(
    repo: Path, outcome: OutcomeFile, under: Mapping[str, str], pause: Callable[[float], None]
) -> str:
    """Append the document as `runs/YYYY/MM/<run id>.json`; gives that path."""
    check(outcome)
    moment = datetime.fromisoformat(outcome.started).astimezone(UTC)
    path = f"runs/{moment:%Y/%m}/{outcome.run}.json"
    data = f"{outcome.model_dump_json(indent=1)}\n".encode()
    message = f"Run {outcome.run} of commit {outcome.commit[:12]}\n\n[skip ci]\n"
    append(repo, path, data, message, under, pause)
    return path


def check(outcome: OutcomeFile) -> None:
    """Raises InvalidInput for a run, commit, instance or moment that is none.

    They become paths, addresses and markers, and another job wrote them.
    """
    named = _RUN.fullmatch(outcome.run) and _COMMIT.fullmatch(outcome.commit)
    if not named or not all(_ID.fullmatch(one.id) for one in outcome.outcomes):
        raise _unusable("its run, its commit or an instance has an impossible name")
    try:
        datetime.fromisoformat(outcome.started)
    except ValueError as error:
        raise _unusable("the moment of its start is none") from error


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(
        f"The outcome cannot be used: {why}.",
        "Give the file that appstore apply --out wrote, as it is.",
    )
