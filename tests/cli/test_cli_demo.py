"""The README's first command, as a newcomer runs it, in folders of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.cloud
def test_the_demo_tells_the_whole_story_and_may_be_told_again(tmp_path: Path) -> None:
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("OS_", "APPSTORE_"))}
    env |= {
        "HOME": str(tmp_path),
        "XDG_CACHE_HOME": cache,  # the installed services are shared, the state is not
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    command = [str(Path(sys.executable).with_name("appstore")), "demo", "--lite", "--down"]
    told = [
        subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True) for _ in "12"
    ]
    for ended in told:
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "9 instances: 9 ready" in ended.stdout
        assert "Plan: nothing to do." in ended.stdout
        assert "Plan: 1 to update." in ended.stdout
        assert "1 instance: 1 planned" in ended.stdout
        assert "Apply: 1 done (1 create)." in ended.stdout
        assert "That was the demo" in ended.stdout
        assert "--repo" not in ended.stdout, "short commands, as a person would type them"
    assert "Apply: 9 done (9 create)." in told[0].stdout
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True)
    assert left.stdout == "", "nothing of the cloud goes on running"
