"""Which forge this is, from the environment of a CI job or of a person's shell."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, assert_never
from urllib.parse import urlsplit

from appstore.forge.errors import NoForge
from appstore.forge.patience import Rest
from appstore.forge.protocol import Forge

_LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])


@dataclass(frozen=True, slots=True)
class Place:
    """One project: `project` is `<owner>/<name>` on GitHub, an id or a path on GitLab.

    `api` is the root of its API, `server` that of its pages and of git; `login` is the user name
    that git sends with the token.
    """

    kind: Literal["github", "gitlab"]
    api: str
    server: str
    project: str
    login: str
    token: str = field(repr=False)


def place(environment: Mapping[str, str]) -> Place:
    """The project whose CI job this is; raises NoForge when it cannot be told."""
    if environment.get("CI_PROJECT_ID") and not environment.get("GITHUB_REPOSITORY"):
        api = environment.get("CI_API_V4_URL", "")
        server = environment.get("CI_SERVER_URL") or api.removesuffix("/api/v4")
        found = Place(
            "gitlab",
            api,
            server,
            environment["CI_PROJECT_ID"],
            "oauth2",
            _token(environment, "APPSTORE_FORGE_TOKEN"),
        )
    elif environment.get("GITHUB_REPOSITORY"):
        found = Place(
            "github",
            environment.get("GITHUB_API_URL") or "https://api.github.com",
            environment.get("GITHUB_SERVER_URL") or "https://github.com",
            environment["GITHUB_REPOSITORY"],
            "x-access-token",
            _token(environment, "GITHUB_TOKEN"),
        )
    else:
        raise NoForge(
            "Nothing in the environment says which forge this is.",
            "In a job of GitHub or GitLab it is there. Elsewhere set GITHUB_REPOSITORY, or"
            " CI_PROJECT_ID and CI_API_V4_URL.",
        )
    for address in (found.api, found.server):
        _safe(address)
    return found


def open_forge(here: Place, rest: Rest | None = None) -> Forge:
    """The adapter for this place; imports the client library of this one forge only."""
    rest = rest or Rest(time.sleep, time.time)
    match here.kind:
        case "github":
            from appstore.forge.github import GitHub

            return GitHub(here.api, here.project, here.token, rest)
        case "gitlab":
            from appstore.forge.gitlab import GitLab

            return GitLab(here.api, here.project, here.token, rest)
        case _:
            assert_never(here.kind)


def _token(environment: Mapping[str, str], name: str) -> str:
    token = environment.get(name, "").strip()
    if not token:
        raise NoForge(
            f"There is no token: {name} is not set.",
            "Give it to the job as a variable, never as an argument.",
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise NoForge(f"{name} holds something that is no token.", "Copy it once more.")
    return token


def _safe(address: str) -> None:
    """A token must not travel in the clear."""
    parts = urlsplit(address)
    if parts.hostname is None or parts.username is not None:
        raise NoForge("The address of the forge's API is not usable.", "Set it as https://...")
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise NoForge(
            f"The address of {parts.hostname} does not begin with https://.",
            "A token is sent over an encrypted connection only.",
        )
