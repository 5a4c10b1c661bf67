"""audit on the real Heat: what lives tells itself, what is gone is told by git."""

from typing import Any

import pytest

pytestmark = pytest.mark.cloud


def test_an_instance_from_the_merge_to_the_end(registry: Any, run: Any) -> None:
    registry.change(f"deployments/ada/{registry.course}/course.yaml", "seats: 2", "seats: 1")
    assert run("apply").code == 0

    alive = run("audit", f"ada/{registry.course}/lab/s01")

    assert alive.code == 0
    assert f"Heat: CREATE_COMPLETE {registry.course}--lab--s01" in alive.out
    assert f"files: deployments/ada/{registry.course}/course.yaml" in alive.out
    assert f"Heat: CREATE_COMPLETE {registry.course}--lab--s01" in run("audit", "probe@1.0.0").out

    registry.lab("state: absent")
    assert run("apply").code == 0
    registry.remove(f"deployments/ada/{registry.course}/lab.yaml")

    gone = run("audit", f"ada/{registry.course}/lab")

    assert gone.code == 0
    assert "Heat:" not in gone.out
    assert gone.out.count("merged ") == 4
    assert run("audit", f"ada/{registry.course}/labb").code == 2
    assert all(len(line) <= 80 for line in gone.out.splitlines())
