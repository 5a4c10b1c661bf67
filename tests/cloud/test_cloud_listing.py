"""A listing is whole or an error."""

import pytest
from cloud_server import Answer, FakeOpenStack

from appstore.cloud import listing
from appstore.cloud.cloud import Cloud
from appstore.cloud.errors import CloudError, UnsafeCredential
from appstore.cloud.projects import Project

A = Project("lecturer-a", "p-a")
LISTING = ("GET", "/v1/p-a/stacks")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three rows."""
    monkeypatch.setattr(listing, "PAGE", 3)


@pytest.mark.parametrize(("stacks", "pages"), [(0, 1), (2, 1), (3, 2), (4, 2), (9, 4)])
def test_every_page_is_read(cloud: Cloud, server: FakeOpenStack, stacks: int, pages: int) -> None:
    names = [f"s{n}" for n in range(stacks)]
    server.add("p-a", names)
    live = cloud.heat(A).listing()
    assert [stack.name for stack in live.stacks] == names
    assert (live.cloud, live.project_id, live.project_name) == ("campus", "p-a", "lecturer-a")
    assert server.seen.count(LISTING) == pages


def _page(server: FakeOpenStack, *names: str, count: int) -> Answer:
    rows = [server.row("p-a", name, name) for name in names]
    return Answer(200, {"stacks": rows, "count": count})


@pytest.mark.parametrize(
    ("pages", "count", "says"),
    [
        ([("a", "b", "c"), ("a", "b", "c")], 6, "a page came twice"),
        ([("a", "b", "c"), ("c", "d")], 5, "a page came twice"),
        ([("a", "a")], 2, "a page came twice"),
        ([("a", "b", "c"), (), ()], 5, "ended after 3 of 5"),
        ([("a",), (), ()], 5, "ended after 1 of 5"),
        ([(), ()], 1, "ended after 0 of 1"),
    ],
)
def test_a_listing_that_does_not_end_properly_is_an_error(
    cloud: Cloud, server: FakeOpenStack, pages: list[tuple[str, ...]], count: int, says: str
) -> None:
    server.script[LISTING] = [_page(server, *names, count=count) for names in pages]
    result = cloud.listings([A])[A]
    assert isinstance(result, CloudError)
    assert says in result.message


def test_pages_that_the_cloud_makes_shorter_than_asked_are_all_read(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    server.script[LISTING] = [_page(server, n, count=3) for n in "abc"]
    assert [stack.name for stack in cloud.heat(A).listing().stacks] == ["a", "b", "c"]


def test_a_stack_that_appears_meanwhile_is_read_and_one_that_vanishes_is_no_error(
    cloud: Cloud, server: FakeOpenStack
) -> None:
    server.script[LISTING] = [_page(server, "a", count=2), _page(server, "b", count=2)]
    assert len(cloud.heat(A).listing().stacks) == 2
    server.script[LISTING] = [_page(server, count=1), _page(server, "a", count=1)]
    assert len(cloud.heat(A).listing().stacks) == 1
    server.script[LISTING] = [_page(server, "a", "b", count=1)]
    assert len(cloud.heat(A).listing().stacks) == 2


def test_a_listing_without_end_is_given_up(
    cloud: Cloud, server: FakeOpenStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_PAGES", 4)
    server.add("p-a", [f"s{n}" for n in range(99)])
    with pytest.raises(CloudError, match="more than 4 pages"):
        cloud.heat(A).listing()
    assert server.seen.count(LISTING) == 4


def test_a_listing_without_a_count_proves_nothing(cloud: Cloud, server: FakeOpenStack) -> None:
    server.script[LISTING] = [Answer(200, {"stacks": []})]
    with pytest.raises(CloudError, match="not understood"):
        cloud.heat(A).listing()


def test_stacks_of_another_project_are_refused(cloud: Cloud, server: FakeOpenStack) -> None:
    server.add("p-a", ["mine"])
    server.stacks["p-a"].append(server.row("p-b", "theirs", "id-9"))
    with pytest.raises(UnsafeCredential) as raised:
        cloud.heat(A).listing()
    assert raised.value.exit_code == 3


@pytest.mark.parametrize(
    ("written", "hour"),
    [("2026-10-01T08:00:00Z", 8), ("2026-10-01T08:00:00", 8), ("2026-10-01T10:00:00+02:00", 8)],
)
def test_times_are_utc(written: str, hour: int) -> None:
    moment = listing.moment(written)
    assert (moment.hour, moment.utcoffset()) == (hour, listing.UTC.utcoffset(None))
