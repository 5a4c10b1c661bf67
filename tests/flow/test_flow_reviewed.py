"""Reviewed = applied, on the real Heat."""

import json

import pytest

pytestmark = pytest.mark.cloud


def flat(text: str) -> str:
    """The text as one line."""
    return " ".join(text.split())


def test_a_reset_happens_as_it_was_reviewed_and_only_so(registry, run, live, tmp_path) -> None:
    run("apply")
    registry.lab("reset: {s02: 1}")
    seen = str(tmp_path / "plan.json")
    assert run("plan", "--out", seen).code == 0
    before = live()

    applied = run("apply", "--reviewed", seen)
    assert (applied.code, "1 done (1 recreate)" in applied.out) == (0, True)
    after = live()
    assert after["s01"] == before["s01"]
    assert after["s02"].id != before["s02"].id

    again = run("apply", "--reviewed", seen)
    assert again.code == 0
    assert f"1 reviewed change done already: ada/{registry.course}/lab/s02" in flat(again.out)
    assert live() == after


def test_what_nobody_saw_is_stale_and_the_rest_goes_on(registry, run, live, tmp_path) -> None:
    run("apply")
    seen, new = str(tmp_path / "seen.json"), str(tmp_path / "new.json")
    run("plan", "--out", seen)
    registry.lab("reset: {s02: 1}")
    registry.change(f"deployments/ada/{registry.course}/course.yaml", "seats: 2", "seats: 3")
    before = live()

    applied = run("apply", "--reviewed", seen)
    assert applied.code == 3
    assert f"ada/{registry.course}/lab/s02: stale" in flat(applied.out)
    assert "its recreate is in no reviewed plan" in flat(applied.out)
    stacks = live()
    assert {m: stacks[m] for m in ("s01", "s02")} == before
    assert stacks["s03"].status == "CREATE_COMPLETE"

    unattended = run("apply", "--scheduled")
    assert (unattended.code, "stale" in unattended.out) == (3, True)
    assert live() == stacks

    run("plan", "--out", new)
    assert run("apply", "--scheduled", "--reviewed", seen, "--reviewed", new).code == 0
    assert live()["s02"].id != stacks["s02"].id


def test_a_changed_live_side_shows_both_sides(registry, run, live, tmp_path) -> None:
    run("apply")
    registry.lab("state: absent")
    seen = str(tmp_path / "seen.json")
    run("plan", "--out", seen)
    registry.lab("parameters: {length: 9}")
    run("apply", f"ada/{registry.course}/lab/s01")
    registry.lab("state: absent")

    applied = run("apply", "--reviewed", seen)
    assert applied.code == 3
    assert "s01: stale" in flat(applied.out)
    assert "(then -> now): its spec 1." in flat(applied.out)
    assert set(live()) == {"s01"}, "the other one was as reviewed and is deleted"


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"owner": "other"}, 2, "its digest does not fit its entries"),
        ({"format": "9"}, 3, "of format '9', this program reads 1"),
    ],
)
def test_a_plan_that_is_none_of_ours_ends_the_run(
    registry, run, live, tmp_path, change, code, words
) -> None:
    seen = tmp_path / "seen.json"
    run("plan", "--out", str(seen))
    seen.write_text(json.dumps({**json.loads(seen.read_text()), **change}))
    refused = run("apply", "--reviewed", str(seen))
    assert (refused.code, words in flat(refused.err)) == (code, True)
    assert live() == {}


def test_another_installation_s_plan_ends_the_run(registry, run, live, tmp_path) -> None:
    seen = str(tmp_path / "seen.json")
    run("plan", "--out", seen)
    registry.change("deployments/site.yaml", f"owner-{registry.course}", "owner-of-others")
    refused = run("apply", "--reviewed", seen)
    assert refused.code == 3
    assert f"is a plan of the installation 'owner-{registry.course}'" in flat(refused.err)
    assert live() == {}


def test_files_that_cannot_be_read_or_written(run, tmp_path) -> None:
    missing = str(tmp_path / "no" / "plan.json")
    for words in (("plan", "--out", missing), ("apply", "--reviewed", missing)):
        refused = run(*words)
        assert refused.code == 2
        assert "No such file or directory" in flat(refused.err)
