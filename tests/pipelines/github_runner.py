"""Runs our own GitHub workflows: their `run:` steps, in a shell, with their own `env`.

What is read: `if`, `needs`, `matrix`, `environment`, `permissions`, outputs, and the four actions
that the workflows use. A key that is not known here is an error, so that a workflow cannot grow
something that the tests pass over.

Source: GitHub's reference "Workflow syntax for GitHub Actions" and "Contexts reference".
"""

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from github_expressions import NotUnderstood, filled, shown, truthy

WORKFLOW = {"name", "on", "permissions", "defaults", "concurrency", "env", "jobs"}
JOB = {
    *("name", "needs", "if", "runs-on", "timeout-minutes", "environment", "permissions"),
    *("outputs", "strategy", "concurrency", "env", "steps"),
}
STEP = {"name", "id", "if", "env", "run", "uses", "with"}
STATUS = re.compile(r"\b(success|failure|cancelled|always)\(\)")


@dataclass
class Step:
    """One `run:` step as it was run; `env` is all that its process was given."""

    run: str
    env: Mapping[str, str]
    code: int
    log: str


@dataclass
class Job:
    """One job, or one job of a matrix; `result` as `needs.<job>.result` says it."""

    key: str
    matrix: Mapping[str, str]
    permissions: Mapping[str, str]
    environment: str | None
    result: str = "success"
    outputs: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def log(self) -> str:
        """What all its steps printed."""
        return "".join(step.log for step in self.steps)


@dataclass
class Run:
    """One run of one workflow: its jobs in order, its artifacts, its step summaries."""

    jobs: list[Job] = field(default_factory=list)
    artifacts: dict[str, Path] = field(default_factory=dict)
    summary: str = ""

    def job(self, key: str) -> Job:
        """The only job of this key."""
        (one,) = [job for job in self.jobs if job.key == key]
        return one

    @property
    def results(self) -> dict[str, str]:
        """Each job's result."""
        return {job.key: job.result for job in self.jobs}


