"""Break-glass in an exam: one seat is reset, for a reason that stays on record."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flow_registry import FlowRegistry

pytestmark = pytest.mark.cloud

REASON = 'Disk broken, says "fsck" #1'


@pytest.fixture
def in_exam(registry: FlowRegistry) -> str:
    """The path of the course, whose exam begins and ends around this moment when it is called."""
    path = f"deployments/ada/{registry.course}/course.yaml"
    registry.change(path, "seats: 2", "seats: 3")
    return path


def begin_exam(registry: FlowRegistry, path: str) -> None:
    """An exam around this moment, committed."""
    now = datetime.now(UTC)
    begins, ends = (f"{now + timedelta(days=days):%Y-%m-%dT%H:%M}" for days in (-1, 1))
    text = (registry.root / path).read_text()
    freeze = f"# The written exam.\nfreezes:\n- {{from: {begins}, to: {ends}}}\n"
    registry.write(path, text.replace("title: Course\n", "title: Course\ntimezone: UTC\n") + freeze)
    registry.commit("exam")


def test_a_broken_seat_is_saved_in_an_exam_and_the_reason_stays(
    registry: FlowRegistry, run, live, in_exam
) -> None:
    lab = f"ada/{registry.course}/lab"
    assert run("apply").code == 0
    before = live()
    begin_exam(registry, in_exam)

    # An ordinary reset is refused, and the refusal says what to do.
    assert run("reset", f"{lab}/s02").code == 0
    registry.commit("reset s02")
    refused = run("apply")
    assert refused.code == 3
    words = " ".join(refused.out.split())
    assert "[freeze]" in words
    way_out = f'appstore reset {lab} --member s02 --during-exam "<why>"'
    assert way_out in words
    assert live() == before

    # The way out, with a reason: the file keeps it, and its comments.
    told = run("reset", lab, "--member", "s02", "--during-exam", REASON)
    assert told.code == 0, told
    text = (registry.root / in_exam).read_text()
    assert "# The written exam." in text
    today = datetime.now(UTC).date()
    assert f"member: s02, reason: {json.dumps(REASON)}, on: {today}" in text
    registry.commit("break glass")
    planned = run("plan")
    assert f"# recreate {registry.course}/lab/s02" in planned.out
    assert "1 of 3 instances change" in planned.out
    assert REASON in " ".join(planned.out.split()), planned.out

    # Apply makes this one anew and no other.
    assert run("apply").code == 0
    after = live()
    assert after["s02"].id != before["s02"].id
    assert after["s02"].status == "CREATE_COMPLETE"
    assert (after["s01"], after["s03"]) == (before["s01"], before["s03"])
    assert "nothing to do" in run("plan").out

    # The record was for that one reset: the next seat needs a reason of its own.
    assert run("reset", f"{lab}/s03").code == 0
    registry.commit("reset s03")
    assert run("apply").code == 3
    assert live() == after
    outcome = json.loads(run("plan", "--json").out)
    assert [one["id"].rpartition("/")[2] for one in outcome["entries"]] == ["s03"]
