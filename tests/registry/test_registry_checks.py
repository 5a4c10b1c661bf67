"""Every check across files: one edit to a valid registry, and the one finding it gives."""

import pytest
from registry_samples import (
    ANNA,
    BOARD,
    BOB,
    CARD,
    COURSE,
    NET,
    SITE,
    SOLO,
    TEAM,
    V1,
    VALID,
    WEB,
    added,
    registry_of,
    replaced,
)

from appstore.documents.findings import Severity

STACK = "00000000-0000-0000-0000-000000000000"
OTHER_STACK = "00000000-0000-0000-0000-000000000001"
GROUPS = "groups:\n  red: [s01, s02]\n  blue: [s03]\n"
ONE_SEAT = replaced(COURSE, f"seats: 3\n  spares: 1\n{GROUPS}", "seats: 1\n")

ERRORS = [
    # What a deployment uses.
    (replaced(WEB, "web-lab@", "weblab@"), WEB, 1, "unknown-template", 'Did you mean "web-lab"?'),
    (replaced(SOLO, "desk@", "zzz@"), SOLO, 1, "unknown-template", "There is: desk, web-lab."),
    (replaced(WEB, "@1.0.0", "@1.0.1"), WEB, 1, "unknown-version", "first: 1.10.0, 1.0.0."),
    (
        added(BOARD, "accept_replace: web-lab@1.0.0\n"),
        *(BOARD, 3, "accept-replace", "moves to: desk@2.0.0"),
    ),
    # For whom it is.
    (replaced(COURSE, GROUPS, ""), TEAM, 2, "for", "groups"),
    (
        replaced(COURSE, f"roster:\n  seats: 3\n  spares: 1\n{GROUPS}", "") | {TEAM: None},
        *(WEB, 2, "for", "roster: {seats: 30}"),
    ),
    (added(WEB, "  s04: 1\n"), WEB, 7, "unknown-member", 'Did you mean "s0'),
    (added(WEB, "  x02: 1\n"), WEB, 7, "unknown-member", "Did you mean"),
    (added(WEB, "  course: 1\n"), WEB, 7, "unknown-member", "There is: all, s01"),
    (added(TEAM, "reset: {res: 1}\n"), TEAM, 3, "unknown-member", 'Did you mean "red"?'),
    (added(BOARD, "reset: {s01: 1}\n"), BOARD, 3, "unknown-member", "course"),
    (replaced(WEB, "for: student\n", ""), WEB, 1, "for", "for: student"),
    (added(SOLO, "for: course\n"), SOLO, 3, "for", "Remove this line"),
    (added(SOLO, "reset: {s01: 1}\n"), SOLO, 3, "unknown-member", "There is: all."),
    (added(TEAM, f"adopt: {STACK}\n"), TEAM, 3, "adopt", "adopt: {red: <stack id>}"),
    (added(TEAM, f"adopt:\n  res: {STACK}\n"), TEAM, 4, "unknown-member", 'Did you mean "red"?'),
    (added(WEB, f"adopt: {{all: {STACK}}}\n"), WEB, 7, "unknown-member", "There is: s01, s02"),
    (
        added(WEB, f"adopt:\n  s01: {STACK}\n  s03: {OTHER_STACK}\n  x01: {STACK}\n"),
        *(WEB, 10, "adopt", "each member's own stack"),
    ),
    (added(BOARD, f"adopt: {{course: {STACK}}}\n"), BOARD, 3, "adopt", "the id alone"),
    (added(SOLO, f"adopt: {{s01: {STACK}}}\n"), SOLO, 3, "adopt", "the id alone"),
    (
        ONE_SEAT | {TEAM: None, WEB: f"template: web-lab@1.0.0\nfor: student\nadopt: {STACK}\n"},
        *(WEB, 3, "adopt", "adopt: {s01: <stack id>}"),
    ),
    # Who it is.
    (
        {"deployments/anna/cs101/page.yaml": VALID[TEAM] + "id: cs101/web\n"},
        *("deployments/anna/cs101/page.yaml", 3, "duplicate-id", "Remove one"),
    ),
    (
        {"deployments/bob/other.yaml": VALID[SOLO] + "id: solo\n"},
        *("deployments/bob/other.yaml", 3, "duplicate-id", "Remove one"),
    ),
    (added(BOARD, "id: board\n"), BOARD, 3, "id-shape", "<course>/<deployment>"),
    (added(SOLO, "id: bob/solo\n"), SOLO, 3, "id-shape", "Write <deployment>"),
    # Courses.
    (replaced(COURSE, "2027-02", "2026-02"), COURSE, 4, "dates", "later date"),
    (replaced(COURSE, "[s03]", "[s03, s33]"), COURSE, 10, "unknown-member", 'Did you mean "s03"?'),
    (
        replaced(COURSE, f"  seats: 3\n  spares: 1\n{GROUPS}", "  members: [owl, fox, owl]\n")
        | {TEAM: None, WEB: None},
        *(COURSE, 6, "duplicate-member", "a name of its own"),
    ),
    # How long it lives.
    (replaced(SOLO, 'ends: "2027-02-15"\n', ""), SOLO, 1, "no-end", "ends: 2027-03-31"),
    (added(BOARD, "base: true\n"), BOARD, 3, "base", "deployments/anna/"),
    (added(NET, "state: suspended\n"), NET, 3, "base", "Remove this line."),
    (added(SOLO, "protect: true\nstate: absent\n"), SOLO, 4, "protected", "of its own first"),
    # Lecturers.
    (replaced(BOB, "physics", "phyiscs"), BOB, 1, "unknown-tenant", 'Did you mean "physics"?'),
    (replaced(BOB, "main", "mian"), BOB, 2, "unknown-cloud", 'Did you mean "main"?'),
    (replaced(BOB, "main", "attic"), BOB, 2, "cloud-not-allowed", "It may use: main, lab."),
    (
        {"deployments/physics/lecturer.yaml": VALID[BOB].replace("bob", "p")},
        *("deployments/physics/lecturer.yaml", 1, "ambiguous-owner", "Rename"),
    ),
    (replaced(SITE, "[main, lab]", "[main, lap]"), SITE, 9, "unknown-cloud", 'mean "lab"?'),
    # The catalog.
    (replaced(CARD, "physics", "pyhsics"), CARD, 3, "unknown-owner", 'Did you mean "physics"?'),
    (
        {
            "catalog/web-lab/3.0.0/approval.yaml": "digest: x\nvisibility: global\napprover: eve\n"
            "date: '2026-10-01'\n"
        },
        *("catalog/web-lab/3.0.0/approval.yaml", 0, "approval-without-version", "Remove it"),
    ),
    # Files that must exist.
    ({SITE: None}, SITE, 0, "missing", "resource_types"),
    ({BOB: None}, BOB, 0, "missing", "tenant, cloud and project"),
    ({COURSE: None}, COURSE, 0, "missing", "title, term, starts and ends"),
    ({CARD: None}, CARD, 0, "missing", "card"),
    ({f"{V1}/version.yaml": None}, f"{V1}/version.yaml", 0, "missing", "contract"),
    ({f"{V1}/heat.yaml": None}, f"{V1}/heat.yaml", 0, "missing", "Heat template"),
]


