"""What each job of the shipped pipelines may and may not do, read from the files themselves."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from gitlab_inputs import takes

from appstore.runs.pipelines import Tool, pipeline_files

TOOL = Tool("https://git.example.org/teaching/tool.git", "a" * 40)
WORKFLOWS = {
    path.rpartition("/")[2].removesuffix(".yml"): yaml.safe_load(text)
    for path, text in pipeline_files("github", TOOL).items()
}
"""YAML 1.1 reads the key `on` as true."""
HEADER, GITLAB = yaml.safe_load_all(pipeline_files("gitlab", TOOL)[".gitlab-ci.yml"])
INPUTS = HEADER["spec"]["inputs"]

READ = {"contents": "read"}
RIGHTS: Mapping[str, Mapping[str, str]] = {
    "validate.validate": READ,
    "plan.plan": READ,
    "plan.review": {**READ, "pull-requests": "read", "statuses": "write"},
    "plan.note": {**READ, "pull-requests": "write"},
    "plan.merge": {"contents": "write", "pull-requests": "read"},
    "plan.order": {"actions": "write", "pull-requests": "read"},
    "reviewed.again": {"actions": "write"},
    "apply.look": READ,
    "apply.apply": {**READ, "actions": "read", "pull-requests": "read"},
    "apply.report": {**READ, "actions": "read", "pull-requests": "write", "statuses": "write"},
    "apply.record": {"contents": "write"},
    "nightly.status": READ,
    "version.propose": {"contents": "write", "pull-requests": "write"},
    "version.plan": {"actions": "write"},
}
ENVIRONMENTS = {
    "plan.plan": "plan",
    "apply.look": "plan",
    "apply.apply": "apply",
    "nightly.status": "plan",
}
TOKENS = {
    "validate.validate": {"git"},
    "plan.plan": {"git"},
    "plan.review": {"ci review"},
    "plan.note": {"ci note"},
    "plan.merge": {"ci merge"},
    "plan.order": {"gh"},
    "reviewed.again": {"gh"},
    "apply.apply": {"apply"},
    "apply.report": {"ci report"},
    "apply.record": {"ci record"},
    "version.propose": {'"$VERB"'},
    "version.plan": {"gh"},
}
"""For what the steps that are given the job's token use it; no other step has it."""


def jobs() -> Iterator[tuple[str, Any, Any]]:
    for name, workflow in WORKFLOWS.items():
        for key, job in workflow["jobs"].items():
            yield f"{name}.{key}", workflow, job


def test_every_job_has_its_rights_and_no_more() -> None:
    assert {name: job["permissions"] for name, _, job in jobs()} == RIGHTS
    assert all(workflow["permissions"] == {} for workflow in WORKFLOWS.values())


def test_secrets_belong_to_environments_and_only_four_jobs_have_one() -> None:
    assert {n: job["environment"] for n, _, job in jobs() if "environment" in job} == ENVIRONMENTS
    for name, workflow, job in jobs():
        held = set(re.findall(r"secrets\.\w+", yaml.safe_dump(job)))
        assert held == ({"secrets.CLOUDS_YAML"} if name in ENVIRONMENTS else set())
        assert "secrets" not in yaml.safe_dump({**workflow, "jobs": {}})


def test_what_a_proposal_starts_by_its_own_file_has_no_secret() -> None:
    """`pull_request` and `pull_request_review` run the workflow as the proposal wrote it."""
    own = {
        n for n, w in WORKFLOWS.items() if {"pull_request", "pull_request_review"} & set(w[True])
    }
    assert own == {"validate", "reviewed"}
    assert not any(name.split(".")[0] in own for name in ENVIRONMENTS)


def test_only_the_default_branch_is_ever_checked_out() -> None:
    for _, _, job in jobs():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                given = {"ref": "main", "fetch-depth": 0, "persist-credentials": False}
                assert step["with"] == given
            assert "checkout" not in step.get("run", "").replace(
                "git -C .appstore-tool checkout -q --detach FETCH_HEAD", ""
            )


def test_a_token_is_given_to_the_step_that_needs_it_and_to_no_other() -> None:
    for name, workflow, job in jobs():
        assert "token" not in yaml.safe_dump({**job, "steps": [], **(workflow.get("env") or {})})
        used = set()
        for step in job["steps"]:
            if "token" in yaml.safe_dump(step.get("env", {})):
                said = re.search(
                    r'^(git|gh)\b|appstore (ci \w+|apply|"\$VERB")|\b(gh) ', step["run"]
                )
                assert said, step
                used.add(next(word for word in said.groups() if word))
        assert used == TOKENS.get(name, set())


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for _, _, job in jobs() for step in job["steps"] if "run" in step]
    assert len(scripts) > len(WORKFLOWS)
    assert not any("${{" in script for script in scripts)


def test_every_action_is_pinned_by_its_hash() -> None:
    for path, text in pipeline_files("github", TOOL).items():
        for uses in re.findall(r"(?<!-)\buses: (.*)", text):
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", uses), (path, uses)


def test_apply_runs_one_at_a_time_for_a_project_and_is_never_cut_off() -> None:
    apply = WORKFLOWS["apply"]["jobs"]["apply"]
    assert apply["concurrency"] == {
        "group": "apply-${{ matrix.lecturer }}",
        "cancel-in-progress": False,
    }
    assert apply["strategy"]["fail-fast"] is False


