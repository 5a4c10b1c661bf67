"""Every kind of change is reached by an edit, and tells itself by what was written, not where."""

from typing import get_args

import pytest
from review_samples import (
    ANNA,
    BASE,
    BOB,
    CODE,
    CODE_1,
    COURSE,
    FILES,
    SITE,
    SOLO,
    TENANT,
    TOY_1,
    TOY_CARD,
    WEB,
    WEB_CARD,
    added,
    approval,
    put,
    reviewed,
    rules,
    version,
)

from appstore.documents.policy import ChangeKind

STACK = "00000000-0000-0000-0000-000000000000"
LAB = "deployments/anna/net/lab.yaml"
TEAM = "deployments/anna/net/team.yaml"
NEW_CARD = "title: New\nsummary: New.\nowner: anna\n"
MAP = "tenant: informatics\ncloud: main\nproject: p-new\n"
APPROVAL = "catalog/code/1.0.0/approval.yaml"
TOY_2 = version("toy@1.1.0", TOY_1["catalog/toy/1.0.0/heat.yaml"])

EDITS = [
    # A deployment.
    ("a comment", added(CODE, "# why\n"), {"text"}),
    ("a text for people", {"deployments/anna/net/README.md": "New.\n"}, {"text"}),
    ("one seat's counter", put(CODE, "s01: 1", "s01: 2"), {"seat-reset"}),
    ("two seats' counters", put(CODE, "s01: 1", "s01: 2, s02: 1"), {"seat-reset"}),
    ("all seats", put(CODE, "s01: 1", "all: 1, s01: 1"), {"reset"}),
    ("a counter that goes down", put(CODE, "s01: 1", "s01: 0"), {"deployment"}),
    ("one up, one down", put(CODE, "s01: 1", "s02: 1"), {"seat-reset", "deployment"}),
    ("retry", added(CODE, "retry: 1\n"), {"retry"}),
    ("sleep", added(CODE, "state: suspended\n"), {"state"}),
    ("absent", added(CODE, "state: absent\n"), {"removal"}),
    ("the file goes", {CODE: None}, {"removal"}),
    ("a later end", put(SOLO, "2027-02-15", "2027-02-20"), {"extension"}),
    ("a much later end", put(SOLO, "2027-02-15", "2028-02-20"), {"long-extension"}),
    ("an earlier end", put(SOLO, "2027-02-15", "2027-01-20"), {"removal"}),
    ("an end of its own", added(CODE, "ends: 2028-02-20\n"), {"long-extension"}),
    ("another version", put(CODE, "@1.0.0", "@1.1.0"), {"deployment"}),
    ("parameters", added(CODE, "parameters: {a: 1}\n"), {"deployment"}),
    ("a title", added(CODE, "title: Codes\n"), {"deployment"}),
    ("servers may be replaced", added(CODE, "accept_replace: code@1.0.0\n"), {"reset"}),
    ("protected", added(CODE, "protect: true\n"), {"deployment"}),
    ("protected no longer", put(WEB, "protect: true\n", ""), {"safeguard"}),
    ("a stack taken over", added(SOLO, f"adopt: {STACK}\n"), {"safeguard"}),
    ("a seat's stack taken over", added(CODE, f"adopt: {{s01: {STACK}}}\n"), {"safeguard"}),
    (
        "a new one that takes a stack over",
        {"deployments/bob/two.yaml": FILES[SOLO] + f"adopt: {STACK}\n"},
        {"deployment", "safeguard"},
    ),
    ("a new deployment", {LAB: FILES[CODE]}, {"deployment"}),
    ("it has public addresses", {LAB: FILES[WEB]}, {"deployment", "public-address"}),
    ("a version with addresses", put(SOLO, "code", "web"), {"deployment", "public-address"}),
    ("a draft", put(SOLO, "code", "toy"), {"deployment", "draft-use"}),
    ("more seats than many", put(COURSE, "seats: 3", "seats: 30"), {"course", "many-instances"}),
    ("its base", added(BASE, "title: Net\n"), {"deployment", "base"}),
    ("its base goes", {BASE: None}, {"removal", "base"}),
    ("a new base", {"deployments/bob/base.yaml": FILES[BASE]}, {"deployment", "base"}),
    ("no base any more", {BASE: FILES[BASE].replace("base: true", "retry: 1")}, {"base", "retry"}),
    # A course.
    ("a title of the course", put(COURSE, "Networks", "Nets"), {"course"}),
    ("a few more seats", put(COURSE, "seats: 3", "seats: 4"), {"course"}),
    ("fewer seats", put(COURSE, "seats: 3", "seats: 2"), {"removal"}),
    ("a group goes", put(COURSE, "groups: {red: [s01, s02]}\n", ""), {"removal"}),
    (
        "another group with a public address",
        put(COURSE, "red: [s01, s02]", "red: [s01], blue: [s02]"),
        {"course", "public-address"},
    ),
    ("the course ends later", put(COURSE, "2027-02-15", "2027-03-15"), {"extension"}),
    ("the course ends earlier", put(COURSE, "2027-02-15", "2027-01-15"), {"removal"}),
    (
        "a new term",
        {COURSE: FILES[COURSE].replace("ws26", "ss27").replace("2027-02", "2027-09")},
        {"course"},
    ),
    ("its staff", put(COURSE, "lead: [lea]", "lead: [max]"), {"staff"}),
    (
        "its exceptions",
        added(COURSE, "exceptions: [{rule: freeze, scope: x, reason: y, until: 2026-11-05}]\n"),
        {"safeguard"},
    ),
    (
        "a reset during an exam",
        added(
            COURSE, "exam_resets: [{deployment: code, member: s01, reason: x, on: 2026-11-05}]\n"
        ),
        {"reset"},
    ),
    (
        "a new course",
        {
            "deployments/anna/db/course.yaml": "title: DB\nterm: ws26\n"
            "starts: 2026-10-01\nends: 2027-02-15\n"
        },
        {"course"},
    ),
    (
        "a new course with staff",
        {"deployments/anna/db/course.yaml": FILES[COURSE]},
        {"course", "staff"},
    ),
    ("the course goes", {COURSE: None, CODE: None, WEB: None}, {"removal"}),
    # A lecturer.
    ("the language", added(ANNA, "language: de\n"), {"profile"}),
    ("a comment about her", added(ANNA, "# why\n"), {"profile"}),
    ("accounts", put(ANNA, "[anna]", "[anna, bob]"), {"accounts"}),
    ("a project", put(ANNA, "p-anna", "p-other"), {"mapping"}),
    ("a tenant", put(ANNA, "informatics", "physics"), {"mapping"}),
    ("a new lecturer", {"deployments/new/lecturer.yaml": MAP}, {"mapping"}),
    ("a lecturer goes", {BOB: None, SOLO: None}, {"mapping", "removal"}),
    # The catalog.
    ("a new template", {"catalog/new/template.yaml": NEW_CARD}, {"template"}),
    ("a new version", TOY_2, {"version"}),
    ("a draft changes", {"catalog/toy/1.0.0/more.sh": "x\n"}, {"version"}),
    ("a draft goes", dict.fromkeys(TOY_1), {"version"}),
    ("a summary", put(TOY_CARD, "A toy.", "The toy."), {"card"}),
    ("a comment on a card", added(TOY_CARD, "# why\n"), {"card"}),
    ("for fewer", put(WEB_CARD, "tenant", "private"), {"card"}),
    ("for more", put(WEB_CARD, "tenant", "global"), {"visibility"}),
    ("an owner", put(TOY_CARD, "anna", "bob"), {"ownership"}),
    ("a template goes", {TOY_CARD: None, **dict.fromkeys(TOY_1)}, {"ownership", "version"}),
    ("consent of a tenant", approval(TOY_1, "tenant", "Carl", TENANT), {"approval"}),
    ("consent for all", approval(TOY_1, "global", "Root"), {"global-approval"}),
    (
        "consent for more",
        approval(CODE_1, "tenant", "Carl", TENANT),
        {"approval", "global-approval"},
    ),
    ("consent taken back", {APPROVAL: None}, {"global-approval"}),
    (
        "revoked",
        added(APPROVAL, "revoked: {by: Carl, date: 2026-11-01, reason: A hole.}\n"),
        {"withdrawal"},
    ),
    (
        "approved with what was revoked",
        approval(CODE_1, "global", "Carl", "revoked: {by: Carl, date: 2026-11-01, reason: x}\n"),
        {"global-approval"},
    ),
    # Everything else.
    ("the site", put(SITE, "instances: 10", "instances: 99"), {"site"}),
    ("a comment in it", added(SITE, "# why\n"), {"site"}),
    ("a pipeline", {".gitlab-ci.yml": "x: {}\n"}, {"repository"}),
    ("a workflow", {".github/workflows/x.yml": "x: {}\n"}, {"repository"}),
    ("a hidden file in a folder of hers", {"deployments/anna/net/.envrc": "x"}, {"repository"}),
    ("the catalog's text", {"catalog/README.md": "x\n"}, {"repository"}),
    ("a schema", {"schemas/site.schema.json": "{}\n"}, {"repository"}),
    ("something out of place", {"deployments/anna/net/a/b/c.yaml": "x: 1\n"}, {"repository"}),
]


