"""The log: one JSON object a line, each with the run id; no secret and no personal data.

It goes to a file of the user's state folder, and to stderr as well with `--log-json`.
Messages name instances by their ids; members are pseudonyms. Values of the environment that
look like secrets are masked in every line, should a foreign library ever print one.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from appstore.cli.runid import RUN_ID

LOGGER = logging.getLogger("appstore")


def log_file() -> Path:
    """Where the log is written: `$XDG_STATE_HOME/teaching-appstore/appstore.log`."""
    state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return Path(state) / "teaching-appstore" / "appstore.log"


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, run, logger, message, fields, traceback."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "run": RUN_ID,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        line = json.dumps(entry, ensure_ascii=True, default=str)
        for secret in self._secrets:
            line = line.replace(json.dumps(secret)[1:-1], "(secret)")
        return line


def secrets_of(environment: dict[str, str]) -> tuple[str, ...]:
    """Values of the environment that must never be in a log, longest first."""
    words = ("PASSWORD", "TOKEN", "SECRET", "PRIVATE_KEY")
    found = {v for k, v in environment.items() if any(w in k.upper() for w in words)}
    return tuple(sorted((v for v in found if len(v) >= 4), key=len, reverse=True))


def start(to_stderr: bool) -> None:
    """Open the log; where no file can be written, the run goes on without one."""
    formatter = JsonLines(secrets_of(dict(os.environ)))
    LOGGER.setLevel(logging.DEBUG)
    handlers: list[logging.Handler] = []
    if to_stderr:
        handlers.append(logging.StreamHandler(sys.stderr))
    try:
        path = log_file()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers.append(RotatingFileHandler(path, maxBytes=5_000_000, backupCount=3, delay=True))
    except OSError as error:
        print(f"note: no log file: {error.strerror}", file=sys.stderr)
    for handler in handlers:
        handler.setFormatter(formatter)
        LOGGER.addHandler(handler)
    LOGGER.info("started", extra={"fields": {"verb": sys.argv[1:2]}})


def record_bug(error: BaseException) -> str:
    """Write an unexpected error with its traceback to the log; says where that is."""
    if not any(isinstance(handler.formatter, JsonLines) for handler in LOGGER.handlers):
        start(to_stderr=False)
    LOGGER.error("unexpected error", exc_info=error)
    return f"Please report it with the log: {log_file()}"
