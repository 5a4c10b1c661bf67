"""The repository that others see: fetching from it, pushing to it, and with which login."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from appstore.errors import AppstoreError, InvalidInput
from appstore.source.command import Answer, ask, talk, without_login

ORIGIN = "origin"
_SYMREF = re.compile(rb"ref: refs/heads/(\S+)\tHEAD")


@dataclass(frozen=True, slots=True)
class Pushed:
    """How a push ended; `said` are the lines that the server printed."""

    done: bool
    raced: bool
    said: tuple[str, ...]


def login(server: str, name: str, token: str) -> Mapping[str, str]:
    """A token as variables of git's environment, sent to this server only.

    Not as an argument and not in an address: both are seen by others.
    """
    basic = base64.b64encode(f"{name}:{token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server.rstrip('/')}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
    }


def address(repo: Path) -> str:
    """Where `origin` is, without any login in it; raises InvalidInput without one."""
    answer = ask(repo, "remote", "get-url", ORIGIN)
    if answer.status != 0:
        raise InvalidInput(
            "This clone has no remote called origin.",
            "Name the registry's address with: git remote add origin ADDRESS",
        )
    return without_login(answer.output.decode(errors="replace").strip())


def tip(repo: Path, branch: str, under: Mapping[str, str]) -> str | None:
    """The commit of a branch of origin, with all that it builds on fetched; None without one."""
    ref = f"refs/heads/{branch}"
    listed = talk(repo, "ls-remote", ORIGIN, ref, under=under)
    if listed.status != 0:
        raise _unreachable(listed)
    if not listed.output:
        return None
    commit = listed.output.decode().split()[0]
    if ask(repo, "cat-file", "-e", commit).status != 0:
        fetch(repo, ref, under)
    return commit


def default_branch(repo: Path, under: Mapping[str, str]) -> str:
    """The branch that origin calls its default; raises AppstoreError where it names none."""
    answer = talk(repo, "ls-remote", "--symref", ORIGIN, "HEAD", under=under)
    if answer.status != 0:
        raise _unreachable(answer)
    found = _SYMREF.match(answer.output)
    if found is None:
        raise AppstoreError(
            "The remote repository names no default branch.", "Set one in its settings."
        )
    return found[1].decode()


def fetch(repo: Path, ref: str, under: Mapping[str, str]) -> None:
    """Bring a ref's objects here; no ref of this clone changes."""
    words = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules")
    answer = talk(repo, "fetch", *words, ORIGIN, ref, under=under)
    if answer.status != 0:
        raise _unreachable(answer)


def push(
    repo: Path, commit: str, branch: str, options: tuple[str, ...], under: Mapping[str, str]
) -> Pushed:
    """Make the commit the tip of origin's branch, which it must build on.

    Raises AppstoreError when the server cannot be reached or does not let us.
    """
    words = [f"--push-option={option}" for option in options]
    to = f"{commit}:refs/heads/{branch}"
    answer = talk(repo, "push", "--porcelain", "--no-verify", *words, ORIGIN, to, under=under)
    report = answer.output.decode(errors="replace")
    refused = [line for line in report.splitlines() if line.startswith("!")]
    if answer.status != 0 and not refused:
        if "push options" in answer.errors:
            raise NoPushOptions("The server takes no push options.", "Push without them.")
        raise _unreachable(answer)
    said = [line.removeprefix("remote:").strip() for line in answer.errors.splitlines()]
    raced = any(reason in line for line in refused for reason in _RACED)
    if refused and not raced:
        why = refused[0].rpartition("\t")[2]
        raise AppstoreError(
            f"The server does not take the branch {branch}: {why}.",
            "Ask who looks after the repository whether a rule protects that branch.",
        )
    return Pushed(not refused, raced, tuple(line for line in said if line))


class NoPushOptions(AppstoreError):
    """A server that cannot be told anything with a push."""


# What git says when somebody else was faster: the tip is not what it was, or is being written.
_RACED = (
    "fetch first",
    "non-fast-forward",
    "stale info",
    "cannot lock ref",
    "failed to update ref",
    "reference already exists",
    "incorrect old value",
)


def _unreachable(answer: Answer) -> AppstoreError:
    lines = [line for line in answer.errors.splitlines() if line.strip()]
    words = next((line for line in lines if "fatal:" in line), lines[0] if lines else "no answer")
    return AppstoreError(
        f"The remote repository could not be reached: {words.removeprefix('fatal: ').strip()}",
        "Check the network and that you may log in there: git ls-remote origin",
    )