@pytest.mark.parametrize(("edit", "kinds"), [pytest.param(e, k, id=i) for i, e, k in EDITS])
def test_an_edit_is_these_kinds_of_change(edit, kinds) -> None:
    assert rules(reviewed(edit, author="anna")) == kinds


def test_every_kind_is_reached() -> None:
    assert {kind for _, _, kinds in EDITS for kind in kinds} == set(get_args(ChangeKind))


def test_the_sample_itself_is_right_and_changes_nothing() -> None:
    found = reviewed(author="anna")
    assert (found.findings, found.changes, found.verdict) == ((), (), "enough")


def test_a_moved_file_is_two_changes_and_counts_no_new_machines() -> None:
    to = {CODE: None, "deployments/anna/net/codes.yaml": FILES[CODE] + "id: net/code\n"}
    found = reviewed(to, put(COURSE, "seats: 3", "seats: 12"), author="anna")
    assert rules(found) == {"removal", "deployment", "course"}


@pytest.mark.parametrize("path", [CODE, "deployments/anna/net/new.yaml"])
def test_what_cannot_be_read_is_not_called_removed(path) -> None:
    found = reviewed({path: "template: [\n"}, author="anna")
    told = [change.what for change in found.changes if change.path == path]
    assert told == ["the deployment's file cannot be read"]
    assert (found.verdict, rules(found)) == ("invalid", {"removal"})


