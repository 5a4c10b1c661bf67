"""A registry on each forge, whose pipelines really run; the cloud is the embedded one."""

import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from forge_servers import World, serving
from github_runner import Github
from gitlab_runner import Gitlab, install
from pipelines_github import PermittedApi
from pipelines_gitlab import TOKENS, RoledApi
from pipelines_registry import Registry, clouds_yaml
from pipelines_stage import GithubStage, GitlabStage, delete_stacks

_numbers = itertools.count(1)


@pytest.fixture
def github(tmp_path: Path, cloud_env: Any) -> Iterator[GithubStage]:
    """GitHub with a registry of this test's own."""
    world = World()
    api = PermittedApi(world)
    programs = tmp_path / "programs"
    programs.mkdir()
    script = Path(__file__).with_name("gh.py")
    (programs / "gh").write_text(f'#!/bin/sh\nexec {sys.executable} {script} "$@"\n')
    (programs / "gh").chmod(0o755)
    registry = Registry.make(tmp_path / "forge", "github", world, _name())
    api.registry = registry
    text = cloud_env.clouds_yaml.read_text()
    with serving(api) as root:
        given = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "GITHUB_API_URL": root,
            "GITHUB_SERVER_URL": root,
        }
        secrets = {name: {"CLOUDS_YAML": clouds_yaml(text, name)} for name in ("plan", "apply")}
        folder = tmp_path / "runs"
        folder.mkdir()
        runner = Github(registry.remote, folder, "uni/registry", secrets, given, api.token)
        yield GithubStage(registry, api, runner)
    delete_stacks(registry.files)


@pytest.fixture(scope="session")
def gitlab_programs() -> Path:
    """gitlab-ci-local and rsync, installed once for a user."""
    return install()


@pytest.fixture
def gitlab(tmp_path: Path, cloud_env: Any, gitlab_programs: Path) -> Iterator[GitlabStage]:
    """GitLab with a registry of this test's own."""
    world = World()
    api = RoledApi(world)
    registry = Registry.make(tmp_path / "forge", "gitlab", world, _name())
    api.registry = registry
    text = cloud_env.clouds_yaml.read_text()
    variables: dict[str, dict[str, str | Path]] = {
        scope: {"APPSTORE_FORGE_TOKEN": token} for scope, token in TOKENS.items()
    }
    for purpose, scope in (("plan", "appstore/plan"), ("apply", "appstore/apply/*")):
        file = tmp_path / f"clouds-{purpose}.yaml"
        file.write_text(clouds_yaml(text, purpose))
        variables.setdefault(scope, {})["OS_CLIENT_CONFIG_FILE"] = file
    with serving(api) as root:
        given: dict[str, str | Path] = {
            "CI_API_V4_URL": f"{root}/api/v4",
            "CI_PROJECT_ID": "7",
            "CI_SERVER_URL": root,
        }
        folder = tmp_path / "runs"
        folder.mkdir()
        # A child pipeline of gitlab-ci-local sees these only as variables of the project.
        variables["*"] = {**given}
        yield GitlabStage(registry, Gitlab(gitlab_programs, folder, variables), api.refused)
    delete_stacks(registry.files)


def _name() -> str:
    return f"p{os.getpid() % 100_000}-{next(_numbers)}"
