"""Tags: written by us, kept by Heat, perhaps spoiled by others, read again."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile_samples import ID, OTHER_SPEC, OWNER, REV, SPEC, TERM, stack

from appstore.reconcile.tags import (
    ADOPTED,
    Foreign,
    Ours,
    Untagged,
    adopted_tags,
    ending_tags,
    read_tags,
    revived_tags,
    tags_for,
)
from appstore.wanted.identity import InstanceId

slugs = st.from_regex(r"\A[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,7})?\Z")
ids = st.builds(InstanceId, slugs, slugs, slugs)
counters = st.integers(0, 9999)
strangers = st.frozensets(st.sampled_from(["someone", "budget:42", "appstoreroom", "x=y"]))


@settings(deadline=None)
@given(ids, counters, counters, st.integers(0, 5), st.booleans(), strangers)
def test_what_is_written_is_read_again(
    id_: InstanceId, generation: int, retry: int, tries: int, base: bool, others: frozenset[str]
) -> None:
    wanted = stack(id_, generation=generation, retry=retry, base=base)
    tags = tags_for(OWNER, wanted, REV, tries, others, key="k1")
    assert read_tags(tags, OWNER) == Ours(
        id=id_,
        spec=SPEC.digest,
        generation=generation,
        term=TERM,
        retry=retry,
        tries=tries,
        rev=REV,
        template="web-lab@1.0.0",
        key="k1",
        base=base,
    )
    assert others <= tags


def test_the_longest_tags_fit() -> None:
    long = stack(
        InstanceId("c" * 20, "d" * 20, "m" * 16),
        term="t" * 20,
        generation=9999 * 2,
        retry=9999,
        spec=replace(SPEC, version="v" * 40 + "@99999.99999.99999"),
    )
    tags = tags_for("o" * 40, long, "f" * 64, 5, key="k" * 40)
    assert max(map(len, tags)) <= 80
    assert all("," not in tag and tag == tag.lower() for tag in tags)


@pytest.mark.parametrize("damage", ["lost", "doubled", "emptied"])
@pytest.mark.parametrize("name", ["owner", "id", "spec", "gen"])
def test_any_loss_or_double_of_a_needed_tag_is_seen(name: str, damage: str) -> None:
    tags = tags_for(OWNER, stack(), REV, 1)
    kept = frozenset(tag for tag in tags if not tag.startswith(f"appstore:{name}="))
    left = {
        "lost": kept,
        "doubled": tags | {f"appstore:{name}=7"},
        "emptied": kept | {f"appstore:{name}="},
    }[damage]
    assert not isinstance(read_tags(left, OWNER), Ours)


@pytest.mark.parametrize(
    "tag",
    [
        "appstore:gen=-1", "appstore:gen=1.0", "appstore:gen=\u0663", "appstore:id=a/b",
        "appstore:id=//", "appstore:spec=abc", "appstore:spec=1.", "appstore:try=1",
        "appstore:try=a.1", "appstore:ending=tomorrow",
    ],
)  # fmt: skip
def test_an_unreadable_value_makes_the_stack_untagged(tag: str) -> None:
    name = tag.partition("=")[0]
    others = {t for t in tags_for(OWNER, stack(), REV, 0) if not t.startswith(f"{name}=")}
    assert isinstance(read_tags(others | {tag}, OWNER), Untagged)


@settings(deadline=None)
@given(st.frozensets(st.text(max_size=40) | st.text(max_size=20).map("appstore:".__add__)))
def test_reading_never_fails(tags: frozenset[str]) -> None:
    assert isinstance(read_tags(tags, OWNER), Ours | Untagged | Foreign)


def test_two_owners_mean_not_ours() -> None:
    tags = tags_for(OWNER, stack(), REV, 0) | {"appstore:owner=elsewhere"}
    assert read_tags(tags, OWNER) == Foreign("elsewhere")


def test_ending_and_coming_back_change_nothing_else() -> None:
    tags = tags_for(OWNER, stack(), REV, 2, {"someone"})
    ended = ending_tags(tags, date(2026, 11, 23), "newer")
    read = read_tags(ended, OWNER)
    assert isinstance(read, Ours)
    assert (read.ending, read.rev, read.tries) == (date(2026, 11, 23), "newer", 2)
    assert ending_tags(ended, date(2026, 12, 1), None) == (
        ended - {"appstore:ending=2026-11-23"} | {"appstore:ending=2026-12-01"}
    )
    assert revived_tags(ended, REV) == tags


def test_an_update_ends_the_ending_and_never_lowers_the_generation() -> None:
    lived = ending_tags(tags_for(OWNER, stack(generation=3), REV, 0), date(2026, 11, 23), REV)
    read = read_tags(tags_for(OWNER, stack(spec=OTHER_SPEC), REV, 0, lived), OWNER)
    assert isinstance(read, Ours)
    assert (read.spec, read.generation, read.ending) == (OTHER_SPEC.digest, 3, None)


def test_an_adopted_stack_is_ours_and_not_in_sync() -> None:
    read = read_tags(adopted_tags(OWNER, stack(), REV, {"by-hand"}), OWNER)
    assert isinstance(read, Ours)
    assert (read.id, read.spec) == (ID, ADOPTED)
