"""The decision table row by row: who may make a change, who reviews it, how much is at stake."""

from pathlib import Path
from typing import get_args

import pytest
from review_samples import FILES, SITE, changed, put, side

from appstore.documents.policy import ChangeKind, Risk
from appstore.govern.people import People
from appstore.govern.review import decide
from appstore.govern.review_change import Belongs, Change
from appstore.govern.roles import Roles
from appstore.govern.tiers import TABLE, Tier

ROLES = Roles(side(FILES).registry, "github")
EVERYBODY = ("anna", "lea", "axel", "Carl", "Root", "bob", "phil", "Petra", "nobody")
ADMINS, OWNERS = {"Carl", "Root"}, {"anna", "Carl", "Root"}
FOLDER, STAFF = OWNERS | {"lea"}, OWNERS | {"lea", "axel"}

# kind: who may make it | whom it needs besides | what that is worth
ROWS = {
    "text": (FOLDER, "", "small"),
    "seat-reset": (STAFF, "", "small"),
    "retry": (STAFF, "", "small"),
    "reset": (FOLDER, "", "small"),
    "state": (FOLDER, "", "small"),
    "removal": (FOLDER, "", "small"),
    "extension": (FOLDER, "", "small"),
    "long-extension": (FOLDER, "tenant", "normal"),
    "deployment": (FOLDER, "", "small"),
    "many-instances": (FOLDER, "tenant", "normal"),
    "public-address": (FOLDER, "tenant", "normal"),
    "draft-use": (FOLDER, "tenant", "normal"),
    "base": (OWNERS, "tenant", "normal"),
    "safeguard": (FOLDER, "tenant", "normal"),
    "course": (FOLDER, "", "small"),
    "staff": (OWNERS, "", "small"),
    "profile": (OWNERS, "", "small"),
    "accounts": (ADMINS, "tenant", "normal"),
    "mapping": (ADMINS, "site", "normal"),
    "template": (OWNERS, "tenant", "normal"),
    "version": (OWNERS, "tenant", "normal"),
    "card": (OWNERS, "tenant", "normal"),
    "visibility": (OWNERS, "tenant", "normal"),
    "ownership": (OWNERS, "site", "normal"),
    "approval": (ADMINS, "tenant", "normal"),
    "global-approval": ({"Root"}, "tenant site", "high"),
    "withdrawal": (ADMINS, "", "normal"),
    "site": ({"Root"}, "site", "normal"),
    "repository": ({"Root"}, "site", "normal"),
}
GIVES = {"": (), "tenant": ("Cora",), "site": ("Rita",), "tenant site": ("Cora", "Rita")}


def change(kind: ChangeKind) -> Change:
    return Change("a.yaml", 1, kind, "does it", Belongs("anna", "net", "informatics"))


DEFAULT = Risk()


def verdict(kind: ChangeKind, author: str, *reviewers: str, risk: Risk = DEFAULT):
    return decide([change(kind)], risk, ROLES, People(author, reviewers, "github"))


def test_the_table_is_whole() -> None:
    assert set(ROWS) == set(get_args(ChangeKind))


@pytest.mark.parametrize("kind", ROWS)
def test_a_row(kind: ChangeKind) -> None:
    may, reviews, tier = ROWS[kind]
    needed = GIVES[reviews]
    for author in EVERYBODY:
        if author in may:
            assert verdict(kind, author).tier.word == tier
            assert verdict(kind, author).alone == (tier == "small")
            assert verdict(kind, author, *needed).enough
            for missing in needed:
                rest = [one for one in needed if one != missing]
                assert not verdict(kind, author, *rest).enough
        else:
            # Not theirs to change: never by a machine, and only with somebody who may.
            assert not verdict(kind, author).enough
            assert verdict(kind, author).tier >= Tier.NORMAL
            for reviewer in may - {author}:
                assert verdict(kind, author, *needed, reviewer).enough
            assert not verdict(kind, author, "nobody", "phil", "Petra").enough


@pytest.mark.parametrize("kind", ROWS)
def test_the_author_does_not_count_in_any_spelling(kind: ChangeKind) -> None:
    for author in EVERYBODY:
        alone = verdict(kind, author)
        assert verdict(kind, author, author, author.upper(), author.lower()) == alone


def test_one_person_gives_one_of_two_reviews() -> None:
    # Rita, a site admin, could give each of the two.
    assert not verdict("global-approval", "Root", "Rita").enough
    assert verdict("global-approval", "Root", "Rita", "Carl").enough
    # Carl can give one of the two only, so Rita moves to the other.
    first, second = verdict("global-approval", "Root", "Carl", "Rita").needs
    assert (first.given_by, second.given_by) == ("Carl", "Rita")


def test_whoever_could_give_two_moves_to_where_it_helps() -> None:
    # Root is first by name and could give both; Zoe can give the first one only.
    files = changed(put(SITE, "[Carl, Cora]", "[Zoe]"))
    roles = Roles(side(files).registry, "github")
    one = [change("global-approval")]
    found = decide(one, Risk(), roles, People("Rita", ("Root", "Zoe"), "github"))
    assert [need.given_by for need in found.needs] == ["Zoe", "Root"]