@dataclass
class Github:
    """A GitHub with one repository, the bare one at `remote`.

    `secrets` are those of each environment, `given` variables that every process sees (where the
    API is, and whose programs `PATH` finds). `token` makes the token of a job from what it may.
    `after_checkout` is what happens elsewhere while a job goes on.
    """

    remote: Path
    folder: Path
    repository: str
    secrets: Mapping[str, Mapping[str, str]]
    given: Mapping[str, str]
    token: Callable[[Mapping[str, str]], str]
    after_checkout: Callable[[Job], None] = lambda job: None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def event(self, name: str, payload: Mapping[str, Any], head: str = "main") -> dict[str, Run]:
        """Run every workflow that this event starts, by its name.

        The workflow file is the head's for `pull_request` and `pull_request_review`, and the
        default branch's for everything else.
        """
        runs = {}
        for path in self._git("ls-tree", "--name-only", head, ".github/workflows/").split():
            text = self._git("show", f"{head}:{path}")
            # YAML 1.1 reads the key `on` as true.
            workflow = {
                str(k) if k is not True else "on": v for k, v in yaml.safe_load(text).items()
            }
            on = workflow["on"]
            if name in on and _wanted(on[name], payload):
                runs[workflow["name"]] = self._run(workflow, name, payload)
        return runs

    def dispatch(self, name: str, actor: str = "somebody", **inputs: str) -> Run:
        """`workflow_dispatch` of the default branch's workflow of this name, by this account.

        What is not typed is empty, or the first of the options, as the form shows it.
        """
        text = self._git("show", f"main:.github/workflows/{name}.yml")
        workflow = {str(k) if k is not True else "on": v for k, v in yaml.safe_load(text).items()}
        declared = (workflow["on"]["workflow_dispatch"] or {}).get("inputs", {})
        assert inputs.keys() <= declared.keys()
        typed = {
            key: inputs.get(key, rule.get("options", [""])[0]) for key, rule in declared.items()
        }
        for key, rule in declared.items():
            assert typed[key] or not rule["required"], key
            assert typed[key] in rule.get("options", [typed[key]]), key
        return self._run(workflow, "workflow_dispatch", {"actor": actor}, typed)

    def _run(
        self,
        workflow: Mapping[str, Any],
        event: str,
        payload: Mapping[str, Any],
        inputs: Mapping[str, str] | None = None,
    ) -> Run:
        _known(workflow, WORKFLOW)
        if workflow.get("defaults") != {"run": {"shell": "bash"}}:
            raise NotUnderstood("a shell that is not bash")
        number = next(self._numbers)
        run = Run()
        github = {
            "event_name": event,
            "event": payload,
            "ref": "refs/heads/main",
            "repository": self.repository,
            "run_id": str(number),
        }
        base = {"github": github, "inputs": inputs or {}, "vars": {}}
        waiting = dict(workflow["jobs"])
        while waiting:
            key = next(k for k in waiting if not set(_list(waiting[k].get("needs"))) & set(waiting))
            self._job(run, workflow, key, waiting.pop(key), base)
        return run

    def _job(
        self, run: Run, workflow: Mapping[str, Any], key: str, job: Any, base: Mapping[str, Any]
    ) -> None:
        _known(job, JOB)
        needs = {name: _needed(run, name) for name in _list(job.get("needs"))}
        results = [one["result"] for one in needs.values()]
        context = {**base, "needs": needs}
        status = {
            "success": lambda: all(result == "success" for result in results),
            "failure": lambda: "failure" in results,
            "cancelled": lambda: False,
            "always": lambda: True,
        }
        if not _condition(job.get("if"), context, status):
            run.jobs.append(Job(key, {}, {}, None, "skipped"))
            return
        strategy = job.get("strategy", {"matrix": {}})
        _known(strategy, {"fail-fast", "matrix"})
        axes = {axis: filled(values, context) for axis, values in strategy["matrix"].items()}
        for values in itertools.product(*axes.values()):
            matrix = dict(zip(axes, values, strict=True))
            permissions = job.get("permissions", workflow["permissions"])
            environment = filled(job.get("environment"), {**context, "matrix": matrix})
            made = Job(key, matrix, permissions, environment)
            run.jobs.append(made)
            self._steps(run, made, workflow, job, {**context, "matrix": matrix})

    def _steps(
        self, run: Run, made: Job, workflow: Mapping[str, Any], job: Any, context: dict[str, Any]
    ) -> None:
        folder = self.folder / f"{context['github']['run_id']}-{len(run.jobs)}-{made.key}"
        workspace, temp = folder / "workspace", folder / "temp"
        workspace.mkdir(parents=True)
        temp.mkdir()
        summary, output = temp / "summary", temp / "output"
        summary.touch()
        token = self.token(made.permissions)
        context["github"] = {**context["github"], "token": token}
        context["runner"] = {"temp": str(temp)}
        context["secrets"] = self.secrets[made.environment] if made.environment else {}
        context["steps"] = {}
        status: dict[str, Callable[..., Any]] = {
            "success": lambda: made.result == "success",
            "failure": lambda: made.result == "failure",
            "cancelled": lambda: False,
            "always": lambda: True,
        }
        common = {
            **self.given,
            "CI": "true",
            "HOME": str(temp),
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_ACTOR": context["github"]["event"].get("actor", "somebody"),
            "GITHUB_EVENT_NAME": context["github"]["event_name"],
            "GITHUB_RUN_ID": context["github"]["run_id"],
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(temp),
        }
        for step in job["steps"]:
            _known(step, STEP)
            if not _condition(step.get("if"), context, status):
                continue
            output.write_text("")
            if "uses" in step:
                self._action(run, step["uses"], _filled(step.get("with"), context), workspace)
                if step["uses"].startswith("actions/checkout@"):
                    self.after_checkout(made)
                continue
            layers = (workflow.get("env"), job.get("env"), step.get("env"))
            env = common | {k: v for layer in layers for k, v in _filled(layer, context).items()}
            if "${{" in step["run"]:
                raise NotUnderstood(f"an expression in a script: {step['run']}")
            ended = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=workspace,
                env=env,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            made.steps.append(Step(step["run"], env, ended.returncode, ended.stdout))
            if ended.returncode:
                made.result = "failure"
            if "id" in step:
                pairs = (line.partition("=") for line in output.read_text().splitlines())
                context["steps"][step["id"]] = {"outputs": {k: v for k, _, v in pairs}}
        run.summary += summary.read_text()
        made.outputs = _filled(job.get("outputs"), context)

    def _action(self, run: Run, uses: str, given: dict[str, str], workspace: Path) -> None:
        action, _, version = uses.partition("@")
        if not re.fullmatch("[0-9a-f]{40}", version):
            raise NotUnderstood(f"{uses} is not pinned by its hash")
        match action, given:
            case "actions/checkout", {
                "ref": ref,
                "fetch-depth": "0",
                "persist-credentials": "false",
            }:
                clone = ["git", "clone", "-q", "--branch", ref, str(self.remote), str(workspace)]
                subprocess.run(clone, check=True)
            case "actions/setup-python", {"python-version": "3.11"}:
                pass
            case "actions/upload-artifact", {"name": name, "path": path}:
                source = workspace / path
                if source.exists():
                    run.artifacts[name] = self.folder / f"artifact-{len(os.listdir(self.folder))}"
                    run.artifacts[name].mkdir()
                    shutil.copy(source, run.artifacts[name])
                elif given.get("if-no-files-found") != "ignore":
                    raise FileNotFoundError(source)
            case "actions/download-artifact", {"pattern": pattern, "path": path}:
                merged = given.get("merge-multiple") == "true"
                prefix, star, rest = pattern.partition("*")
                if not star or rest:
                    raise NotUnderstood(pattern)
                for name, source in run.artifacts.items():
                    if name.startswith(prefix):
                        target = workspace / path if merged else workspace / path / name
                        shutil.copytree(source, target, dirs_exist_ok=True)
            case _:
                raise NotUnderstood(f"{uses} with {given}")

    def _git(self, *arguments: str) -> str:
        git = ["git", "-C", str(self.remote), *arguments]
        return subprocess.run(git, check=True, capture_output=True, text=True).stdout


