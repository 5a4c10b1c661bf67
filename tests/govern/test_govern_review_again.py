"""What apply asks once more, file by file; and that no proposal can decide about itself."""

import pytest
from review_samples import (
    ANNA,
    BOB,
    CODE,
    COURSE,
    FILES,
    SITE,
    SOLO,
    TENANT,
    TOY_1,
    TOY_CARD,
    WEB,
    added,
    approval,
    changed,
    put,
    reviewed,
    side,
)

from appstore.govern.people import People
from appstore.govern.review_again import objections

STOP = added(CODE, "state: absent\n")


def again(path: str, *edits, author: str, by: tuple[str, ...] = (), start=FILES) -> str | None:
    merged = changed(*edits, start=start)
    return objections(People(author, by, "github"), side(start), side(merged)).get(path)


def test_what_was_merged_as_it_should_be_is_carried_out() -> None:
    assert again(CODE, STOP, author="anna") is None
    assert again(SITE, added(SITE, "# x\n"), author="Root", by=("Rita",)) is None
    assert again(CODE, STOP, author="bob", by=("lea",)) is None


def test_what_was_pushed_past_review_is_not() -> None:
    assert again(CODE, STOP, author="bob") == (
        "deployments/anna/net/code.yaml was changed by bob (orders its machines to be deleted) "
        "without the review that this needs: lecturer anna or lead of anna/net or admin of "
        "informatics [change/removal]."
    )
    said = again(SITE, put(SITE, "10}", "99}"), author="Root", by=("Root",))
    assert said is not None
    assert "site admin [risk/site]" in said
    unknown = again(CODE, STOP, author="")
    assert unknown is not None
    assert "by nobody known" in unknown


def test_each_file_stands_for_itself() -> None:
    both = {**STOP, **put(SOLO, "2027-02-15", "2027-02-20")}
    assert again(CODE, both, author="anna") is None
    assert again(SOLO, both, author="anna") is not None
    assert again(WEB, both, author="anna") is None  # it was not touched


def test_many_machines_are_held_at_the_file_that_adds_them() -> None:
    more = put(COURSE, "seats: 3", "seats: 30")
    said = again(COURSE, more, author="anna")
    assert said is not None
    assert "27 new machines at once" in said
    assert again(CODE, more, author="anna") is None
    assert again(COURSE, more, author="anna", by=("cora",)) is None


def test_what_no_review_outvotes_is_held_too() -> None:
    admins = {"author": "Root", "by": ("Rita", "Carl")}
    assert "[review/protected]" in str(again(WEB, {WEB: None}, **admins))
    heat = "catalog/code/1.0.0/heat.yaml"
    assert "[version/released]" in str(again(heat, added(heat, "# x\n"), **admins))
    group = FILES["catalog/net/1.0.0/heat.yaml"].replace("22", "23")
    open_ = {
        f"catalog/toy/1.1.0/{name}.yaml": text
        for name, text in {"heat": group, "version": "summary: x\n"}.items()
    }
    assert "[policy/open-port]" in str(again("catalog/toy/1.1.0/heat.yaml", open_, **admins))
    over = put(COURSE, "2027-02-15", "2026-10-15")  # a warning in review
    assert again(COURSE, over, author="anna") is None


def test_a_site_that_names_no_admin_has_no_policy_yet() -> None:
    start = {**FILES, SITE: FILES[SITE].replace("admins: [Root, Rita]\n", "")}
    assert again(CODE, STOP, author="bob", start=start) is None
    named = {SITE: FILES[SITE].replace("[Root, Rita]", "[bob]")}
    assert again(SITE, named, author="bob", start={}) is None  # the first commit of a registry


GREEDY = [
    ("makes itself site admin", put(SITE, "[Root, Rita]", "[bob]"), SITE),
    ("makes itself tenant admin", put(SITE, "[Carl, Cora]", "[bob]"), SITE),
    ("makes itself the lecturer", put(ANNA, "[anna]", "[bob]"), ANNA),
    ("makes itself lead", put(COURSE, "[lea]", "[bob]"), COURSE),
    ("loosens the table", put(SITE, "risk: {", "risk: {reviews: {site: [], mapping: []}, "), SITE),
    ("loosens the policy", put(SITE, "[22]", "[1, 22]"), SITE),
    ("takes the project", put(BOB, "p-bob", "p-spare"), BOB),
    ("takes the template", put(TOY_CARD, "anna", "bob"), TOY_CARD),
    ("consents in its own name", approval(TOY_1, "tenant", "bob", TENANT), None),
    ("consents in an admin's name", approval(TOY_1, "tenant", "Carl", TENANT), None),
    ("edits the pipeline", {".gitlab-ci.yml": "x: {}\n"}, None),
    ("edits the check", {"appstore/govern/review.py": "x\n"}, None),
    ("removes the site's admins", put(SITE, "admins: [Root, Rita]\n", ""), SITE),
    ("removes the site", {SITE: None}, None),
]


@pytest.mark.parametrize(
    ("edit", "path"), [pytest.param(edit, path, id=id_) for id_, edit, path in GREEDY]
)
def test_nobody_gives_themselves_a_right(edit, path) -> None:
    """The same with an accomplice who has as few rights, and with a forged spelling of oneself."""
    for by in ((), ("bob",), ("phil", "Petra"), ("BOB", "stranger")):
        found = reviewed(edit, author="bob", by=by)
        assert found.verdict != "enough"
        assert not found.merge_alone
        if path is not None:
            assert again(path, edit, author="bob", by=by) is not None


@pytest.mark.parametrize(
    "grab", [edit for _, edit, path in GREEDY if path in (SITE, ANNA, COURSE, BOB)]
)
def test_a_right_that_is_proposed_holds_for_nothing_else_in_the_proposal(grab) -> None:
    alone = reviewed(STOP, author="bob")
    together = reviewed(STOP, grab, author="bob", by=("bob", "stranger"))
    kept = [need for need in together.needs if need.path == CODE]
    assert [(n.role, n.who, n.given_by) for n in kept] == [
        (n.role, n.who, n.given_by) for n in alone.needs
    ]
    assert "bob" not in {account for need in together.needs for account in need.who}


def test_a_broken_target_asks_for_more_never_for_less() -> None:
    broken = {**FILES, TOY_CARD: "owner: [\n"}
    mine = {TOY_CARD: FILES[TOY_CARD].replace("anna", "bob")}
    found = reviewed(mine, author="bob", by=("Carl",), start=broken)
    assert found.verdict == "missing"
    assert [need.role for need in found.needs] == ["site admin"]
    no_site = {**FILES, SITE: "admins: [\n"}
    assert reviewed({SITE: FILES[SITE]}, author="Root", start=no_site).verdict == "missing"
    assert again(CODE, STOP, author="bob", start=no_site) is not None
    # A mistake in a folder does not take it from its owner, who has to repair it.
    folder = {**FILES, WEB: "template: 5\n"}
    assert reviewed({WEB: None}, author="anna", start=folder).verdict == "enough"