GITLAB_ENVIRONMENTS = {
    "plan": "appstore/plan",
    "review": "appstore/review",
    "note": "appstore/note",
    "merge": "appstore/merge",
    "look": "appstore/plan",
    "deep status": "appstore/plan",
    "version": "appstore/propose",
}


def test_on_gitlab_a_job_sees_the_variables_of_its_environment() -> None:
    """Variables are stored for one environment each; validate has none and so sees none."""
    named = {n: j["environment"] for n, j in GITLAB.items() if "environment" in j}
    assert {n: e["name"] for n, e in named.items()} == GITLAB_ENVIRONMENTS
    assert {e["action"] for e in named.values()} == {"access"}
    child = yaml.safe_load(re.split(r"<<'?END'?\n|\nEND\n", GITLAB["look"]["script"][3])[1])
    assert {n: j["environment"]["name"] for n, j in child.items() if "environment" in j} == {
        "apply": "appstore/apply/$LECTURER",
        "report": "appstore/note",
        "record": "appstore/record",
    }
    assert child["apply"]["resource_group"] == "apply-$LECTURER"
    assert child["apply"]["interruptible"] is False


@pytest.mark.parametrize("job", ["validate", "plan", "review", "note", "merge"])
def test_on_gitlab_a_proposal_starts_only_what_is_meant_for_one(job: str) -> None:
    rules = GITLAB[job].get("rules") or GITLAB[".proposal"]["rules"]
    assert [rule["if"] for rule in rules] == ['$CI_PIPELINE_SOURCE == "merge_request_event"']


@pytest.mark.parametrize("job", ["look", "apply"])
def test_on_gitlab_a_proposal_never_applies(job: str) -> None:
    first = GITLAB[job]["rules"][0]
    assert first == {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"', "when": "never"}


def test_on_gitlab_the_whole_history_and_only_the_default_branch_is_there() -> None:
    assert GITLAB["variables"]["GIT_DEPTH"] == "0"
    assert GITLAB["default"]["before_script"][0] == (
        'git checkout -q --force --detach "origin/$CI_DEFAULT_BRANCH"'
    )
    assert not any("before_script" in job for n, job in GITLAB.items() if n != "default")


def test_on_gitlab_the_nightly_schedule_looks_deep_and_the_other_applies() -> None:
    last = {name: GITLAB[name]["rules"][-1] for name in ("look", "apply", "deep status")}
    assert last == {
        "look": {"if": '$CI_PIPELINE_SCHEDULE_DESCRIPTION != "nightly"'},
        "apply": {"if": '$CI_PIPELINE_SCHEDULE_DESCRIPTION != "nightly"'},
        "deep status": {"if": '$CI_PIPELINE_SCHEDULE_DESCRIPTION == "nightly"'},
    }


def test_on_gitlab_the_form_is_for_people_on_the_default_branch_and_starts_nothing_else() -> None:
    (rule,) = GITLAB["version"]["rules"]
    assert rule["if"].split(" && ") == [
        '$ABOUT != ""',
        '$CI_PIPELINE_SOURCE == "web"',
        "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
    ]
    for other in ("look", "apply"):
        assert GITLAB[other]["rules"][1] == {"if": '$ABOUT != ""', "when": "never"}


def test_on_gitlab_what_was_typed_is_the_value_of_a_variable_and_nothing_else() -> None:
    values = {**GITLAB["variables"], **GITLAB["version"]["variables"]}.values()
    typed = [value for value in values if "$[[" in value]
    assert sorted(typed) == sorted(f"$[[ inputs.{name} ]]" for name in INPUTS)
    assert yaml.safe_dump(GITLAB).count("$[[") == len(typed)


@pytest.mark.parametrize(
    "text",
    [
        "x\nscript: [evil]",
        "x\n",
        "x\r",
        "x\u2028y",
        "x\u0085y",
        "$APPSTORE_FORGE_TOKEN",
        "${APPSTORE_FORGE_TOKEN}",
        "%APPSTORE_FORGE_TOKEN%",
        "$[[ inputs.note ]]",
        "\x1b[2J",
        "\u202e",
        "x" * 401,
    ],
)
@pytest.mark.parametrize("name", INPUTS)
def test_on_gitlab_no_input_takes_a_line_break_or_the_name_of_a_variable(
    name: str, text: str
) -> None:
    assert takes(INPUTS[name], INPUTS[name]["default"])  # merge requests type nothing
    assert not takes(INPUTS[name], text)


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("checked", "No open ports; `id` & \"\u00fc\" {100: [x]} -> 'fine' #1", True),
        ("version", "web-lab@1.10.0", True),
        ("version", "web-lab@1.10.0; id", False),
        ("version", '" || "" == "', False),
        ("tenant", 'x" # ', False),
        ("visibility", "private", False),
        ("verb", "revoke", True),
        ("verb", "apply", False),
        ("verb", "revoke; id", False),
        ("verb", "", False),
        ("grace", "14", True),
        ("grace", "14; id", False),
        ("reason", 'CVE-2026-1234: its web server\'s "admin" page', True),
    ],
)
def test_on_gitlab_what_people_can_type(name: str, text: str, taken: bool) -> None:
    assert takes(INPUTS[name], text) is taken
