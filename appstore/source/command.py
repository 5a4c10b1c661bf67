"""The one place where git is started (through GitPython), and what is kept away from it."""

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from appstore.errors import AppstoreError, InvalidInput

_SETTINGS = (
    "core.fsmonitor=false",  # would start a program that the configuration names
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
)
_ALONE = ("protocol.allow=never",)  # a partial clone would fetch missing blobs from its remote
_TALKING = (
    "protocol.ext.allow=never",
    "gc.auto=0",
    "http.lowSpeedLimit=1000",  # a server that says nothing for a minute ends the talk
    "http.lowSpeedTime=60",
)
_ENVIRONMENT = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # refs/replace/* would show another content for a commit
    "GIT_OPTIONAL_LOCKS": "0",  # reading must not write the index
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ATTR_NOSYSTEM": "1",
}
_NOTHING: Mapping[str, str] = MappingProxyType({})
# How a person reaches a server; nothing that points git at another repository or traces it.
_REACHING = re.compile(
    r"GIT_(SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+|CONFIG_GLOBAL|"
    r"CONFIG_SYSTEM|CONFIG_NOSYSTEM)"
)
_LOGIN_IN_ADDRESS = re.compile(r"(?<=://)[^/@\s]+@")


@dataclass(frozen=True, slots=True)
class Answer:
    """How one git process ended."""

    status: int
    output: bytes
    errors: str


def ask(
    repo: Path,
    *arguments: str,
    given: Iterable[str] | bytes = (),
    under: Mapping[str, str] = _NOTHING,
) -> Answer:
    """Run one git command in the repository whose root is `repo`.

    `given` is its stdin, as lines or as bytes; `under` are variables of its environment. Only
    fixed words and full object ids may be arguments; text of other people goes to stdin. Raises
    InvalidInput when there is no repository that git is willing to read.
    """
    return _readable(repo, _run(repo, arguments, given, under, _ALONE))


def talk(repo: Path, *arguments: str, under: Mapping[str, str] = _NOTHING) -> Answer:
    """Run a git command that may reach another repository; secrets belong into `under` only.

    It never asks for a password. What git says is freed of logins that stand in an address.
    """
    answer = _readable(repo, _run(repo, arguments, (), under, _TALKING))
    return Answer(answer.status, answer.output, without_login(answer.errors))


def without_login(text: str) -> str:
    """The text without what stands before the @ of an address."""
    return _LOGIN_IN_ADDRESS.sub("", text)


def _readable(repo: Path, answer: Answer) -> Answer:
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


def output(
    repo: Path,
    *arguments: str,
    given: Iterable[str] | bytes = (),
    under: Mapping[str, str] = _NOTHING,
) -> bytes:
    """What git printed; raises AppstoreError with git's own words when it failed."""
    answer = ask(repo, *arguments, given=given, under=under)
    if answer.status != 0:
        raise failure(arguments[0], answer)
    return answer.output


def failure(command: str, answer: Answer) -> AppstoreError:
    """Git's own words about a failure that has no better name."""
    words = answer.errors.strip().splitlines() or [f"exit {answer.status}"]
    return AppstoreError(f"git {command} failed: {words[0]}", "Check the clone with: git fsck")


def _run(
    repo: Path,
    arguments: tuple[str, ...],
    given: Iterable[str] | bytes,
    under: Mapping[str, str],
    reach: tuple[str, ...],
) -> Answer:
    try:
        from git import Git
    except ImportError as error:  # GitPython looks for the git program when it is imported
        raise AppstoreError(
            "The program git was not found.", "Install git 2.38 or newer."
        ) from error

    # Inside a hook or a CI job GIT_DIR, GIT_INDEX_FILE and the like point at another repository;
    # GitPython can only add to the environment, so `env` takes them away.
    leaks = [
        ("-u", name)
        for name in os.environ
        if name.startswith("GIT_")
        and name not in under
        and not (reach is _TALKING and _REACHING.fullmatch(name))
    ]
    # Without the ceiling git would climb up and read a repository around this folder.
    own = _ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(repo.resolve().parent)}
    command = ["env", *(word for leak in leaks for word in leak)]
    command += [f"{name}={value}" for name, value in own.items()]
    command += ["git", "-C", str(repo)]
    command += [word for setting in (*_SETTINGS, *reach) for word in ("-c", setting)]
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given if isinstance(given, bytes) else _lines(given))
        stdin.seek(0)
        status, out, errors = Git().execute(
            [*command, *arguments],
            istream=stdin,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            env=dict(under),  # not among the arguments, which every user of a machine may read
        )
    return Answer(status, out if isinstance(out, bytes) else out.encode(), str(errors))


def _lines(given: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in given).encode("utf-8", "surrogateescape")
