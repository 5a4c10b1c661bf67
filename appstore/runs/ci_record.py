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


def record(
    repo: Path, outcome: OutcomeFile, under: Mapping[str, str], pause: Callable[[float], None]
) -> str:
    """Append the document as `runs/YYYY/MM/<run id>.json`; gives that path.

    Raises InvalidInput for a run id, a commit or a moment that is none: they become a path and a
    message.
    """
    if not _RUN.fullmatch(outcome.run) or not _COMMIT.fullmatch(outcome.commit):
        raise _unusable("the id of its run or its commit is none")
    try:
        moment = datetime.fromisoformat(outcome.started).astimezone(UTC)
    except ValueError as error:
        raise _unusable("the moment of its start is none") from error
    path = f"runs/{moment:%Y/%m}/{outcome.run}.json"
    data = f"{outcome.model_dump_json(indent=1)}\n".encode()
    message = f"Run {outcome.run} of commit {outcome.commit[:12]}\n\n[skip ci]\n"
    append(repo, path, data, message, under, pause)
    return path


def _unusable(why: str) -> InvalidInput:
    return InvalidInput(
        f"The outcome cannot be recorded: {why}.",
        "Give the file that appstore apply --out wrote, as it is.",
    )
