"""What a finding stops and what goes on: README of appstore, rail 1."""

import pytest
from registry_samples import (
    ANNA,
    BOB,
    CARD,
    COURSE,
    SITE,
    TEAM,
    V1,
    VALID,
    WEB,
    changed,
    registry_of,
    replaced,
)

from appstore.documents.findings import Finding, Severity
from appstore.registry.read import read_registry

BROKEN = "title: [\n"
WEB_LAB = {"web-lab@1.0.0", "web-lab@1.10.0"}


@pytest.mark.parametrize(
    "edit",
    [{SITE: BROKEN}, {SITE: None}, replaced(SITE, "lab]", "nowhere]"), {SITE: ""}],
)
def test_a_broken_site_is_no_site(edit):
    registry = registry_of(edit)
    assert registry.site is None
    assert registry.held_lecturers == {}
    assert {finding.path for finding in registry.findings} == {SITE}


@pytest.mark.parametrize(
    "edit",
    [
        {COURSE: BROKEN},
        {COURSE: None},
        {WEB: BROKEN},
        {WEB: "<<<<<<< ours\nfor: student\n=======\n"},
        replaced(WEB, "web-lab@", "nothing@"),
        {"deployments/anna/cs101/web.yml": "x"},
        {"deployments/anna/Großer-Kurs/web.yaml": VALID[WEB]},
        replaced(ANNA, "main", "attic"),
    ],
)
def test_an_error_in_a_lecturers_folder_holds_that_lecturer(edit):
    registry = registry_of(edit)
    assert set(registry.lecturers) == {"bob"}
    assert set(registry.held_lecturers) == {"anna"}
    held = registry.held_lecturers["anna"]
    assert held is not None
    assert held.model.project == "project-anna"
    assert registry.site is not None
    assert registry.broken_versions == frozenset()


@pytest.mark.parametrize("edit", [{ANNA: BROKEN}, {ANNA: None}])
def test_a_lecturer_whose_document_cannot_be_read_is_held_without_a_project(edit):
    registry = registry_of(edit)
    assert registry.held_lecturers == {"anna": None}
    assert {finding.path for finding in registry.findings} == {ANNA}


@pytest.mark.parametrize(
    ("edit", "broken"),
    [
        ({f"{V1}/heat.yaml": BROKEN}, {"web-lab@1.0.0"}),
        ({f"{V1}/version.yaml": BROKEN}, {"web-lab@1.0.0"}),
        ({f"{V1}/heat.yaml": None}, {"web-lab@1.0.0"}),
        ({f"{V1}/approval.yaml": BROKEN}, {"web-lab@1.0.0"}),
        ({CARD: BROKEN}, WEB_LAB),
        ({CARD: None}, WEB_LAB),
        (replaced(CARD, "physics", "nobody"), WEB_LAB),
    ],
)
def test_an_error_in_the_catalog_holds_versions_and_no_lecturer(edit, broken):
    registry = registry_of(edit)
    assert registry.broken_versions == broken
    assert set(registry.lecturers) == {"anna", "bob"}
    assert registry.held_lecturers == {}


def test_a_stray_file_in_nobodys_folder_stops_nothing():
    registry = registry_of({"deployments/x.yaml": "x", "catalog/web-lab/x.yaml": "x"})
    assert len(registry.findings) == 2
    assert set(registry.lecturers) == {"anna", "bob"}
    assert registry.broken_versions == frozenset()
    assert registry.site is not None


def unread(path: str) -> tuple[Finding, ...]:
    return (Finding(path, 0, 0, "source/link", "This is a link."),)


def without(prefix: str) -> dict[str, None]:
    return {path: None for path in VALID if path.startswith(prefix)}


@pytest.mark.parametrize(
    ("path", "held", "broken"),
    [
        (WEB, {"anna"}, set()),
        ("deployments/anna", {"anna"}, set()),
        ("deployments/anna/cs101", {"anna"}, set()),
        (BOB, {"bob"}, set()),
        (f"{V1}/files/setup.sh", set(), {"web-lab@1.0.0"}),
        (V1, set(), {"web-lab@1.0.0"}),
        (f"{V1}/heat.yaml", set(), {"web-lab@1.0.0"}),
        ("catalog/web-lab", set(), WEB_LAB),
        (CARD, set(), WEB_LAB),
    ],
)
def test_what_was_not_read_is_held_by_its_path_and_told_once(path, held, broken):
    registry = read_registry(changed(without(path)), unread(path))
    assert registry.findings == unread(path)
    assert set(registry.held_lecturers) == held
    assert registry.broken_versions == broken


@pytest.mark.parametrize("path", [".", "catalog", "deployments"])
def test_a_tree_that_was_not_read_as_a_whole_is_nothing_at_all(path):
    registry = read_registry(changed(without(path)), unread(path))
    assert (registry.site, registry.lecturers, registry.findings) == (None, {}, unread(path))


def test_an_unread_site_is_no_site():
    registry = read_registry(changed({SITE: None}), unread(SITE))
    assert (registry.site, registry.findings) == (None, unread(SITE))


def test_a_warning_of_reading_holds_nothing():
    (link,) = unread(WEB)
    warning = Finding(WEB, 0, 0, link.rule, link.message, severity=Severity.WARNING)
    registry = read_registry(changed(), [warning])
    assert registry.held_lecturers == {}
    assert registry.findings == (warning,)


def test_a_deployment_of_a_broken_version_is_its_lecturers_all_the_same():
    registry = registry_of({f"{V1}/heat.yaml": BROKEN})
    course = registry.lecturers["anna"].courses[0]
    assert [file.document.path for file in course.deployments] == sorted(
        [WEB, TEAM, WEB.replace("web", "board")]
    )
