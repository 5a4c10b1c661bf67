"""A university begins: init, a lecturer, a course, deployments, and their stacks on the real Heat.

Everything by options, as a script would do it; the only edits are those that init asks for.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from flow_registry import FlowRegistry

from appstore.cli.ending import end
from appstore.cli.main import appstore

pytestmark = pytest.mark.cloud
CATALOG = Path(__file__).parents[2] / "catalog"
COURSE = ("--term", "2026w", "--starts", "2026-01-01", "--ends", "2099-01-01", "--seats", "2")


@pytest.fixture
def registry(tmp_path: Path) -> FlowRegistry:
    """A folder that does not exist yet; its name becomes the owner id."""
    name = f"i{os.getpid() % 100_000}"
    return FlowRegistry(tmp_path / name, name)


def test_from_an_empty_folder_to_running_stacks(registry, run, live) -> None:
    root = registry.root
    assert end(lambda: appstore.main(["init", str(root)], standalone_mode=False)) == 0
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    registry.commit("appstore init")
    assert run("validate").code == 0

    # The cloud is called as its entry in clouds.yaml, and a template of the tool is taken over.
    registry.change("deployments/site.yaml", "campus", "devcloud")
    shutil.copytree(CATALOG / "access-code", root / "catalog/access-code")
    registry.change("catalog/access-code/template.yaml", "informatics", "faculty")

    where = ("--tenant", "faculty", "--cloud", "devcloud", "--project", "lecturer-a")
    assert run("new", "lecturer", "ada", *where).code == 0
    course = f"ada/{registry.course}"
    assert run("new", "course", course, "--title", "Networks", *COURSE).code == 0
    lab = ("--template", "access-code@1.0.0", "--for", "student", "--set", "length=12")
    assert run("new", "deployment", f"{course}/lab", *lab).code == 0
    registry.commit("Ada's course")

    checked = run("validate")
    assert (checked.code, "2 instances: nothing wrong" in checked.out) == (0, True), checked.out
    planned = run("plan")
    assert f"+ create x2 {registry.course}/lab {{s01, s02}}  access-code@1.0.0" in planned.out
    applied = run("apply")
    assert (applied.code, "2 done (2 create)" in applied.out) == (0, True), applied
    assert {member: stack.status for member, stack in live().items()} == {
        "s01": "CREATE_COMPLETE",
        "s02": "CREATE_COMPLETE",
    }
    assert "nothing to do" in run("plan").out

    # A template of her own, in a second version, for the whole course.
    words = ("--title", "Code", "--summary", "A code.", "--owner", "ada")
    assert run("new", "template", "ada-code", *words).code == 0
    assert run("new", "version", "ada-code@1.0.0", "--change", "Nothing yet").code == 0
    own = ("--template", "ada-code@1.0.1", "--for", "course")
    assert run("new", "deployment", f"{course}/own", *own).code == 0
    registry.commit("Ada's own template")
    applied = run("apply", f"{course}/own")
    assert (applied.code, "1 done (1 create)" in applied.out) == (0, True), applied

    assert end(lambda: appstore.main(["init", str(root)], standalone_mode=False)) == 0
    status = ["git", "-C", str(root), "status", "--porcelain"]
    assert subprocess.run(status, check=True, capture_output=True).stdout == b""
