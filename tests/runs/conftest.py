"""Runs with a forge around them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from runs_forge import OnForge, make_template, on_forge


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry in git, made once."""
    folder = tmp_path_factory.mktemp("template")
    make_template(folder)
    return folder


@pytest.fixture(params=["github", "gitlab"])
def place(
    request: pytest.FixtureRequest,
    template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[OnForge]:
    """A registry on GitHub and on GitLab, with the environment of a job there."""
    for name in ("GITHUB_REPOSITORY", "CI_PROJECT_ID", "GITHUB_RUN_ID", "CI_JOB_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with on_forge(request.param, template, tmp_path) as made:
        for name, value in made.stage.environment.items():
            monkeypatch.setenv(name, value)
        yield made
