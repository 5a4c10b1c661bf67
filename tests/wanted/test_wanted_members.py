"""Fan-out to members, their generations, and whose course counts after a move."""

import pytest
from wanted_samples import COURSE, FILES, LAB, Edits, edited, line_of, stacks

from appstore.wanted.states import Cause

STACK = "0b0c1d2e-1111-2222-3333-444455556666"


def ids(edits: Edits | None = None) -> set[str]:
    return set(stacks(edits)) - {"net"}


def roster(written: str) -> dict[str, str]:
    return edited(COURSE, "roster: {seats: 3, spares: 1}\ngroups: {red: [s01], blue: [s02, s03]}",
                  f"roster: {written}")  # fmt: skip


@pytest.mark.parametrize(
    ("edits", "members"),
    [
        ({}, "s01 s02 s03 x01"),
        (edited(LAB, "for: student", "for: group"), "red blue"),
        (edited(LAB, "for: student", "for: course"), "course"),
        (roster("{members: [fox, owl], spares: 2}"), "fox owl x01 x02"),
    ],
)
def test_members(edits: Edits, members: str) -> None:
    assert ids(edits) == {f"db1/lab/{member}" for member in members.split()}


def test_a_growing_course_renames_nobody() -> None:
    before, after = ids(roster("{seats: 30, spares: 2}")), ids(roster("{seats: 120, spares: 3}"))
    assert len(before) == 32
    assert before < after
    assert {f"db1/lab/{seat}" for seat in ("s99", "s100", "s120", "x03")} <= after
    assert len(after) == 123


def test_names_of_stacks() -> None:
    found = stacks()
    assert found["db1/lab/s01"].name == "db1--lab--s01"
    assert found["net"].name == "net"


def test_the_base_comes_first_then_ids_in_order() -> None:
    assert list(stacks()) == ["net", "db1/lab/s01", "db1/lab/s02", "db1/lab/s03", "db1/lab/x01"]
    edits: Edits = {
        "deployments/ada/aaa.yaml": FILES["deployments/ada/net.yaml"].replace("base: true\n", "")
    }
    assert list(stacks(edits))[:2] == ["net", "aaa"]


def test_a_moved_file_keeps_its_id_and_takes_the_members_of_its_course() -> None:
    edits: Edits = {
        LAB: None,
        "deployments/ada/db2/course.yaml": FILES[COURSE].replace("seats: 3", "seats: 4"),
        "deployments/ada/db2/lab.yaml": FILES[LAB] + "id: db1/lab\n",
    }
    assert ids(edits) == {f"db1/lab/{seat}" for seat in ("s01", "s02", "s03", "s04", "x01")}


def test_generations_and_their_lines() -> None:
    edits = {LAB: FILES[LAB] + "reset:\n  all: 2\n  s02: 3\n"}
    found = stacks(edits)
    assert [found[f"db1/lab/{m}"].generation for m in ("s01", "s02", "x01")] == [2, 5, 2]
    assert found["db1/lab/s01"].reset_cause == Cause(
        LAB, line_of(LAB, "  all", edits), "reset.all: 2"
    )
    assert found["db1/lab/s02"].reset_cause == Cause(
        LAB, line_of(LAB, "  s02", edits), "reset.s02: 3"
    )
    assert found["net"].generation == 0
    assert found["net"].reset_cause is None


def test_only_who_is_named_takes_over_a_stack() -> None:
    found = stacks({LAB: FILES[LAB] + f"adopt: {{s02: {STACK}}}\n"})
    assert {str(s.id): s.adopt for s in found.values() if s.adopt} == {"db1/lab/s02": STACK}
    single = stacks({LAB: FILES[LAB].replace("student", "course") + f"adopt: {STACK}\n"})
    assert single["db1/lab/course"].adopt == STACK


def test_consent_to_replace_lifts_the_restrictions_but_not_the_guards() -> None:
    edits = {LAB: FILES[LAB] + "accept_replace: web-lab@1.0.0\n"}
    stack, base = stacks(edits)["db1/lab/s01"], stacks(edits)["net"]
    assert stack.spec.accept_replace
    assert stack.spec.restrictions == {}
    assert stack.spec.guards == base.spec.restrictions != {}
    assert stack.replace_cause == Cause(
        LAB, line_of(LAB, "accept_replace", edits), "accept_replace: web-lab@1.0.0"
    )
    assert base.replace_cause is None


def test_consent_to_another_version_is_none() -> None:
    stack = stacks({LAB: FILES[LAB] + "accept_replace: web-lab@0.9.0\n"})["db1/lab/s01"]
    assert not stack.spec.accept_replace
    assert stack.spec.restrictions == stack.spec.guards != {}


def test_what_a_stack_carries() -> None:
    edits = {LAB: FILES[LAB] + "retry: 2\nprotect: true\n"}
    stack = stacks(edits)["db1/lab/s01"]
    assert (stack.path, stack.line, stack.retry, stack.protect, stack.term) == (
        LAB,
        1,
        2,
        True,
        "w26",
    )
    assert stack.endpoints["web"].output == "address"
    assert stack.files == (
        LAB,
        COURSE,
        "deployments/ada/lecturer.yaml",
        "catalog/web-lab/template.yaml",
        "catalog/web-lab/1.0.0/version.yaml",
        "catalog/web-lab/1.0.0/heat.yaml",
        "catalog/web-lab/1.0.0/init.sh",
        "deployments/site.yaml",
    )
    assert stacks()["net"].term is None
