"""`--propose` on the verbs that edit: how a merge request is opened from here."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from appstore.documents.edit import Edit
    from appstore.runs.propose import Proposed, Way

_GITHUB = re.compile(
    r"(?:https://|ssh://git@|git@)([^/:]*github[^/:]*)(?::\d+)?[/:](.+?)(?:\.git)?"
)


def propose_edits(
    root: Path, edits: "Sequence[Edit]", title: str, meanings: Sequence[str]
) -> "Proposed":
    """Open the request with these edits; `meanings` say what they mean for the machines."""
    from appstore.runs.propose import propose

    return propose(root, edits, title, "\n".join(meanings), _way(root))


def _way(root: Path) -> "Way":
    """In CI by its token; by a person's token on GitHub; else by the person's own git."""
    from appstore.forge.here import Place, open_forge, place
    from appstore.runs.propose import Way
    from appstore.source.remote import address, login

    if os.environ.get("GITHUB_REPOSITORY") or os.environ.get("CI_PROJECT_ID"):
        here = place(os.environ)
        under = login(here.server, here.login, here.token)
        return Way(open_forge(here), under, _author())
    if (found := _GITHUB.fullmatch(address(root))) is None:
        return Way()
    host, project = found.groups()
    if token := os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN"):
        api = "https://api.github.com" if host == "github.com" else f"https://{host}/api/v3"
        there = Place("github", api, f"https://{host}", project, "x-access-token", token)
        return Way(open_forge(there))
    return Way(compare=f"https://{host}/{project}/compare/{{branch}}?expand=1")


def _author() -> dict[str, str]:
    """Who started the job; a runner has no git identity."""
    actor = os.environ.get("GITHUB_ACTOR") or os.environ.get("GITLAB_USER_LOGIN") or "appstore"
    values = (("NAME", actor), ("EMAIL", f"{actor}@localhost"))
    return {f"GIT_{role}_{name}": v for role in ("AUTHOR", "COMMITTER") for name, v in values}
