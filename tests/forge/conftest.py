"""Both adapters against the local servers that speak their APIs."""

from collections.abc import Iterator

import pytest
from forge_stage import Stage, staged


@pytest.fixture(params=["github", "gitlab"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The same world on GitHub and on GitLab."""
    with staged(request.param) as made:
        yield made


@pytest.fixture
def github() -> Iterator[Stage]:
    """Only GitHub."""
    with staged("github") as made:
        yield made


@pytest.fixture
def gitlab() -> Iterator[Stage]:
    """Only GitLab."""
    with staged("gitlab") as made:
        yield made
