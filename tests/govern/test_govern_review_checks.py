"""What no review can outvote, and what is a warning only: it depends on the target or the day."""

import pytest
from review_samples import (
    CODE,
    CODE_1,
    COURSE,
    FILES,
    SITE,
    SOLO,
    WEB,
    added,
    approval,
    put,
    reviewed,
)

ERROR, WARNING = "error", "warning"
MOVED = "deployments/anna/net/pages.yaml"
APPROVAL = "catalog/code/1.0.0/approval.yaml"
SUMMER = FILES[COURSE].replace("2026-10-01", "2027-04-01").replace("2027-02", "2027-08")
PHIL = "deployments/phil/solo.yaml"

ROWS = [
    # Rail 7: what is protected is first made unprotected.
    ("removed", {WEB: None}, WEB, "review/protected", ERROR),
    ("moved", {WEB: None, MOVED: FILES[WEB]}, WEB, "review/protected", ERROR),
    ("moved with its id", {WEB: None, MOVED: FILES[WEB] + "id: net/web\n"}, WEB, None, ""),
    (
        "moved, and unprotected on the way",
        {WEB: None, MOVED: FILES[WEB].replace("protect: true", "id: net/web")},
        *(WEB, "review/protected", ERROR),
    ),
    (
        "moved to somebody else",
        {WEB: None, PHIL: "template: web@1.0.0\nends: 2027-02-15\nid: net/web\n"},
        *(WEB, "review/protected", ERROR),
    ),
    ("made unprotected", put(WEB, "protect: true\n", ""), WEB, None, ""),
    # A released version, a term.
    ("an edit", added("catalog/code/1.0.0/heat.yaml", "# x\n"),
     "catalog/code/1.0.0/heat.yaml", "version/released", ERROR),
    ("the same term again", {COURSE: SUMMER}, COURSE, "registry/same-term", ERROR),
    ("a new term", {COURSE: SUMMER.replace("ws26", "ss27")}, COURSE, None, ""),
    # Who may use what.
    ("somebody's draft", put(SOLO, "code", "toy"), SOLO, "version/not-visible", ERROR),
    ("one's own draft", put(CODE, "code", "toy"), CODE, None, ""),
    ("another tenant's", {PHIL: FILES[SOLO].replace("code", "web")}, PHIL, "version/not-visible",
     ERROR),
    ("for everybody", {PHIL: FILES[SOLO]}, PHIL, None, ""),
    # The clock and the version before.
    ("the course is over", put(COURSE, "2027-02-15", "2026-11-01"), COURSE, "review/past-date",
     WARNING),
    ("it ends today", put(COURSE, "2027-02-15", "2026-11-02"), COURSE, None, ""),
    ("a deployment is over", put(SOLO, "2027-02-15", "2026-10-15"), SOLO, "review/past-date",
     WARNING),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "path", "rule", "severity"), [pytest.param(*row[1:], id=row[0]) for row in ROWS]
)
def test_a_proposal_is_found_wrong(edit, path, rule, severity) -> None:
    found = reviewed(edit, author="Root", by=("Rita", "Carl"))
    told = [(one.rule, one.severity) for one in found.findings if one.path == path]
    assert told == ([(rule, severity)] if rule else [])
    assert found.verdict == ("invalid" if severity == ERROR else "enough")


def test_going_back_is_a_warning() -> None:
    start = {**FILES, CODE: FILES[CODE].replace("@1.0.0", "@1.1.0")}
    found = reviewed({CODE: FILES[CODE]}, author="anna", start=start)
    assert [(one.rule, one.severity, one.line) for one in found.findings] == [
        ("review/downgrade", WARNING, 1)
    ]
    assert found.verdict == "enough"


def test_whoever_lost_a_version_keeps_what_runs_and_may_not_grow() -> None:
    revoked = FILES[APPROVAL] + "revoked: {by: Root, date: 2026-10-30, reason: A hole.}\n"
    start = {**FILES, APPROVAL: revoked}

    def told(*edits):
        found = reviewed(*edits, author="anna", start=start)
        return {(one.path, one.rule) for one in found.findings if one.severity == ERROR}

    assert told(added(CODE, "state: suspended\n")) == set()
    assert told(added(CODE, "state: absent\n")) == set()
    assert told(added(CODE, "title: Codes\n")) == set()
    assert told(put(COURSE, "seats: 3", "seats: 4")) == {(CODE, "version/revoked")}
    assert told(put(CODE, "@1.0.0", "@1.1.0")) == set()


def test_what_was_wrong_before_is_not_this_proposals_fault() -> None:
    broken = {**FILES, "deployments/phil/solo.yaml": "template: gone@1.0.0\nends: 2027-02-15\n"}
    found = reviewed(added(CODE, "state: suspended\n"), author="anna", start=broken)
    assert (found.verdict, found.merge_alone) == ("enough", True)
    touched = {"deployments/phil/solo.yaml": "template: gone@1.0.0\nends: 2027-02-16\n"}
    assert reviewed(touched, author="phil", start=broken).verdict == "invalid"


def test_without_admins_it_says_who_is_missing() -> None:
    start = {**FILES, SITE: FILES[SITE].replace("admins: [Root, Rita]\n", "")}
    found = reviewed({".gitlab-ci.yml": "x: {}\n"}, author="Root", start=start)
    assert found.verdict == "missing"
    assert [one.rule for one in found.findings] == ["review/no-admins"]
    assert found.needs[0].who == ()


def test_a_new_version_comes_with_its_consent_in_one_merge_request() -> None:
    fresh = {path.replace("1.0.0", "2.0.0"): text for path, text in CODE_1.items()}
    consent = approval(fresh, "global", "Root")
    found = reviewed(fresh, consent, author="Root", by=("Rita", "Carl"))
    assert (found.verdict, found.tier, found.merge_alone) == ("enough", "high", False)
