"""How documents are joined: ids, order, versions, and the same value from any order of files."""

import random

import pytest
from registry_samples import ANNA, BOARD, NET, SITE, TEAM, V1, VALID, WEB, changed, registry_of

from appstore.documents.course import Course, Pseudonyms, Seats
from appstore.registry.members import members_for
from appstore.registry.nearest import known_instead
from appstore.registry.read import read_registry


def test_documents_are_joined_by_their_paths():
    registry = registry_of()
    anna = registry.lecturers["anna"]
    (course,) = anna.courses
    assert (registry.site.path, anna.document.path, course.name) == (SITE, ANNA, "cs101")
    assert [file.document.path for file in anna.deployments] == [NET]
    assert [file.document.path for file in course.deployments] == [BOARD, TEAM, WEB]
    assert [file.id for file in course.deployments] == ["cs101/board", "cs101/team", "cs101/web"]
    assert anna.deployments[0].id == "network"


def test_an_id_in_the_file_is_the_id():
    registry = registry_of({WEB: VALID[WEB] + "id: old/name\n"})
    assert registry.lecturers["anna"].courses[0].deployments[2].id == "old/name"


def test_versions_are_sorted_as_people_count_and_hold_their_other_files():
    lab = registry_of({f"{V1}/../1.9.0".replace("1.0.0/../", "") + "/heat.yaml": None}).templates
    versions = lab["web-lab"].versions
    assert list(versions) == ["1.0.0", "1.10.0"]
    assert versions["1.0.0"].files == {"files/setup.sh": b"#!/bin/sh\n"}
    assert (versions["1.0.0"].ref, versions["1.0.0"].folder) == ("web-lab@1.0.0", V1)
    assert versions["1.0.0"].approval is None


def test_an_approval_lies_beside_its_version():
    text = "digest: d\nvisibility: tenant\napprover: eve\ndate: '2026-10-01'\n"
    registry = registry_of({f"{V1}/approval.yaml": text})
    version = registry.templates["web-lab"].versions["1.0.0"]
    assert version.approval is not None
    assert version.approval.model.approver == "eve"
    assert "approval.yaml" not in version.files


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_files_does_not_matter(seed):
    files = list(changed({WEB: "for: nobody\n", "deployments/x.yaml": "x"}).items())
    expected = read_registry(dict(sorted(files)))
    random.Random(seed).shuffle(files)
    shuffled = read_registry(dict(files))
    assert shuffled == expected
    assert list(shuffled.lecturers) == list(expected.lecturers)
    assert list(shuffled.templates) == list(expected.templates)


def course(**fields: object) -> Course:
    common = {"title": "x", "term": "ws26", "starts": "2026-10-01", "ends": "2027-02-15"}
    return Course.model_validate(common | fields)


@pytest.mark.parametrize(
    ("roster", "audience", "members"),
    [
        (None, "course", ("course",)),
        (None, "student", ()),
        ({"seats": 2}, "student", ("s01", "s02")),
        ({"seats": 1, "spares": 2}, "student", ("s01", "x01", "x02")),
        ({"members": ["blue-fox", "owl"], "spares": 1}, "student", ("blue-fox", "owl", "x01")),
        ({"seats": 2}, "group", ("red",)),
    ],
)
def test_members_of_a_course(roster, audience, members):
    fields = {"roster": roster} if roster else {}
    groups = {"groups": {"red": ["s01"]}} if audience == "group" else {}
    assert members_for(course(**fields, **groups), audience) == members


def test_the_hundredth_seat_has_three_digits():
    names = members_for(course(roster={"seats": 101}), "student")
    assert names[8:10] + names[98:] == ("s09", "s10", "s99", "s100", "s101")


def test_both_kinds_of_roster_are_covered():
    assert isinstance(course(roster={"seats": 2}).roster, Seats)
    assert isinstance(course(roster={"members": ["owl"]}).roster, Pseudonyms)


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("web-lap", ["web-lab", "desk"], 'Did you mean "web-lab"?'),
        ("zzz", ["b", "a"], "There is: a, b."),
        ("zzz", [], "There is none yet."),
        ("zzz", "abcdefghij", "There is: a, b, c, d, e, f, g, h and 2 more."),
    ],
)
def test_a_hint_names_the_nearest_or_what_there_is(name, known, hint):
    assert known_instead(name, known) == hint
