"""What apply does with real decisions on the stand-in Heat, told as stories."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from apply_samples import (
    LINE,
    OWNER,
    Story,
    acts,
    asleep,
    entry,
    farewell,
    gone,
    joined,
    plan_of,
    seat,
    spec,
)
from heat_standin import StandInHeat

from appstore.apply.failures import OVERTAKEN
from appstore.cloud.errors import NotAuthenticated, Rejected, Unreachable
from appstore.errors import AppstoreError
from appstore.reconcile.decision import Act, Action, Refuse, Settled, Step, Stuck, Wait
from appstore.reconcile.outcome import Done, Failed, Result, Skipped, Unfinished
from appstore.reconcile.plan import WritesOff
from appstore.reconcile.tags import read_tags
from appstore.wanted.spec import Logical, SecretRef
from appstore.wanted.stacks import WantedStack

SEATS = [seat(f"s{number:02d}") for number in range(1, 31)]
LONG = timedelta(days=14)
NO_ANSWER = Unreachable("No answer.", "Try again.")


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def heat(story: Story) -> StandInHeat:
    return story.project()


def states(heat: StandInHeat) -> dict[str, str]:
    return {stack.name: stack.status for stack in heat.listing().stacks}


def asked(heat: StandInHeat, *methods: str) -> list[tuple[str, str]]:
    return [request for request in heat.requests if request[0] in methods]


def kinds(results: dict[str, Result]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results.values())


def test_one_of_thirty_fails_and_the_others_do_not_mind(story: Story, heat: StandInHeat) -> None:
    quota = (
        "Forbidden: resources.lab: Quota exceeded for cores: Requested 4, but already used 0 of 1 "
        "cores (HTTP 403) (Request-ID: req-0b0f2a3e-8c1d-4f5a-9b7e-2d6c1a9e4f01)"
    )
    heat.spoil("create", "cs101--web-lab--s07", quota)
    results = story.run(*SEATS)
    assert kinds(results) == {"Done": 29, "Failed": 1}
    assert results["cs101--web-lab--s07"] == Failed(
        Action.CREATE,
        "The project's quota for cores is used up: 0 of 1 are in use, 4 more are needed.",
        "lab (OS::Heat::TestResource)",
        "lecturer",
        "Use a smaller size or fewer seats, end what is no longer needed, "
        "or ask your OpenStack admin for a higher quota; then run apply again.",
        "req-0b0f2a3e-8c1d-4f5a-9b7e-2d6c1a9e4f01",
    )
    assert acts(story.plan(SEATS)) == []


def test_waiting_costs_one_listing_per_project_and_tick(story: Story, heat: StandInHeat) -> None:
    """Looks after 0.5 s, then each pause half as long again: 0.5 1.25 2.38 4.06 6.59."""
    plan = story.plan(SEATS)
    heat.requests.clear()
    story.apply(plan)
    assert Counter(method for method, _ in heat.requests) == {"create": 30, "listing": 5}


def test_looks_are_never_more_than_five_seconds_apart(story: Story, heat: StandInHeat) -> None:
    heat.duration = 60
    plan = story.plan([seat("s01")])
    began = story.clock.now()
    heat.requests.clear()
    story.apply(plan)
    assert (story.clock.now() - began).total_seconds() == pytest.approx(61, abs=4)
    assert len(asked(heat, "listing")) == 16


def test_nothing_is_listed_for_a_project_where_nobody_waits(story: Story) -> None:
    busy, idle = story.project(("standin", "a")), story.project(("standin", "b"))
    waiting = entry(seat("s01"), None, Wait("it is being made"), ("standin", "b"))
    plan = joined(story.plan([seat("s01")], ("standin", "a")), plan_of([waiting], story.clock))
    idle.requests.clear()
    story.apply(plan)
    assert asked(busy, "listing")
    assert idle.requests == []


def test_the_base_comes_first_and_goes_last(story: Story, heat: StandInHeat) -> None:
    base, seats = seat("net", base=True), SEATS[:2]
    story.run(seats[0], base, seats[1])
    assert asked(heat, "create")[0] == ("create", "net")
    made = [row for row in story.told if row.startswith("ended")]
    assert made[0] == "ended net"

    heat.requests.clear()
    ends = [replace(stack, wanted=gone()) for stack in (base, *seats)]
    story.run(*ends)
    assert [name for _, name in asked(heat, "delete")][-1] == "net"
    assert states(heat) == {}


def test_nothing_is_built_on_a_base_that_failed(story: Story, heat: StandInHeat) -> None:
    heat.spoil("create", "net", "Conflict: resources.router: in use")
    results = story.run(seat("net", base=True), *SEATS[:2])
    assert kinds(results) == {"Failed": 1, "Skipped": 2}
    assert asked(heat, "create") == [("create", "net")]
    skipped = results[SEATS[0].name]
    assert isinstance(skipped, Skipped)
    assert "base of its project has failed: net" in skipped.reason


def test_a_base_whose_file_is_gone_goes_last_too(story: Story, heat: StandInHeat) -> None:
    base = seat("net", base=True)
    story.run(base, SEATS[0])
    bye = replace(farewell("x"), id="net", name="net", gone=gone())
    story.run(bye, replace(SEATS[0], wanted=gone()))
    assert [name for _, name in asked(heat, "delete")] == ["cs101--web-lab--s01", "net"]


def test_ordered_deletes_make_room_before_creates(story: Story, heat: StandInHeat) -> None:
    story.run(SEATS[0])
    story.run(SEATS[1], replace(SEATS[0], wanted=gone()))
    assert [m for m, _ in asked(heat, "create", "delete")] == ["create", "delete", "create"]


def test_a_recreation_is_checked_first_and_waits_for_the_404(
    story: Story, heat: StandInHeat
) -> None:
    story.run(SEATS[0])
    heat.requests.clear()
    results = story.run(replace(SEATS[0], generation=2))
    assert isinstance(results["cs101--web-lab--s01"], Done)
    calls = [method for method, _ in heat.requests if method != "listing"]
    assert calls[:4] == ["check_create", "resources", "find", "delete"]
    assert calls[-2:] == ["find", "create"]
    assert set(calls[4:-1]) == {"find"}
    (row,) = heat.listing().stacks
    assert "appstore:gen=2" in row.tags


def test_a_recreation_that_heat_would_not_accept_deletes_nothing(
    story: Story, heat: StandInHeat
) -> None:
    story.run(SEATS[0])
    heat.turn_away("check_create", SEATS[0].name, Rejected("No images matching {'name': 'x'}."))
    results = story.run(replace(SEATS[0], generation=2))
    failed = results[SEATS[0].name]
    assert isinstance(failed, Failed)
    assert failed.reason == "The cloud has no image named 'x'."
    assert failed.owner == "admin"
    assert asked(heat, "delete") == []


@pytest.mark.parametrize("method", ["create", "update", "suspend", "delete"])
def test_a_lost_answer_does_no_harm(story: Story, heat: StandInHeat, method: str) -> None:
    stack = SEATS[0]
    changed = {
        "create": stack,
        "update": replace(stack, spec=spec(value="v2")),
        "suspend": replace(stack, wanted=asleep()),
        "delete": replace(stack, wanted=gone()),
    }[method]
    if method != "create":
        story.run(stack)
    heat.lose_answer(method, stack.name, NO_ANSWER)
    assert isinstance(story.run(changed)[stack.name], Done)
    assert acts(story.plan([changed])) == []
    assert len(asked(heat, method)) == 1


@pytest.mark.parametrize("method", ["create", "update", "suspend"])
def test_a_request_that_never_arrived_is_told_with_its_error(
    story: Story, heat: StandInHeat, method: str
) -> None:
    stack = SEATS[0]
    if method != "create":
        story.run(stack)
    changed = {
        "create": stack,
        "update": replace(stack, spec=spec(value="v2")),
        "suspend": replace(stack, wanted=asleep()),
    }[method]
    heat.turn_away(method, stack.name, NO_ANSWER)
    failed = story.run(changed)[stack.name]
    assert isinstance(failed, Failed)
    assert (failed.reason, failed.owner) == ("No answer.", "openstack-admin")
    assert isinstance(story.run(changed)[stack.name], Done)


def test_a_name_that_is_ours_already_is_waited_for(story: Story, heat: StandInHeat) -> None:
    """As after a create whose answer was lost in an earlier run."""
    plan = story.plan(SEATS[:1])
    story.apply(plan)
    assert isinstance(story.apply(plan)[SEATS[0].name], Done)
    assert len(heat.listing().stacks) == 1


def test_a_name_that_is_another_ones_is_refused(story: Story, heat: StandInHeat) -> None:
    plan = story.plan(SEATS[:1])
    story.run(replace(SEATS[0], spec=spec(value="other")))
    assert story.apply(plan)[SEATS[0].name] == OVERTAKEN
    assert len(heat.listing().stacks) == 1


def test_an_update_keeps_what_a_logical_name_meant(story: Story, heat: StandInHeat) -> None:
    small, new = Logical("size", "small", "m1.small"), Logical("size", "small", "m2.small")
    story.run(seat("s01", spec=spec({"size": small})))
    story.run(seat("s01", spec=spec({"size": new}, value="v2")))
    (row,) = heat.listing().stacks
    parameters = heat.content(row).environment["parameters"]
    assert parameters == {"size": "m1.small", "value": "v2"}

    story.run(seat("s01", spec=spec({"size": new}, value="v2"), generation=2))
    (row,) = heat.listing().stacks
    assert heat.content(row).environment["parameters"] == {"size": "m2.small", "value": "v2"}


def test_a_sleeping_stack_is_woken_updated_and_put_to_sleep_again(
    story: Story, heat: StandInHeat
) -> None:
    story.run(seat("s01", wanted=asleep()))
    assert states(heat) == {"cs101--web-lab--s01": "SUSPEND_COMPLETE"}
    heat.requests.clear()
    story.run(seat("s01", wanted=asleep(), spec=spec(value="v2")))
    writes = [method for method, _ in asked(heat, "resume", "update", "suspend")]
    assert writes == ["resume", "update", "suspend"]
    assert states(heat) == {"cs101--web-lab--s01": "SUSPEND_COMPLETE"}


def test_an_ending_is_tagged_and_put_to_sleep_and_can_be_taken_back(
    story: Story, heat: StandInHeat
) -> None:
    story.run(SEATS[0])
    bye = farewell("s01")
    ending = replace(bye, gone=replace(bye.gone, grace=LONG))
    assert isinstance(story.run(ending)[bye.name], Done)
    (row,) = heat.listing().stacks
    assert row.status == "SUSPEND_COMPLETE"
    assert f"appstore:ending={story.clock.now().date()}" in row.tags
    content = heat.content(row)
    assert content.environment["parameters"] == {}

    assert isinstance(story.run(SEATS[0])[bye.name], Done)
    (row,) = heat.listing().stacks
    assert not any(tag.startswith("appstore:ending") for tag in row.tags)
    assert row.status in ("UPDATE_COMPLETE", "RESUME_COMPLETE")


def test_a_repeated_try_is_counted_and_what_never_served_may_be_replaced(
    story: Story, heat: StandInHeat
) -> None:
    heat.spoil("create", SEATS[0].name, "Went to status ERROR")
    assert isinstance(story.run(SEATS[0])[SEATS[0].name], Failed)
    story.clock.sleep(20 * 60)
    assert isinstance(story.run(SEATS[0])[SEATS[0].name], Done)
    (row,) = heat.listing().stacks
    assert "appstore:try=0.1" in row.tags
    assert heat.content(row).environment["resource_registry"] == {"resources": {}}


def test_an_unordered_delete_waits_for_failures_of_its_own_deployment_only(
    story: Story, heat: StandInHeat
) -> None:
    old, other = seat("x01"), seat("x01", deployment="shell")
    story.run(old, other)
    heat.spoil("create", SEATS[0].name, "broken")
    results = story.run(SEATS[0], farewell("x01"), farewell("x01", deployment="shell"))
    assert kinds(results) == {"Failed": 1, "Skipped": 1, "Done": 1}
    skipped = results[old.name]
    assert isinstance(skipped, Skipped)
    assert "another instance of its deployment has failed" in skipped.reason
    assert set(states(heat)) == {old.name, SEATS[0].name}


def test_an_ordered_delete_minds_no_failure(story: Story, heat: StandInHeat) -> None:
    story.run(SEATS[1])
    heat.spoil("create", SEATS[0].name, "broken")
    results = story.run(SEATS[0], replace(SEATS[1], wanted=gone(LINE)))
    assert isinstance(results[SEATS[1].name], Done)


def test_a_delete_that_is_blocked_names_what_blocks_it(story: Story, heat: StandInHeat) -> None:
    story.run(SEATS[0])
    heat.spoil(
        "delete",
        SEATS[0].name,
        "Conflict: resources.sub: Unable to complete operation on subnet 77af: One or more ports "
        "have an IP allocation from this subnet.",
    )
    failed = story.run(replace(SEATS[0], wanted=gone()))[SEATS[0].name]
    assert isinstance(failed, Failed)
    assert "still uses its subnet 77af" in failed.reason


def test_a_request_that_heat_accepts_and_forgets_is_told(story: Story, heat: StandInHeat) -> None:
    story.run(SEATS[0])
    plan = story.plan([replace(SEATS[0], spec=spec(value="v2"))])
    heat.update = lambda stack, request: None  # type: ignore[method-assign]
    began = story.clock.now()
    assert story.apply(plan)[SEATS[0].name] == OVERTAKEN
    assert 60 <= (story.clock.now() - began).total_seconds() <= 70


def test_a_stack_in_progress_for_ever_is_for_a_person(story: Story, heat: StandInHeat) -> None:
    heat.durations[SEATS[0].name] = 10**6
    results = story.run(*SEATS[:3])
    wedged = results[SEATS[0].name]
    assert isinstance(wedged, Failed)
    assert wedged.reason == "Heat has left it in CREATE_IN_PROGRESS for more than its 10 minutes."
    assert "for a person" in wedged.next_step
    assert kinds(results) == {"Failed": 1, "Done": 2}


def test_a_project_that_vanishes_in_mid_run_does_not_stop_another(story: Story) -> None:
    dead, well = story.project(("standin", "a")), story.project(("standin", "b"))
    plan = joined(
        story.plan([*SEATS[:2], replace(seat("net"), base=True)], ("standin", "a")),
        story.plan(SEATS[2:4], ("standin", "b")),
    )
    dead.turn_away("listing", "", NotAuthenticated("The credential is not accepted."), times=99)
    results = story.apply(plan)
    assert isinstance(results["cs101--web-lab--net"], Unfinished)
    for name in ("cs101--web-lab--s01", "cs101--web-lab--s02"):
        skipped = results[name]
        assert isinstance(skipped, Skipped)
        assert "The credential is not accepted." in skipped.reason
    assert len(well.listing().stacks) == 2
    assert isinstance(results["cs101--web-lab--s03"], Done)


def test_a_listing_that_fails_once_is_asked_for_again(story: Story, heat: StandInHeat) -> None:
    plan = story.plan(SEATS[:1])
    heat.turn_away("listing", "", NO_ANSWER, times=2)
    assert isinstance(story.apply(plan)[SEATS[0].name], Done)


def test_stopping_sends_nothing_more_and_tells_what_runs(story: Story, heat: StandInHeat) -> None:
    plan = story.plan(SEATS)
    create = heat.create

    def stop_at_the_fifth(request: object) -> str:
        if len(asked(heat, "create")) == 4:
            story.stop.set()
        return create(request)  # type: ignore[arg-type]

    heat.create = stop_at_the_fifth  # type: ignore[method-assign]
    results = story.apply(plan)
    assert kinds(results) == {"Unfinished": 5, "Skipped": 25}
    assert len(asked(heat, "create")) == 5

    heat.create = create  # type: ignore[method-assign]
    story.stop = type(story.stop)()
    heat.settle()
    assert kinds(story.run(*SEATS)) == {"Done": 25}


def test_the_deadline_ends_a_run_like_a_wish_to_stop(story: Story, heat: StandInHeat) -> None:
    deadline = story.clock.now() + LONG / 10**6
    story.settings = replace(story.settings, deadline=deadline)
    heat.duration = 1000
    results = story.run(*SEATS[:3])
    assert kinds(results) == {"Unfinished": 3}
    unfinished = results[SEATS[0].name]
    assert isinstance(unfinished, Unfinished)
    assert unfinished.reason == "The run's time was over. Heat goes on with what it has begun."


def test_a_mistake_of_ours_ends_one_entry_and_names_the_run(
    story: Story, heat: StandInHeat, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = entry(farewell("s09"), None, Act(Action.CREATE, (Step.CREATE,), ""))
    plan = joined(plan_of([wrong], story.clock), story.plan(SEATS[:1]))
    results = story.apply(plan)
    failed = results["cs101--web-lab--s09"]
    assert isinstance(failed, Failed)
    assert failed.request_id == "req-run"
    assert "req-run" in failed.next_step
    assert isinstance(results[SEATS[0].name], Done)
    assert "TypeError" in caplog.text


def test_a_secret_that_cannot_be_read_fails_its_entry(story: Story, heat: StandInHeat) -> None:
    def no_secret(stack: WantedStack) -> dict[str, str]:
        raise AppstoreError("There is no secret 'db'.", "Set APPSTORE_SECRET_DR_A_DB.")

    story.secrets = no_secret
    needs = seat("s01", spec=spec({"password": SecretRef("env", "db", 1)}))
    failed = story.run(needs)[needs.name]
    assert isinstance(failed, Failed)
    assert (failed.reason, failed.next_step, failed.owner) == (
        "There is no secret 'db'.",
        "Set APPSTORE_SECRET_DR_A_DB.",
        "lecturer",
    )
    assert states(heat) == {}


def test_no_text_shows_a_secret(story: Story, heat: StandInHeat) -> None:
    story.secrets = lambda stack: {"password": "tr0ub4dor&3"}
    needs = seat("s01", spec=spec({"password": SecretRef("env", "db", 1)}))
    heat.spoil("create", needs.name, "nobody knows tr0ub4dor&3 here")
    failed = story.run(needs)[needs.name]
    assert isinstance(failed, Failed)
    assert failed.reason == "nobody knows (secret) here"


def test_what_does_not_act_keeps_its_decision(story: Story, heat: StandInHeat) -> None:
    decisions = {
        "s01": Refuse("busy", "somebody is at it", "wait"),
        "s02": Stuck("failed five times", "reset it"),
        "s03": Wait("being made"),
    }
    entries = [entry(seat(name), None, decision) for name, decision in decisions.items()]
    settled = entry(seat("s04"), None, Settled())
    outcomes = story.outcomes(plan_of([*entries, settled], story.clock))
    assert [(o.entry.subject.name[-3:], o.result) for o in outcomes] == list(decisions.items())
    assert heat.requests == []


def test_a_cloud_under_maintenance_is_not_written_to(story: Story, heat: StandInHeat) -> None:
    plan = story.plan(SEATS[:2])
    heat.requests.clear()
    off = WritesOff("standin", "maintenance", "The cloud is being upgraded.", None)
    results = story.apply(replace(plan, writes_off=(off,)))
    assert kinds(results) == {"Wait": 2}
    assert heat.requests == []


def test_progress_hears_every_step(story: Story, heat: StandInHeat) -> None:
    story.run(seat("s01", wanted=asleep()))
    name = "cs101--web-lab--s01"
    assert story.told == [
        "planned 1",
        f"started {name}",
        f"create {name}",
        f"suspend {name}",
        f"ended {name}",
    ]


def test_other_peoples_tags_stay(story: Story, heat: StandInHeat) -> None:
    story.run(SEATS[0])
    (row,) = heat.listing().stacks
    heat._stacks[0].tags |= {"billing:42"}
    story.run(replace(SEATS[0], spec=spec(value="v2")))
    (row,) = heat.listing().stacks
    assert "billing:42" in row.tags
    assert getattr(read_tags(row.tags, OWNER), "spec", "") == spec(value="v2").digest
