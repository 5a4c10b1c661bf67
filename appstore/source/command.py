"""The one place where git is started (through GitPython), and what is kept away from it."""

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from appstore.errors import AppstoreError, InvalidInput

_SETTINGS = (
    "core.fsmonitor=false",  # would start a program that the configuration names
    "core.hooksPath=/dev/null",
    "protocol.allow=never",  # a partial clone would fetch missing blobs from its remote
    "core.quotePath=false",
)
_ENVIRONMENT = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # refs/replace/* would show another content for a commit
    "GIT_OPTIONAL_LOCKS": "0",  # reading must not write the index
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ATTR_NOSYSTEM": "1",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """How one git process ended."""

    status: int
    output: bytes
    errors: str


def ask(repo: Path, *arguments: str, given: Iterable[str] = ()) -> Answer:
    """Run one git command in the repository whose root is `repo`; `given` are lines on its stdin.

    Only fixed words and full object ids may be arguments; text of other people goes to stdin.
    Raises InvalidInput when there is no repository that git is willing to read.
    """
    answer = _run(repo, arguments, given)
    if answer.status == 128:
        if "dubious ownership" in answer.errors:
            raise InvalidInput(
                f"Git does not read {repo}, because the folder belongs to another user.",
                f"If you trust it: git config --global --add safe.directory {repo}",
            )
        if "not a git repository" in answer.errors or "cannot change to" in answer.errors:
            raise InvalidInput(
                f"{repo} is not a git repository.",
                "Go into a clone of your registry, or name one with --repo DIR.",
            )
    return answer


def output(repo: Path, *arguments: str, given: Iterable[str] = ()) -> bytes:
    """What git printed; raises AppstoreError with git's own words when it failed."""
    answer = ask(repo, *arguments, given=given)
    if answer.status != 0:
        raise failure(arguments[0], answer)
    return answer.output


def failure(command: str, answer: Answer) -> AppstoreError:
    """Git's own words about a failure that has no better name."""
    words = answer.errors.strip().splitlines() or [f"exit {answer.status}"]
    return AppstoreError(f"git {command} failed: {words[0]}", "Check the clone with: git fsck")


def _run(repo: Path, arguments: tuple[str, ...], given: Iterable[str]) -> Answer:
    try:
        from git import Git
    except ImportError as error:  # GitPython looks for the git program when it is imported
        raise AppstoreError(
            "The program git was not found.", "Install git 2.38 or newer."
        ) from error

    # Inside a hook or a CI job GIT_DIR, GIT_INDEX_FILE and the like point at another repository;
    # GitPython can only add to the environment, so `env` takes them away.
    leaks = [("-u", name) for name in os.environ if name.startswith("GIT_")]
    # Without the ceiling git would climb up and read a repository around this folder.
    own = _ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(repo.resolve().parent)}
    command = ["env", *(word for leak in leaks for word in leak)]
    command += [f"{name}={value}" for name, value in own.items()]
    command += ["git", "-C", str(repo)]
    command += [word for setting in _SETTINGS for word in ("-c", setting)]
    with tempfile.TemporaryFile() as stdin:
        stdin.write("".join(f"{line}\n" for line in given).encode("utf-8", "surrogateescape"))
        stdin.seek(0)
        status, out, errors = Git().execute(
            [*command, *arguments],
            istream=stdin,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    return Answer(status, out if isinstance(out, bytes) else out.encode(), str(errors))