def _wanted(trigger: Any, payload: Mapping[str, Any]) -> bool:
    trigger = trigger or {}
    if isinstance(trigger, list):  # schedules
        return True
    _known(trigger, {"branches", "types", "inputs"})
    types = trigger.get("types", ["opened", "synchronize", "reopened"])
    return "action" not in payload or payload["action"] in types


def _needed(run: Run, key: str) -> dict[str, Any]:
    jobs = [job for job in run.jobs if job.key == key]
    outputs = {name: value for job in jobs for name, value in job.outputs.items()}
    results = {job.result for job in jobs}
    worst = next((r for r in ("failure", "success", "skipped") if r in results), "success")
    return {"result": worst, "outputs": outputs}


def _condition(
    text: str | None, context: Mapping[str, Any], status: Mapping[str, Callable[..., Any]]
) -> bool:
    """Without one of the status functions `success()` is meant as well."""
    if text is None:
        return bool(status["success"]())
    inside = text.strip().removeprefix("${{").removesuffix("}}")
    wanted = truthy(filled("${{" + inside + "}}", context, status))
    return wanted and (bool(STATUS.search(text)) or bool(status["success"]()))


def _filled(values: Mapping[str, Any] | None, context: Mapping[str, Any]) -> dict[str, str]:
    return {name: shown(filled(value, context)) for name, value in (values or {}).items()}


def _list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _known(mapping: Mapping[str, Any], keys: set[str]) -> None:
    if unknown := mapping.keys() - keys:
        raise NotUnderstood(f"keys {sorted(unknown)}")