def test_a_seat_that_is_no_longer_told_to_take_over_needs_no_more_than_an_edit() -> None:
    two = FILES[CODE] + f"adopt: {{s01: {STACK}, s02: {STACK[:-1]}1}}\n"
    one = FILES[CODE] + f"adopt: {{s01: {STACK}}}\n"
    assert rules(reviewed({CODE: one}, author="anna", start={**FILES, CODE: two})) == {"deployment"}
    assert rules(reviewed({CODE: two}, author="anna", start={**FILES, CODE: one})) == {"safeguard"}


def test_machines_of_all_files_count_together() -> None:
    six = {f"deployments/anna/net/{name}.yaml": FILES[CODE] for name in ("one", "two")}
    assert "many-instances" not in rules(reviewed({**six}, author="anna"))  # 8 of at most 10
    six["deployments/anna/net/three.yaml"] = FILES[CODE]
    found = reviewed(six, author="anna")
    assert [c.path for c in found.changes if c.rule == "change/many-instances"] == sorted(six)
    assert "12 new machines at once" in found.needs[0].why


REVOKED = FILES[APPROVAL] + "revoked: {by: Carl, date: 2026-11-01, reason: A hole.}\n"


def test_taking_a_revocation_back_is_an_approval() -> None:
    found = reviewed({APPROVAL: FILES[APPROVAL]}, author="Root", start={**FILES, APPROVAL: REVOKED})
    assert rules(found) == {"global-approval"}


def with_reviews(table: str) -> dict[str, str]:
    """The sample with another table at the site."""
    return {**FILES, SITE: FILES[SITE].replace("risk: {", f"risk: {{reviews: {{{table}}}, ")}


def roles_of(found, path: str | None = None) -> set[str]:
    return {need.role for need in found.needs if path in (None, need.path)}


def test_a_tenant_consents_for_itself_only() -> None:
    abroad = approval(TOY_1, "tenant", "Carl", "tenant: physics\n")
    assert reviewed(abroad, author="Carl", by=("Cora", "phil")).verdict == "missing"
    assert roles_of(reviewed(abroad, author="Carl", by=("Cora",))) == {"admin of physics"}


def test_what_changes_hands_needs_both_sides() -> None:
    start = with_reviews("ownership: [], mapping: [tenant-admin]")
    gift = put(TOY_CARD, "anna", "phil")
    assert roles_of(reviewed(gift, author="anna", start=start)) == {
        "lecturer phil or admin of physics"
    }
    assert roles_of(reviewed(gift, author="phil", start=start)) == {
        "lecturer anna or admin of informatics"
    }
    assert reviewed(gift, author="anna", by=("phil",), start=start).verdict == "enough"
    moved = put(ANNA, "informatics", "physics")
    assert roles_of(reviewed(moved, author="anna", start=start)) == {
        "admin of informatics",
        "admin of physics",
    }


def test_whose_a_thing_is_says_the_target() -> None:
    grab = {**put(TOY_CARD, "anna", "phil"), "catalog/toy/1.0.0/x.sh": "x\n"}
    found = reviewed(grab, author="phil", by=("Petra",))
    assert roles_of(found, "catalog/toy/1.0.0/x.sh") == {"admin of informatics"}
    away = {**put(ANNA, "informatics", "physics"), **put(COURSE, "seats: 3", "seats: 30")}
    assert roles_of(reviewed(away, author="anna"), COURSE) == {"admin of informatics"}


def test_what_a_bot_proposes_in_an_admins_name_needs_their_word_and_other_eyes() -> None:
    consent = approval(TOY_1, "tenant", "Carl", TENANT)
    found = reviewed(consent, author="bot", by=("Carl",))
    assert [(need.who, need.given_by) for need in found.needs] == [
        (("Carl",), ("Carl",)),
        (("Cora", "Rita", "Root"), ()),
    ]
    assert reviewed(consent, author="bot", by=("Carl", "Cora")).verdict == "enough"
    for way in ("deprecated", "retired", "revoked"):
        said = added(APPROVAL, f"{way}: {{by: Root, date: 2026-11-01, reason: x}}\n")
        for by, given in ((("Rita", "Carl"), ()), (("root",), ("root",))):
            (need,) = reviewed(said, author="bot", by=by).needs
            assert (need.who, need.given_by) == (("Root",), given)
