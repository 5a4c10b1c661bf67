"""A roll-out carried out: batch after batch within one run, over runs, and stopped by failures."""

from dataclasses import dataclass, field, replace

import pytest
from apply_samples import OWNER, Story, seat, spec
from heat_standin import StandInHeat

from appstore.apply.run import Settings
from appstore.cloud.errors import Rejected
from appstore.documents.deployment import Rollout
from appstore.reconcile.outcome import Done, Failed, Result, Unfinished
from appstore.reconcile.plan import Plan
from appstore.reconcile.rollout import in_turn, roll_outs
from appstore.reconcile.status import health_of
from appstore.wanted.stacks import WantedStack

RULE = Rollout(canary=1, batch=2, max_failures=1)
NAMES = [f"s{number:02}" for number in range(1, 7)]


@dataclass
class RollingStory(Story):
    """A story whose plans keep to the roll-outs of their deployments."""

    heat: StandInHeat = field(init=False)

    def plan(self, *args: object, **kwargs: object) -> Plan:
        bare = super().plan(*args, **kwargs)  # type: ignore[arg-type]
        entries = [replace(entry, health=health_of(entry.live)) for entry in bare.entries]
        rollings = tuple(roll_outs(entries, OWNER))
        return replace(bare, entries=tuple(in_turn(entries, rollings)), roll_outs=rollings)

    def order(self) -> list[str]:
        """Begin and end of every instance, as `+s01` and `-s01`."""
        signs = {"started": "+", "ended": "-"}
        words = (line.split() for line in self.told)
        return [signs[w[0]] + w[1].rpartition("--")[2] for w in words if w[0] in signs]


@pytest.fixture
def story() -> RollingStory:
    story = RollingStory(settings=Settings("req-run", workers=4))
    story.heat = story.project()
    return story


def seats(rule: Rollout = RULE, bad: str = "", **parameters: object) -> list[WantedStack]:
    """Six seats; those named in `bad` fail."""
    return [
        seat(name, rollout=rule, spec=spec(**parameters, **({"fail": True} if name in bad else {})))
        for name in NAMES
    ]


def kinds(results: dict[str, Result]) -> str:
    """The results of s01 to s06, a letter each: d(one), f(ailed), w(ait), u(nfinished)."""
    by_member = {name.rpartition("--")[2]: result for name, result in results.items()}
    return "".join(type(by_member[name]).__name__[0].lower() for name in NAMES)


def test_one_run_goes_through_all_batches_in_order(story: RollingStory) -> None:
    assert kinds(story.run(*seats())) == "dddddd"
    order = story.order()
    assert order[:2] == ["+s01", "-s01"]
    assert set(order[2:6]) == {"+s02", "+s03", "-s02", "-s03"}
    assert set(order[6:10]) == {"+s04", "+s05", "-s04", "-s05"}
    assert order[10:] == ["+s06", "-s06"]


def test_a_batch_goes_side_by_side(story: RollingStory) -> None:
    story.run(*seats())
    order = story.order()
    assert order.index("+s03") < order.index("-s02")


def test_a_failed_canary_stops_and_the_next_run_goes_on_once_it_is_mended(
    story: RollingStory,
) -> None:
    results = story.run(*seats(bad="s01"))
    assert kinds(results) == "fwwwww"
    assert "has stopped: its canary s01 failed" in results["cs101--web-lab--s02"].why
    assert kinds(story.run(*seats(value="v2"))) == "dddddd"


@pytest.mark.parametrize(("most", "kinds_"), [(1, "ddfwww"), (2, "ddfddd")])
def test_it_stops_when_failures_reach_the_limit(
    story: RollingStory, most: int, kinds_: str
) -> None:
    rule = RULE.model_copy(update={"max_failures": most})
    assert kinds(story.run(*seats(rule, bad="s03"))) == kinds_


def test_the_rest_of_a_batch_does_not_begin_after_its_failure(story: RollingStory) -> None:
    story.settings = replace(story.settings, workers=1)
    rule = Rollout(canary=0, batch=6, max_failures=1)
    error = Rejected("StackValidationFailed: no such flavor")
    story.heat.turn_away("create", "cs101--web-lab--s01", error)
    assert kinds(story.run(*seats(rule))) == "fwwwww"


def test_a_run_that_ends_early_leaves_the_rest_to_the_next(story: RollingStory) -> None:
    plan = story.plan(seats())
    story.settings = replace(
        story.settings, deadline=story.clock.now() + story.settings.slowest_look
    )
    results = story.apply(plan)
    assert isinstance(results["cs101--web-lab--s01"], Unfinished | Done)
    assert "w" in kinds(results)
    story.settings = replace(story.settings, deadline=None)
    story.clock.sleep(60)
    assert all(isinstance(each, Done) for each in story.run(*seats()).values())


def test_a_retry_of_the_canary_opens_the_way_in_the_same_run(story: RollingStory) -> None:
    """A failure that was none of the template's doing: the same spec works the second time."""
    wanted = seats()
    story.heat.spoil("create", "cs101--web-lab--s01", "No valid host was found")
    assert kinds(story.run(*wanted)) == "fwwwww"
    story.clock.sleep(3600)
    assert kinds(story.run(*wanted)) == "dddddd"


def test_two_deployments_do_not_wait_for_each_other(story: RollingStory) -> None:
    other = [replace(each, id=replace(each.id, deployment="other")) for each in seats(bad="s01")]
    results = story.run(*seats(), *other)
    assert sum(isinstance(each, Failed) for each in results.values()) == 1
    assert sum(isinstance(each, Done) for each in results.values()) == 6