@pytest.mark.parametrize(("edit", "path", "line", "rule", "hint"), ERRORS)
def test_one_edit_gives_one_finding_at_its_place(edit, path, line, rule, hint):
    (finding,) = registry_of(edit).findings
    assert (finding.path, finding.line, finding.rule) == (path, line, f"registry/{rule}")
    assert hint in finding.hint
    assert finding.severity is Severity.ERROR


def test_the_valid_registry_has_no_finding():
    assert registry_of().findings == ()


FINE = [
    added(WEB, "id: old-course/old-lab\n"),
    added(BOARD, f"adopt: {STACK}\n"),
    added(SOLO, f"adopt: {STACK}\nreset: {{all: 3}}\n"),
    added(BOARD, "reset: {course: 1}\naccept_replace: desk@2.0.0\n"),
    added(SOLO, "protect: true\n"),
    added(WEB, 'ends: "2026-12-24"\n'),
    replaced(BOB, "main", "lab"),
    {BOB: VALID[ANNA].replace("main", "lab")},
    added(WEB, f"adopt: {{s01: {STACK}, x01: {OTHER_STACK}}}\n"),
    added(TEAM, f"adopt: {{blue: {STACK}}}\n"),
    ONE_SEAT
    | {TEAM: None, WEB: f"template: web-lab@1.0.0\nfor: student\nadopt: {{s01: {STACK}}}\n"},
    {"deployments/bob/cs101/README.md": "x", "catalog/web-lab/README.md": "x"},
    # Lecturers' projects are apart, so equal names are no clash.
    {"deployments/bob/network.yaml": VALID[NET]},
]


@pytest.mark.parametrize("edit", FINE)
def test_what_looks_similar_and_is_right(edit):
    assert registry_of(edit).findings == ()


WARNINGS = [
    (added(WEB, 'ends: "2027-02-16"\n'), WEB, 7, "dates"),
    (added(WEB, 'ends: "2026-09-30"\n'), WEB, 7, "dates"),
    (added(WEB, "accept_replace: web-lab@1.10.0\n"), WEB, 7, "accept-replace"),
]


@pytest.mark.parametrize(("edit", "path", "line", "rule"), WARNINGS)
def test_a_warning_holds_nothing(edit, path, line, rule):
    registry = registry_of(edit)
    (finding,) = registry.findings
    assert (finding.path, finding.line, finding.rule) == (path, line, f"registry/{rule}")
    assert finding.severity is Severity.WARNING
    assert (set(registry.lecturers), registry.held_lecturers) == ({"anna", "bob"}, {})


