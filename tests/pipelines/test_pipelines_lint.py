"""The shipped pipelines: up to date here, and without findings of the linters in every form."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from appstore.errors import InvalidInput
from appstore.govern.people import ForgeName
from appstore.runs.pipelines import Tool, pipeline_files

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
TOOL = Tool("https://git.example.org/teaching/tool.git", "a" * 40)
SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}


def lint(*command: str | Path) -> None:
    """Run a linter; a finding fails with what it says."""
    ended = subprocess.run([BIN / command[0], *command[1:]], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_this_repository_holds_what_the_templates_say(forge: ForgeName) -> None:
    files = pipeline_files(forge, None)

    assert {path: (REPOSITORY / path).read_text() for path in files} == files, (
        "write them anew: python tests/pipelines/write.py"
    )


@pytest.mark.parametrize("tool", [None, TOOL], ids=["its own tool", "a pinned tool"])
@pytest.mark.parametrize("forge", ["github", "gitlab"])
def test_the_linters_find_nothing(forge: ForgeName, tool: Tool | None, tmp_path: Path) -> None:
    files = pipeline_files(forge, tool, 15)
    documents = []
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        # The linter reads one document; on GitLab the inputs are a document of their own.
        for document in text.split("\n---\n"):
            documents.append(tmp_path / f"{len(documents)}.yml")
            documents[-1].write_text(document)

    lint("check-jsonschema", "--builtin-schema", SCHEMAS[forge], *documents)
    if forge == "github":
        lint("zizmor", "--offline", "--no-progress", tmp_path / ".github")


@pytest.mark.parametrize(
    "text",
    [
        "https://git.example.org/tool.git",
        "https://git.example.org/tool.git@main",
        "https://git.example.org/tool.git@" + "a" * 39,
        'https://git.example.org/"; rm -rf x; ".git@' + "a" * 40,
        "git.example.org/tool.git@" + "a" * 40,
        "https://me:glpat-secret@git.example.org/tool.git@" + "a" * 40,
    ],
)
def test_the_tool_is_a_full_commit_of_a_plain_address(text: str) -> None:
    with pytest.raises(InvalidInput, match="where the pipelines get the tool"):
        Tool.parse(text)


def test_a_commit_that_looks_like_a_number_stays_text() -> None:
    files = pipeline_files("github", Tool(TOOL.url, "1" * 38 + "e1"))
    steps = yaml.safe_load(files[".github/workflows/nightly.yml"])["jobs"]["status"]["steps"]
    assert [s["env"]["TOOL_COMMIT"] for s in steps if "TOOL_COMMIT" in s.get("env", {})] == [
        "1" * 38 + "e1"
    ]


def test_a_pinned_tool_is_read_from_its_text() -> None:
    assert Tool.parse(f"{TOOL.url}@{TOOL.commit}") == TOOL
