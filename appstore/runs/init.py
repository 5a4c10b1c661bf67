"""init: every file of a new registry repository, by its path.

The READMEs are those of this repository (`registry_files/` holds links to them), so there is one
text of each; links in them that a registry cannot follow lead to the tool's repository.
"""

import json
import posixpath
import re
from collections.abc import Mapping
from importlib.resources import files

from appstore.documents.names import SLUG
from appstore.documents.schemas import generate
from appstore.govern.owners import codeowners
from appstore.govern.people import ForgeName
from appstore.registry.read import read_registry
from appstore.registry.registry import Registry
from appstore.runs.pipelines import HOURLY, Tool, pipeline_files

_LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)")
_SITE = "deployments/site.yaml"
_ISSUES = ("problem", "lecturer", "template")
_GLOBS: Mapping[str, str | list[str]] = {
    "site": "deployments/site.yaml",
    "lecturer": "deployments/*/lecturer.yaml",
    "course": "deployments/*/*/course.yaml",
    "deployment": [
        "deployments/*/*.yaml",
        "deployments/*/*/*.yaml",
        "!deployments/*/lecturer.yaml",
        "!deployments/*/*/course.yaml",
    ],
    "template": "catalog/*/template.yaml",
    "version": "catalog/*/*/version.yaml",
    "approval": "catalog/*/*/approval.yaml",
}


def registry_files(
    name: str, forge: ForgeName | None, tool: Tool | None, there: Registry | None = None
) -> Mapping[str, str]:
    """The text of each file; `name` is that of the folder, from which the owner id is made.

    `there` is what the registry holds already: its people and its interval are written down.
    Without a forge there are no pipelines, no code owners, and no forms for merge requests.
    """
    site = _text("site.yaml").replace("OWNER", _owner(name))
    registry = there or read_registry({_SITE: site.encode()})
    found = {
        ".gitignore": _text("gitignore"),
        ".vscode/settings.json": editor_settings(),
        "README.md": "".join(
            [
                _text("README.md"),
                _text(f"{forge}.md") if forge else "",
                _section(_text("tool.md"), "## Your own OpenStack"),
            ]
        ),
        "PRIVACY.md": _text("PRIVACY.md"),
        "catalog/README.md": _text("catalog.md"),
        "deployments/README.md": _text("deployments.md"),
        _SITE: site,
        "schemas/README.md": _text("schemas.md"),
        **{f"schemas/{schema}": text for schema, text in generate().items()},
    }
    if forge is not None:
        minutes = registry.site.model.ci.schedule_minutes if registry.site else HOURLY
        found |= _forms(forge)
        found |= pipeline_files(forge, tool, minutes)
        found[f".{forge}/CODEOWNERS"] = codeowners(registry, forge)
    return {
        path: _followable(path, text, found, tool) if path.endswith(".md") else text
        for path, text in found.items()
    }


def is_ours(before: bytes, text: str) -> bool:
    """Whether the file as it lies there says of itself that the tool writes it."""
    first = before.split(b"\n")[0]
    return b"edits are lost" in first and first.decode(errors="replace") == text.split("\n")[0]


def editor_settings() -> str:
    """Which schema an editor uses for which file, also where a file does not name it itself."""
    schemas = {f"./schemas/{kind}.schema.json": globs for kind, globs in _GLOBS.items()}
    return json.dumps({"yaml.schemas": schemas}, indent=2) + "\n"


def _forms(forge: ForgeName) -> Mapping[str, str]:
    """What a new merge request or issue asks for."""
    match forge:
        case "github":
            request, folder = ".github/pull_request_template.md", ".github/ISSUE_TEMPLATE"
        case "gitlab":
            request = ".gitlab/merge_request_templates/Default.md"
            folder = ".gitlab/issue_templates"
    found = {request: _text("change.md")}
    for name in _ISSUES:
        heads, _, questions = _text(f"{name}.md").partition("---\n")
        title, about = heads.splitlines()
        if forge == "github":
            front = json.dumps(title), json.dumps(about)
            questions = f"---\nname: {front[0]}\nabout: {front[1]}\n---\n\n{questions}"
        found[f"{folder}/{name}.md"] = questions
    return found


def _followable(path: str, text: str, found: Mapping[str, str], tool: Tool | None) -> str:
    """The same text, with links to what a registry does not have leading to the tool instead."""

    def link(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        there = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if not target or ":" in target or there in found:
            return match[0]
        if tool is not None and tool.url.startswith("https://"):
            url = tool.url.removesuffix(".git")
            return f"[{words}]({url}/blob/{tool.commit}/{there}{anchor})"
        return f"{words} (in the tool's repository)"

    return _LINK.sub(link, text)


def _section(text: str, heading: str) -> str:
    """One section of a text with its heading, up to the next one of the same depth."""
    _, found, rest = text.partition(f"{heading}\n")
    assert found, f"README.md has lost its section {heading}"
    body, _, _ = rest.partition("\n## ")
    return f"{heading}\n{body.rstrip()}\n"


def _owner(name: str) -> str:
    """An owner id from the name of a folder."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")
    return words if re.fullmatch(SLUG, words) else "our-registry"


def _text(name: str) -> str:
    return (files("appstore.runs") / "registry_files" / name).read_text(encoding="utf-8")
