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
from pipelines_github import PermittedApi
from pipelines_registry import Registry, clouds_yaml
from pipelines_stage import GithubStage, delete_stacks

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


def _name() -> str:
    return f"p{os.getpid() % 100_000}-{next(_numbers)}"