def test_the_site_may_ask_for_more_or_for_nobody() -> None:
    strict = Risk(reviews={"deployment": ("tenant-admin",), "state": ("site-admin", "site-admin")})
    assert not verdict("deployment", "anna", risk=strict).enough
    assert verdict("deployment", "anna", "carl", risk=strict).enough
    assert not verdict("state", "anna", "Root", risk=strict).enough
    assert verdict("state", "anna", "Root", "Rita", risk=strict).tier is Tier.HIGH
    # Where a site has one admin: it is enough, but a machine still merges nothing of theirs.
    lone = Risk(reviews={"site": ()})
    assert verdict("site", "Root", risk=lone).enough
    assert not verdict("site", "Root", risk=lone).alone
    assert not verdict("site", "Carl", risk=lone).enough


BOT = "project_7_bot"
STRICT = Risk(reviews={"withdrawal": ("tenant-admin",)})
# kind | rules | author | who reviews | enough; each is written in Carl's or Root's name
CONSENTS = [
    ("approval", "Carl", DEFAULT, "Carl", "", False),
    ("approval", "Carl", DEFAULT, "Carl", "Cora", True),
    ("approval", "Carl", DEFAULT, "Carl", "anna", False),
    ("approval", "Carl", DEFAULT, "Cora", "Root", False),  # nobody consents in Carl's name
    # A pipeline opened it: Carl's review is his consent, and not the second pair of eyes too.
    ("approval", "Carl", DEFAULT, BOT, "carl", False),
    ("approval", "Carl", DEFAULT, BOT, "Cora Root", False),
    ("approval", "Carl", DEFAULT, BOT, "CARL Cora", True),
    ("approval", "Carl", DEFAULT, "anna", "carl", False),
    ("approval", "Carl", DEFAULT, "anna", "carl Rita", True),
    ("approval", "anna", DEFAULT, "anna", "Carl Root", False),  # consent is an admin's
    ("approval", "anna", DEFAULT, BOT, "anna Carl Root", False),
    ("global-approval", "Root", DEFAULT, "Root", "Cora Rita", True),
    ("global-approval", "Root", DEFAULT, "Root", "Rita", False),
    ("global-approval", "Root", DEFAULT, BOT, "Root Rita", False),
    ("global-approval", "Root", DEFAULT, BOT, "Root Cora", False),
    ("global-approval", "Root", DEFAULT, BOT, "Cora Rita", False),
    ("global-approval", "Root", DEFAULT, BOT, "Root Cora Rita", True),
    ("global-approval", "Carl", DEFAULT, BOT, "Carl Root Rita", False),  # a tenant's admin
    ("withdrawal", "Carl", DEFAULT, "Carl", "", True),
    ("withdrawal", "Carl", DEFAULT, "Root", "", False),
    ("withdrawal", "Carl", DEFAULT, BOT, "", False),
    ("withdrawal", "Carl", DEFAULT, BOT, "Root", False),
    ("withdrawal", "Carl", DEFAULT, BOT, "Carl", True),
    ("withdrawal", "Carl", STRICT, "Carl", "", False),
    ("withdrawal", "Carl", STRICT, BOT, "Carl", False),
    ("withdrawal", "Carl", STRICT, BOT, "Carl Cora", True),
]


@pytest.mark.parametrize(("kind", "name", "risk", "author", "reviewers", "enough"), CONSENTS)
def test_consent_is_of_the_one_whose_name_it_bears_and_counts_once(
    kind: ChangeKind, name: str, risk: Risk, author: str, reviewers: str, enough: bool
) -> None:
    one = Change("a", 1, kind, "x", Belongs(tenant="informatics"), approver=name)
    people = People(author, tuple(reviewers.split()), "github")
    found = decide([one], risk, ROLES, people)
    assert found.enough is enough
    assert not found.alone
    given = [need.given_by for need in found.needs if need.given_by]
    assert len(given) == len({account.casefold() for account in given})


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("author", [BOT, ""])
def test_an_author_whom_nobody_maps_needs_somebody_who_may(kind: ChangeKind, author: str) -> None:
    for reviewer in EVERYBODY:
        given = verdict(kind, author, reviewer)
        assert not given.alone
        assert not given.enough or reviewer in ROWS[kind][0]
    assert not verdict(kind, author).enough


def test_an_unknown_owner_is_the_site_admins() -> None:
    orphan = Change("a", 1, "card", "x", Belongs())
    assert not decide([orphan], Risk(), ROLES, People("anna", ("Carl",))).enough
    assert decide([orphan], Risk(), ROLES, People("anna", ("rita",))).enough


def test_the_forge_says_whose_accounts_count() -> None:
    roles = {forge: Roles(side(FILES).registry, forge) for forge in ("github", "gitlab", None)}

    def may(account: str, forge) -> bool:
        return decide([change("state")], Risk(), roles[forge], People(account, (), forge)).enough

    assert [may("anna", forge) for forge in roles] == [True, False, True]
    assert [may("anna-lab", forge) for forge in roles] == [False, True, True]
    assert may("LEA", "gitlab")


def test_the_readme_tells_the_same() -> None:
    readme = (Path(__file__).parents[2] / "deployments/README.md").read_text("utf-8")
    for kind, row in TABLE.items():
        nobody = "nobody" if row.alone else "nobody, but a person merges"
        reviews = " and ".join(row.reviews).replace("-", " ") or nobody
        may = ", ".join(row.right).replace("-", " ")
        assert f"| `{kind}` | {row.what} | {may} | {reviews} |\n" in readme