def test_two_lecturers_of_one_project_are_told_both():
    registry = registry_of(replaced(BOB, "project-bob", "project-anna"))
    assert [(f.path, f.line, f.rule) for f in registry.findings] == [
        (ANNA, 3, "registry/shared-project"),
        (BOB, 3, "registry/shared-project"),
    ]
    assert "of bob" in registry.findings[0].message


def test_of_two_files_that_write_one_id_the_first_keeps_it():
    moved = VALID[TEAM] + "id: cs101/gone\n"
    first, second = (f"deployments/anna/cs101/{name}.yaml" for name in ("a", "b"))
    (finding,) = registry_of({first: moved, second: moved}).findings
    assert finding.path == second
    assert first in finding.message


OUT_OF_PLACE = [
    ("deployments/stray.yaml", "Put a deployment into its lecturer's folder"),
    ("deployments/anna/cs101/web.yml", "Call it deployments/anna/cs101/web.yaml."),
    ("deployments/anna/cs101/web.YAML", "Call it deployments/anna/cs101/web.yaml."),
    ("deployments/anna/cs101/deep/er/x.yaml", "move it to deployments/anna/cs101/x.yaml."),
    ("deployments/anna/cs101/photo.png", "files of a template lie in its version's folder."),
    ("deployments/anna/course.yaml", "deployments/<lecturer>/<course>/course.yaml"),
    ("deployments/anna/cs101/lecturer.yaml", "deployments/<lecturer>/lecturer.yaml"),
    ("deployments/heat.yaml", "catalog/<template>/<version>/heat.yaml"),
    ("catalog/web-lab/heat.yaml", "catalog/<template>/<version>/heat.yaml"),
    ("catalog/stray.yaml", "in a version's folder"),
    ("catalog/web-lab/1.0.0.yaml", "in a version's folder"),
    (f"{V1}/version.yml", f"Call it {V1}/version.yaml."),
]


@pytest.mark.parametrize(("path", "hint"), OUT_OF_PLACE)
def test_a_file_where_none_belongs_is_told_its_place(path, hint):
    (finding,) = registry_of({path: "title: x\n"}).findings
    assert (finding.path, finding.line, finding.rule) == (path, 0, "registry/out-of-place")
    assert hint in finding.hint


MISNAMED = [
    ("deployments/anna/cs101/Web_Lab.yaml", 3, 'to "web-lab"'),
    ("deployments/anna/Übungen 1/web.yaml", 2, 'to "ubungen-1"'),
    ("deployments/anna/веб/course.yaml", 2, 'to "web-lab"'),
    ("deployments/Dr. Who/lecturer.yaml", 1, 'to "dr-who"'),
    ("deployments/anna/" + "a" * 21 + ".yaml", 2, f'to "{"a" * 20}"'),
    ("deployments/anna/web--lab.yaml", 2, 'to "web-lab"'),
    ("deployments/anna/web\\lab.yaml", 2, 'to "web-lab"'),
    ("deployments/anna/%2e%2e%2fweb.yaml", 2, "for example"),
    ("deployments/anna/web\n.yaml", 2, 'to "web"'),
    ("catalog/Web/1.0.0/heat.yaml", 1, 'to "web"'),
    ("catalog/web-lab/1.0/heat.yaml", 2, "1.0.0"),
    ("catalog/web-lab/1.0.٢/heat.yaml", 2, "1.0.0"),
    ("catalog/web-lab/v1.0.0/heat.yaml", 2, "1.0.0"),
    ("catalog/web-lab/01.0.0/heat.yaml", 2, "1.0.0"),
]


@pytest.mark.parametrize(("path", "depth", "hint"), MISNAMED)
def test_a_name_that_cannot_be_one_is_told_once_for_its_folder(path, depth, hint):
    beside = path.rpartition("/")[0] + "/beside.yaml"
    files = {path: "title: x\n"} | ({beside: "x"} if depth < path.count("/") else {})
    (finding,) = registry_of(files).findings
    assert finding.path == "/".join(path.split("/")[: depth + 1])
    assert finding.line == 0
    assert finding.rule in ("registry/name", "registry/version-number")
    assert hint in finding.hint


def test_every_finding_of_a_run_comes_at_once_and_sorted():
    registry = registry_of(
        replaced(WEB, "web-lab@", "weblab@"),
        replaced(BOB, "main", "mian"),
        {COURSE: "title: [\n", CARD: None},
        {"deployments/anna/x.yaml": "template: x\n"},
    )
    assert list(registry.findings) == sorted(registry.findings)
    assert {f.path for f in registry.findings} == {
        WEB,
        BOB,
        COURSE,
        CARD,
        "deployments/anna/x.yaml",
    }
