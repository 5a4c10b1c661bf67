"""The pipelines of a registry, for GitHub or GitLab, from the templates in appstore/pipelines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from appstore.errors import InvalidInput
from appstore.govern.people import ForgeName

HOURLY = 60
"""Minutes between two scheduled runs on runners that the forge hosts."""
# No login in it but the fixed name that ssh wants: a token would be in git for ever.
_URL = re.compile(r"((https|file)://|ssh://([a-z]+@)?)[A-Za-z0-9._~:/%+-]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TARGETS = {
    "github": {
        f"github/{name}.yml": f".github/workflows/{name}.yml"
        for name in ("validate", "plan", "reviewed", "apply", "nightly", "version")
    },
    "gitlab": {"gitlab/gitlab-ci.yml": ".gitlab-ci.yml"},
}


@dataclass(frozen=True, slots=True)
class Tool:
    """Where pipelines get the tool: a git repository and one full commit id of it."""

    url: str
    commit: str

    @classmethod
    def parse(cls, text: str) -> "Tool":
        """`URL@COMMIT` as a person types it; raises InvalidInput."""
        url, _, commit = text.rpartition("@")
        if not _URL.fullmatch(url) or not _COMMIT.fullmatch(commit):
            raise InvalidInput(
                f"{text!r} does not say where the pipelines get the tool.",
                "Write URL@COMMIT, with the full id of a commit; a branch or a tag may change.",
            )
        return cls(url, commit)


def pipeline_files(
    forge: ForgeName, tool: Tool | None, schedule_minutes: int = HOURLY
) -> Mapping[str, str]:
    """The text of each pipeline file by its path in the repository.

    Without `tool` the repository is itself the tool: jobs install the default branch's checkout.
    `schedule_minutes` is written down for GitHub; GitLab keeps its schedules in its settings.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    # Other signs than usual: `${{ }}` belongs to GitHub.
    templates = Environment(
        variable_start_string="{=",
        variable_end_string="=}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
        loader=FunctionLoader(_template),
    )
    names = {
        "tool": tool,
        "appstore": ".appstore-tool/.venv/bin/appstore" if tool else ".venv/bin/appstore",
        "cron": _cron(schedule_minutes),
        "written": "Made from appstore/pipelines of the tool.",
    }
    if forge == "gitlab":
        names["child"] = templates.get_template("gitlab/apply.yml").render(names).rstrip("\n")
    return {
        path: templates.get_template(name).render(names).lstrip("\n")
        for name, path in _TARGETS[forge].items()
    }


def _template(name: str) -> str:
    return (files("appstore") / "pipelines" / name).read_text(encoding="utf-8")


def _cron(minutes: int) -> str:
    """At least as often; hourly not on the full hour, when everybody's schedules start."""
    return f"*/{minutes} * * * *" if minutes < HOURLY else "7 * * * *"
