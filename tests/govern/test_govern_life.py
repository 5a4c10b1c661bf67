"""The life of a version: drafts, consent bound to content, and what a released one forbids."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wanted_samples import FILES, LAB, sample

from appstore.documents.catalog import Approval
from appstore.documents.findings import Severity
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.govern.content import content_digest
from appstore.govern.life import (
    Approved,
    Deprecated,
    Draft,
    Life,
    Retired,
    Revoked,
    life_of,
    next_patch,
    released_edits,
)
from appstore.govern.life_findings import life_findings
from appstore.govern.use_shelf import shelf_of

CONTENT = {"heat.yaml": b"a: 1\n", "version.yaml": b"{}\n", "files/run.sh": b"#!/bin/sh\n"}
DIGEST = content_digest(CONTENT)
WHOM = "visibility: global\n"
BY = "approver: eve\ndate: 2026-11-02\n"
NOTE = "{by: eve, date: 2026-11-05, reason: old}"
GONE = "{by: eve, date: 2026-11-05, reason: CVE-2026-1, grace: 3}"
REVOKED = Revoked("CVE-2026-1", date(2026, 11, 5), date(2026, 11, 8))


def approval(text: str) -> Document[Approval]:
    document = parse(Approval, "catalog/lab/1.0.0/approval.yaml", text.encode())
    assert isinstance(document, Document), document
    return document


@pytest.mark.parametrize(
    ("text", "life"),
    [
        (f"digest: {DIGEST}\n{WHOM}", Approved(None)),
        (f"digest: {DIGEST}\nvisibility: tenant\ntenant: inf\n", Approved("inf")),
        (f"digest: {DIGEST}\nvisibility: tenant\n", Draft()),
        (f"digest: {DIGEST}\n{WHOM}tenant: inf\n", Draft()),
        (f"digest: 1.other\n{WHOM}", Draft()),
        (f"digest: {DIGEST}\n{WHOM}deprecated: {NOTE}\n", Deprecated(None, "old")),
        (f"digest: 1.other\n{WHOM}deprecated: {NOTE}\n", Draft()),
        (f"digest: {DIGEST}\n{WHOM}deprecated: {NOTE}\nretired: {NOTE}\n", Retired("old")),
        (f"digest: 1.other\n{WHOM}retired: {NOTE}\n", Retired("old")),
        (f"digest: {DIGEST}\n{WHOM}retired: {NOTE}\nrevoked: {GONE}\n", REVOKED),
        (f"digest: 1.other\n{WHOM}revoked: {GONE}\n", REVOKED),
    ],
)
def test_a_life_follows_from_approval_and_content(text: str, life: Life) -> None:
    assert life_of(approval(text + BY), CONTENT) == life


def test_without_an_approval_it_is_a_draft() -> None:
    assert life_of(None, CONTENT) == Draft()


PATHS = st.text("ab/.", min_size=1, max_size=4)
CONTENTS = st.dictionaries(PATHS, st.binary(max_size=4), max_size=4)


@given(CONTENTS, CONTENTS)
def test_equal_digests_mean_equal_content(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    turned = dict(reversed(one.items()))
    assert content_digest(turned) == content_digest(one)
    assert (content_digest(one) == content_digest(other)) == (one == other)


def test_the_digest_never_changes() -> None:
    assert DIGEST == "1.f7jerlwvevowfw53cdkcjqxnxqltjwyypmozhvpb5cvbfjfe2kga"


V = "catalog/lab/1.2.0"
APPROVED = f"digest: {DIGEST}\n{WHOM}{BY}".encode()
TARGET = {
    **{f"{V}/{path}": data for path, data in CONTENT.items()},
    f"{V}/approval.yaml": APPROVED,
    "catalog/lab/1.2.1/heat.yaml": b"draft\n",
    "catalog/lab/template.yaml": b"title: Lab\n",
}


def edits(target: Mapping[str, bytes], **change: bytes | None) -> list[str]:
    """The findings about a proposal that changes these files of 1.2.0, `_` for `.`."""
    proposal = dict(target)
    for name, data in change.items():
        path = f"{V}/{name.replace('_', '.')}"
        proposal.pop(path, None)
        if data is not None:
            proposal[path] = data
    found = released_edits(target, proposal)
    return [f"{one.path.removeprefix(V + '/')}: {one.message.split()[-1]}" for one in found]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"heat_yaml": b"a: 2\n"}, ["heat.yaml: changed."]),
        ({"heat_yaml": b"a: 1\r\n"}, ["heat.yaml: changed."]),
        ({"version_yaml": None}, ["version.yaml: removed."]),
        ({"README_md": b"more"}, ["README.md: added."]),
        (
            {"heat_yaml": None, "heat_yml": b"a: 1\n"},
            ["heat.yaml: removed.", "heat.yml: added."],
        ),
        ({}, []),
        ({"approval_yaml": None}, []),
        ({"approval_yaml": APPROVED + f"deprecated: {NOTE}\n".encode()}, []),
        (
            {"approval_yaml": None, "heat_yaml": b"a: 2\n"},
            ["heat.yaml: changed."],
        ),
    ],
)
def test_a_released_version_never_changes(
    change: dict[str, bytes | None], found: list[str]
) -> None:
    assert edits(TARGET, **change) == found


def test_the_finding_names_the_next_free_number_and_the_command() -> None:
    (finding,) = released_edits(TARGET, {**TARGET, f"{V}/heat.yaml": b""})
    assert (finding.rule, finding.severity) == ("version/released", Severity.ERROR)
    assert finding.hint.startswith("Undo it, and make 1.2.2: appstore new version lab@1.2.0")


@pytest.mark.parametrize(
    "approval_yaml",
    [
        pytest.param(None, id="a draft"),
        pytest.param(APPROVED.replace(b"1.", b"2."), id="already changed past review"),
        pytest.param(b"digest: [", id="unreadable"),
    ],
)
def test_what_is_not_released_may_change(approval_yaml: bytes | None) -> None:
    target = {path: data for path, data in TARGET.items() if not path.endswith("approval.yaml")}
    if approval_yaml is not None:
        target[f"{V}/approval.yaml"] = approval_yaml
    assert edits(target, heat_yaml=b"a: 2\n") == []


@pytest.mark.parametrize(
    ("mark", "removed"),
    [("", 3), (f"deprecated: {NOTE}\n", 3), (f"retired: {NOTE}\n", 0), (f"revoked: {GONE}\n", 0)],
)
def test_only_what_is_over_goes_as_a_whole(mark: str, removed: int) -> None:
    target = {**TARGET, f"{V}/approval.yaml": APPROVED + mark.encode()}
    left = {path: data for path, data in target.items() if not path.startswith(f"{V}/")}
    assert len(released_edits(target, left)) == removed


@pytest.mark.parametrize(
    ("number", "taken", "next_"),
    [
        ("1.2.0", {"1.2.0"}, "1.2.1"),
        ("1.2.0", {"1.2.0", "1.2.9", "1.2.10", "1.3.7"}, "1.2.11"),
        ("1.2.0", set(), "1.2.1"),
    ],
)
def test_the_next_free_patch_number(number: str, taken: set[str], next_: str) -> None:
    assert next_patch(number, taken) == next_


SAMPLE = "catalog/web-lab/1.0.0"
CARD = "catalog/web-lab/template.yaml"
SHARED = {CARD: "title: Lab\nsummary: S.\nowner: inf\nvisibility: global\n"}


def found(*texts: Mapping[str, str]) -> list[tuple[str, str, Severity]]:
    """Path, rule and severity of what the sample repository with these changes gives."""
    registry = sample({path: text for files in texts for path, text in files.items()})
    assert not registry.findings
    return [
        (one.path, one.rule, one.severity) for one in life_findings(registry, shelf_of(registry))
    ]


def approving(mark: str = "", visibility: str = WHOM, digest: str = "") -> dict[str, str]:
    """The sample version with an approval of what it holds."""
    content = {
        path.removeprefix(f"{SAMPLE}/"): text.encode()
        for path, text in FILES.items()
        if path.startswith(f"{SAMPLE}/")
    }
    text = f"digest: {digest or content_digest(content)}\n{visibility}{BY}{mark}"
    return {f"{SAMPLE}/approval.yaml": text}


PAGE = f"{SAMPLE}/approval.yaml"
BASE = "deployments/ada/net.yaml"


def test_an_owners_own_draft_and_an_approved_version_are_fine() -> None:
    assert found() == []
    assert found(SHARED, approving()) == []


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ([SHARED], {(LAB, "not-approved"), (BASE, "not-approved")}),
        (
            [SHARED, approving(digest="1.x")],
            {(PAGE, "digest"), (LAB, "not-approved"), (BASE, "not-approved")},
        ),
        (
            [SHARED, approving(f"deprecated: {NOTE}\n")],
            {(LAB, "deprecated"), (BASE, "deprecated")},
        ),
        ([SHARED, approving(f"revoked: {GONE}\n")], {(LAB, "revoked"), (BASE, "revoked")}),
        ([SHARED, approving(f"retired: {NOTE}\n")], {(LAB, "retired"), (BASE, "retired")}),
        (
            [SHARED, approving(visibility="visibility: tenant\ntenant: nobody\n")],
            {(PAGE, "tenant"), (LAB, "not-visible"), (BASE, "not-visible")},
        ),
        (
            [SHARED, approving(visibility="visibility: tenant\n")],
            {(PAGE, "tenant"), (LAB, "not-approved"), (BASE, "not-approved")},
        ),
        ([approving()], {(PAGE, "card")}),
    ],
)
def test_findings_of_approvals_and_of_those_who_use_the_version(
    changes: list[Mapping[str, str]], rules: set[tuple[str, str]]
) -> None:
    assert {(path, rule.rpartition("/")[2]) for path, rule, _ in found(*changes)} == rules


def test_only_a_retired_version_in_use_and_a_wrong_approval_are_errors() -> None:
    stale = found(SHARED, approving(digest="1.x"))
    assert {path for path, _, severity in stale if severity is Severity.ERROR} == {PAGE}
    retired = found(SHARED, approving(f"retired: {NOTE}\n"))
    assert {severity for _, _, severity in retired} == {Severity.ERROR}


def test_a_removed_deployment_uses_nothing() -> None:
    ends = {path: FILES[path] + "state: absent\n" for path in (LAB, BASE)}
    assert found(SHARED, ends) == []


def test_a_denial_names_the_newest_version_to_move_to() -> None:
    newer = {path.replace("1.0.0", "1.1.0"): text for path, text in FILES.items() if SAMPLE in path}
    registry = sample({**newer, **approving(f"revoked: {GONE}\n")})
    hints = {
        one.hint
        for one in life_findings(registry, shelf_of(registry))
        if one.rule == "version/revoked"
    }
    assert hints == {
        "What runs of it is put to sleep from 2026-11-08 on, unless it moves. "
        "Move to web-lab@1.1.0."
    }
