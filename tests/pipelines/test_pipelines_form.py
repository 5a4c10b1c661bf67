"""The form about a version: what is typed, and with which words the tool is called for it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import github_expressions
import gitlab_inputs
import pytest
import yaml

from appstore.runs.pipelines import pipeline_files

WORKFLOW = yaml.safe_load(pipeline_files("github", None)[".github/workflows/version.yml"])
PIPELINE = pipeline_files("gitlab", None)[".gitlab-ci.yml"]
EVIL = "\"; touch owned; ' `touch owned` $(touch owned) --yes # {x: [y]}"
EVIL_LINE = EVIL.replace("$", "S")
"""On GitLab no `$` can be typed at all."""
WHICH = {"version": "web-lab@1.2.0"}
Script = tuple[str, dict[str, str]]


def on_github(typed: Mapping[str, str]) -> Script:
    """The step that proposes, and its `env`."""
    declared = WORKFLOW[True]["workflow_dispatch"]["inputs"]
    inputs = {
        name: typed.get(name, rule.get("options", [""])[0]) for name, rule in declared.items()
    }
    assert typed.keys() <= inputs.keys()
    (step,) = [one for one in WORKFLOW["jobs"]["propose"]["steps"] if one.get("id") == "propose"]
    context = {"inputs": inputs, "github": {"token": ""}}
    return step["run"], {k: github_expressions.filled(v, context) for k, v in step["env"].items()}


def on_gitlab(typed: Mapping[str, str]) -> Script:
    """The script of the job, and the variables that it sees."""
    pipeline = yaml.safe_load(gitlab_inputs.filled(PIPELINE, typed))
    (script,) = pipeline["version"]["script"]
    variables = {**pipeline["variables"], **pipeline["version"]["variables"]}
    return script, {**variables, "GITLAB_USER_LOGIN": "tina"}


def called(script: Script, folder: Path) -> list[str] | None:
    """The words with which the tool is called; None where the script ends before, with code 2."""
    tool, told = folder / ".venv/bin/appstore", folder / "words.json"
    tool.parent.mkdir(parents=True)
    tool.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"open({str(told)!r}, 'w').write(json.dumps(sys.argv[1:]))\n"
        "print(json.dumps({'proposed': {'url': 'https://forge/uni/registry/pull/7'}}))\n"
    )
    tool.chmod(0o755)
    run, variables = script
    given = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "page")}
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **given, **variables},
        capture_output=True,
        text=True,
    )
    assert not (folder / "owned").exists()
    if not told.exists():
        assert ended.returncode == 2, ended.stderr
        return None
    assert ended.returncode == 0, ended.stderr
    words: list[str] = json.loads(told.read_text())
    return words


FORGES = pytest.mark.parametrize("of", [on_github, on_gitlab])


@FORGES
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            {"verb": "approve", "visibility": "tenant", "tenant": "informatics", "checked": "all"},
            "approve --visibility tenant --tenant informatics --checked all",
        ),
        (
            {"verb": "approve", "visibility": "global", "checked": "all", "note": "for-a-year"},
            "approve --visibility global --checked all --note for-a-year",
        ),
        ({"verb": "deprecate"}, "deprecate"),
        ({"verb": "deprecate", "reason": "slow"}, "deprecate --reason slow"),
        ({"verb": "retire"}, "retire"),
        ({"verb": "revoke", "reason": "a-hole"}, "revoke --reason a-hole"),
        ({"verb": "revoke", "reason": "a-hole", "grace": "0"}, "revoke --reason a-hole --grace 0"),
    ],
)
def test_what_was_typed_is_what_the_tool_is_called_with(
    of: Callable[[Mapping[str, str]], Script], typed: dict[str, str], words: str, tmp_path: Path
) -> None:
    said = called(of({**WHICH, **typed}), tmp_path)

    assert said is not None
    assert said[: len(words.split())] == words.split()
    assert said[-2:] == ["--", "web-lab@1.2.0"]
    assert "--propose" in said


@FORGES
def test_no_consent_without_saying_what_was_checked(
    of: Callable[[Mapping[str, str]], Script], tmp_path: Path
) -> None:
    assert called(of({**WHICH, "verb": "approve"}), tmp_path) is None


@FORGES
@pytest.mark.parametrize("verb", ["apply", "--help", "ci merge", "revoke; touch owned", "", EVIL])
def test_no_other_verb_gets_through_even_where_the_forge_would_not_look(
    of: Callable[[Mapping[str, str]], Script], verb: str, tmp_path: Path
) -> None:
    script, variables = of({**WHICH, "verb": "revoke", "reason": "x"})

    assert called((script, {**variables, "VERB": verb}), tmp_path) is None


@FORGES
@pytest.mark.parametrize("name", ["checked", "note", "reason"])
def test_what_is_typed_stays_one_word(
    of: Callable[[Mapping[str, str]], Script], name: str, tmp_path: Path
) -> None:
    text = EVIL if of is on_github else EVIL_LINE

    said = called(of({**WHICH, "verb": "retire", name: text}), tmp_path)

    assert said is not None
    assert said[:3] == ["retire", f"--{name}", text]


@pytest.mark.parametrize(
    ("verb", "option"),
    [("revoke", "tenant"), ("deprecate", "grace"), ("retire", "checked"), ("approve", "reason")],
)
def test_a_field_that_is_not_the_verbs_is_refused_and_not_passed_over(
    verb: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from appstore.cli.ending import end
    from appstore.cli.main import appstore

    words = [verb, f"--{option}", "7", "--", "web-lab@1.2.0"]
    assert end(lambda: appstore.main(words, standalone_mode=False)) == 2
    assert f"--{option}" in capsys.readouterr().err
