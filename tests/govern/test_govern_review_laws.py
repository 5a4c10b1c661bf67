"""Laws of the decision, for any changes, people and table of the site."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from review_samples import FILES, side

from appstore.documents.policy import ChangeKind, Reviewer, Risk
from appstore.govern.people import People
from appstore.govern.review import decide
from appstore.govern.review_change import Belongs, Change
from appstore.govern.roles import Roles

ROLES = Roles(side(FILES).registry, None)
ACCOUNTS = ("anna", "lea", "axel", "bob", "phil", "Carl", "Cora", "Petra", "Root", "Rita", "x")
people = st.builds(
    People, st.sampled_from(ACCOUNTS), st.lists(st.sampled_from(ACCOUNTS), max_size=5).map(tuple)
)
belongs = st.builds(
    Belongs,
    st.sampled_from(["anna", "bob", ""]),
    st.sampled_from(["net", ""]),
    st.sampled_from(["informatics", "physics", ""]),
)
change = st.builds(
    Change,
    st.sampled_from("abc"),
    st.just(1),
    st.sampled_from(get_args(ChangeKind)),
    st.just("x"),
    belongs,
    st.sampled_from(["", "", "Carl", "Root", "anna"]),
)
changes = st.lists(change, max_size=5)
reviews = st.lists(st.sampled_from(get_args(Reviewer)), max_size=3).map(tuple)
risks = st.builds(
    Risk, reviews=st.dictionaries(st.sampled_from(get_args(ChangeKind)), reviews, max_size=4)
)


@given(changes, risks, people, st.sampled_from(ACCOUNTS))
def test_another_reviewer_makes_nothing_worse(found, risk, who, other) -> None:
    before = decide(found, risk, ROLES, who)
    after = decide(found, risk, ROLES, People(who.author, (*who.reviewers, other)))
    assert after.enough or not before.enough
    assert after.tier == before.tier
    missing = [sum(need.given_by is None for need in one.needs) for one in (before, after)]
    assert missing[1] <= missing[0]


@given(changes, change, risks, people)
def test_another_change_lowers_nothing(found, more, risk, who) -> None:
    before, after = decide(found, risk, ROLES, who), decide([*found, more], risk, ROLES, who)
    assert after.tier >= before.tier
    assert before.enough or not after.enough
    assert before.alone or not after.alone


@given(changes, risks, people)
def test_the_authors_own_approval_is_nothing(found, risk, who) -> None:
    with_own = People(who.author, (who.author, *who.reviewers, who.author.upper()))
    assert decide(found, risk, ROLES, with_own) == decide(found, risk, ROLES, who)


@given(st.data(), changes, risks, people)
def test_order_does_not_matter(data, found, risk, who) -> None:
    shuffled = data.draw(st.permutations(found))
    reviewers = tuple(data.draw(st.permutations(who.reviewers)))
    expected = decide(found, risk, ROLES, who)
    assert decide(shuffled, risk, ROLES, People(who.author, reviewers)) == expected


@given(changes, risks, people)
def test_somebody_unknown_counts_for_nothing(found, risk, who) -> None:
    strangers = People(who.author, (*who.reviewers, "stranger", "Stranger-2"))
    assert decide(found, risk, ROLES, strangers) == decide(found, risk, ROLES, who)


@given(changes, risks, people)
def test_whoever_gives_a_review_has_its_role_and_is_not_the_author(found, risk, who) -> None:
    verdict = decide(found, risk, ROLES, who)
    for need in verdict.needs:
        if need.given_by is not None:
            assert need.given_by.casefold() != who.author.casefold()
            assert need.given_by in who.reviewers
            assert any(ROLES.has(need.given_by, role) for role in need.roles)
    assert verdict.alone <= verdict.enough
    assert not (verdict.alone and verdict.needs)
