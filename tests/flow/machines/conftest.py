"""Stories with real servers and networks: these need the full cloud."""

from typing import Any

import pytest


@pytest.fixture
def cloud_env(full_cloud: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The full cloud in place of the one that knows stacks alone."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(full_cloud.clouds_yaml))
    return full_cloud
