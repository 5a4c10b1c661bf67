"""Why a stack that lives is wanted by no file any more, and which line ordered that."""

from datetime import timedelta

import pytest
from wanted_samples import COURSE, FILES, LAB, NOW, Edits, edited, line_of, sample

from appstore.wanted.farewell import farewell
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import LecturerStacks
from appstore.wanted.states import Gone
from appstore.wanted.tree import wanted_tree

GROUPS = edited(LAB, "for: student", "for: group")
WHOLE = edited(LAB, "for: student", "for: course")
BOTH: Edits = {
    **GROUPS,
    **edited(COURSE, "groups: {red: [s01], blue: [s02, s03]}", "groups: {red: [s01]}"),
}
ABSENT: Edits = {LAB: FILES[LAB] + "state: absent\n"}


def gone(edits: Edits, id_: str) -> Gone:
    registry = sample(edits)
    (stacks,) = wanted_tree(registry, NOW).lecturers
    assert isinstance(stacks, LecturerStacks)
    instance = InstanceId.parse(id_)
    assert instance is not None
    assert instance not in {stack.id for stack in stacks.stacks}
    return farewell(stacks, registry, instance)


@pytest.mark.parametrize(
    ("edits", "id_", "path", "text", "days"),
    [
        ({}, "db1/lab/s04", COURSE, "roster", 5),
        ({}, "db1/lab/x02", COURSE, "roster", 5),
        ({}, "db1/lab/fox", COURSE, "roster", 5),
        ({}, "db1/lab/course", LAB, "for:", 5),
        ({}, "db1/lab/red", LAB, "for:", 5),
        (WHOLE, "db1/lab/s01", LAB, "for:", 5),
        (WHOLE, "db1/lab/red", LAB, "for:", 5),
        (GROUPS, "db1/lab/s01", LAB, "for:", 5),
        (GROUPS, "db1/lab/s99", LAB, "for:", 5),
        (GROUPS, "db1/lab/course", LAB, "for:", 5),
        (BOTH, "db1/lab/blue", COURSE, "groups", 5),
        (ABSENT, "db1/lab/s04", LAB, "state: absent", 0),
    ],
)
def test_a_line_orders_it(edits: Edits, id_: str, path: str, text: str, days: int) -> None:
    found = gone(edits, id_)
    assert found.cause is not None
    assert str(found.cause) == f"{path}:{line_of(path, text, edits)}"
    assert found.grace == timedelta(days=days)


@pytest.mark.parametrize(("written", "days"), [(0, 3), (2, 3), (3, 3), (4, 4)])
def test_however_few_days_are_written_a_removed_seat_is_kept_for_three(
    written: int, days: int
) -> None:
    short = edited(COURSE, "removal_grace: 5", f"removal_grace: {written}")
    assert gone(short, "db1/lab/s04").grace == timedelta(days=days)


def test_the_roster_over_several_lines_is_named_where_it_counts() -> None:
    edits = edited(COURSE, "roster: {seats: 3, spares: 1}", "roster:\n  spares: 1\n  seats: 3")
    for id_, text in (("db1/lab/s04", "  seats"), ("db1/lab/x02", "  spares")):
        assert str(gone(edits, id_).cause) == f"{COURSE}:{line_of(COURSE, text, edits)}"


@pytest.mark.parametrize(
    ("edits", "id_"),
    [
        ({LAB: None}, "db1/lab/s01"),
        ({}, "db1/other/s01"),
        ({}, "db7/lab/s01"),
        ({LAB: None, COURSE: None}, "db1/lab/s01"),
        ({}, "other"),
        (
            {
                LAB: None,
                "deployments/ada/db2/course.yaml": FILES[COURSE],
                "deployments/ada/db2/lab.yaml": FILES[LAB],
            },
            "db1/lab/s01",
        ),
    ],
)
def test_nothing_orders_the_end_of_a_lost_file(edits: Edits, id_: str) -> None:
    found = gone(edits, id_)
    assert found.cause is None
    assert found.grace == timedelta(days=14)
