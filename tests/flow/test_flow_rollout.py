"""Roll-outs and renames on the real Heat."""

import pytest

pytestmark = pytest.mark.cloud


def flat(text: str) -> str:
    """The text as one line."""
    return " ".join(text.split())


def test_a_roll_out_stops_at_its_canary_and_goes_on_in_batches(registry, run, live) -> None:
    registry.change(f"deployments/ada/{registry.course}/course.yaml", "seats: 2", "seats: 4")
    registry.lab("rollout: {canary: 1, batch: 2}", "parameters: {fail: true}")
    planned = run("plan")
    assert f"+ create {registry.course}/lab/s01" in planned.out
    assert f"= waits x2 {registry.course}/lab {{s02, s03}}" in planned.out
    assert "in batch 2 of 2 of the roll-out, which begins when batch 1 is done" in flat(planned.out)

    stopped = run("apply")
    assert stopped.code == 1
    assert "has stopped: its canary s01 failed" in flat(stopped.out)
    assert set(live()) == {"s01"}
    assert "has stopped: its canary s01 failed" in flat(run("plan").out)

    registry.lab("rollout: {canary: 1, batch: 2}", "parameters: {wait: 2}")
    applied = run("apply")
    assert (applied.code, "4 done (1 update, 3 create)" in applied.out) == (0, True)
    stacks = live()
    assert stacks["s01"].updated is not None
    assert stacks["s01"].updated < stacks["s02"].created
    assert max(stacks["s02"].created, stacks["s03"].created) < stacks["s04"].created
    assert "nothing to do" in run("plan").out


def test_a_moved_file_with_its_id_needs_no_call_to_heat(registry, run, live) -> None:
    run("apply")
    before = live()
    folder = f"deployments/ada/{registry.course}"
    text = (registry.root / folder / "lab.yaml").read_text()
    (registry.root / folder / "lab.yaml").unlink()
    registry.write(f"{folder}/practice.yaml", text)
    registry.commit("a careless rename")

    careless = run("apply")
    assert careless.code == 3
    assert careless.out.count("[renamed]") == 4
    assert f"Add `id: {registry.course}/lab` to {folder}/practice.yaml" in flat(careless.out)
    assert live() == before

    registry.write(f"{folder}/practice.yaml", f"{text}id: {registry.course}/lab\n")
    registry.commit("the same with its id")
    applied = run("apply")
    assert (applied.code, "nothing to do" in applied.out) == (0, True)
    assert live() == before, "not even a tag was written"
    assert "nothing to do" in run("plan").out
