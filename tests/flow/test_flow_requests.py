"""What a plan asks the cloud, request by request, read from the run's own log."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.cloud


def requests_in(log: Path) -> Counter[str]:
    """Requests by method and kind of path, as the log tells them."""
    lines = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    kinds = {
        r"POST /v3/auth/tokens": "token",
        r"GET /v3/auth/projects": "projects",
        r"GET /v1/\w+/stacks(\?\S*)? ": "listing",
        r"GET /v1/\w+/stacks/": "one stack",
    }
    found: Counter[str] = Counter()
    for line in lines:
        if re.match(r"(GET|POST|PUT|PATCH|DELETE) /", line):
            found[next((k for pattern, k in kinds.items() if re.match(pattern, line)), line)] += 1
    return found


def test_a_plan_with_nothing_to_do_asks_once_per_project_and_nothing_per_stack(
    registry, run, tmp_path
) -> None:
    assert run("apply").code == 0
    log = tmp_path / "state" / "teaching-appstore" / "appstore.log"
    log.unlink()
    assert "nothing to do" in run("plan").out
    # One password token, then one rescoped token and one listing for each of the three projects
    # that the user reaches (one of them belongs to no lecturer and may hold orphans).
    assert requests_in(log) == {"token": 4, "projects": 1, "listing": 3}


def test_a_changed_deployment_is_compared_and_its_neighbours_are_not(
    registry, run, tmp_path
) -> None:
    registry.write(
        f"deployments/ada/{registry.course}/other.yaml", "template: probe@1.0.0\nfor: student\n"
    )
    registry.commit("neighbours")
    assert run("apply").code == 0
    registry.lab("parameters: {length: 12}")
    log = tmp_path / "state" / "teaching-appstore" / "appstore.log"
    log.unlink()
    assert "~ update x2" in run("plan").out
    seen = requests_in(log)
    # template, environment and files of each of the two changed stacks
    assert (seen["listing"], seen["one stack"]) == (3, 6)


def test_a_run_about_one_lecturer_looks_at_no_other_project(registry, run, tmp_path) -> None:
    assert run("apply").code == 0
    log = tmp_path / "state" / "teaching-appstore" / "appstore.log"
    for about in ("ada", f"ada/{registry.course}/lab/s01"):
        log.unlink()
        assert "nothing to do" in run("plan", about).out
        assert requests_in(log) == {"token": 2, "projects": 1, "listing": 1}
    log.unlink()
    assert "nothing to do" in run("plan", "*/lab").out
    assert requests_in(log)["listing"] == 3, "a pattern may mean anybody"
