"""One suite for the stand-in and the real Heat: what apply relies on is the same in both."""

import pytest
from cloud_samples import GUARD, TEMPLATE, Bench

from appstore.cloud.errors import CloudError, Conflict, Missing, Rejected
from appstore.reconcile.request import StackRequest, TagRequest


def test_a_created_stack_shows_its_tags_from_the_first_moment(bench: Bench) -> None:
    stack_id = bench.heat.create(bench.request(wait=1))
    at_once = bench.look()
    assert (at_once.id, at_once.status) == (stack_id, "CREATE_IN_PROGRESS")
    assert at_once.tags == {"appstore", "spec-1"}
    assert at_once.created.utcoffset() is not None
    assert at_once.updated is None
    assert bench.settled().status == "CREATE_COMPLETE"


def test_the_listing_shows_the_stacks_oldest_first_and_the_same_rows_as_find(bench: Bench) -> None:
    for name in ("one", "two", "three"):
        bench.heat.create(bench.request(name))
        bench.settled(name)
    listed = [s for s in bench.heat.listing().stacks if s.name.startswith(bench.prefix)]
    assert sorted(listed, key=lambda s: s.created) == listed
    assert {s.name for s in listed} == {f"{bench.prefix}{n}" for n in ("one", "two", "three")}
    assert bench.look("two") in listed


def test_a_taken_name_is_a_conflict_until_it_is_free(bench: Bench) -> None:
    stack = bench.created()
    with pytest.raises(Conflict) as taken:
        bench.heat.create(bench.request())
    assert (taken.value.status, taken.value.type) == (409, "StackExists")
    bench.heat.delete(stack)
    with pytest.raises(Conflict):
        bench.heat.create(bench.request())
    bench.freed()
    bench.heat.create(bench.request())
    assert bench.settled().status == "CREATE_COMPLETE"


@pytest.mark.parametrize("method", ["create", "check_create"])
@pytest.mark.parametrize(
    ("change", "type_"),
    [({"nope": 1}, "UnknownUserParameter"), ({"value": None}, "UserParameterMissing")],
)
def test_wrong_parameters_are_rejected_before_anything_happens(
    bench: Bench, method: str, change: dict[str, object], type_: str
) -> None:
    request = bench.request(**change)
    if change == {"value": None}:
        environment = {**request.environment, "parameters": {}}
        request = StackRequest(
            request.name, request.template, {}, environment, request.tags, request.timeout_minutes
        )
    with pytest.raises(Rejected) as rejected:
        getattr(bench.heat, method)(request)
    assert (rejected.value.status, rejected.value.type) == (400, type_)
    assert bench.heat.find(request.name) is None


def test_a_check_ignores_that_the_name_is_taken_and_makes_nothing(bench: Bench) -> None:
    before = bench.created()
    bench.heat.check_create(bench.request(value="v2"))
    assert bench.look() == before


def test_an_update_writes_its_tags_when_accepted_and_replaces_everything(bench: Bench) -> None:
    stack = bench.created(guard=True)
    request = bench.request(tags="appstore spec-2", value="v2", wait=1)
    bench.heat.update(stack, request)
    at_once = bench.look()
    assert (at_once.status, at_once.tags) == ("UPDATE_IN_PROGRESS", {"appstore", "spec-2"})
    assert at_once.updated is not None
    assert bench.settled().status == "UPDATE_COMPLETE"
    content = bench.heat.content(stack)
    assert content.environment["parameters"] == request.environment["parameters"]
    assert content.environment["resource_registry"] == {"resources": {}}


def test_an_update_without_tags_erases_them(bench: Bench) -> None:
    bench.heat.update(bench.created(), bench.request(tags=""))
    assert bench.settled().tags == set()


def test_a_patch_changes_tags_and_guards_and_nothing_else(bench: Bench) -> None:
    stack = bench.created()
    bench.heat.patch(stack, TagRequest({"resource_registry": GUARD}, frozenset({"ending"})))
    assert bench.look().tags == {"ending"}
    assert bench.settled().status == "UPDATE_COMPLETE"
    content = bench.heat.content(stack)
    assert content.template == TEMPLATE
    assert content.files == {"notes.txt": "first\r\nsecond"}
    assert content.environment["parameters"] == {"value": "v1"}
    assert content.environment["parameter_defaults"] == {"appstore_written": "{}"}
    assert content.environment["resource_registry"] == GUARD


def test_a_patch_without_tags_keeps_them(bench: Bench) -> None:
    stack = bench.created()
    bench.heat.patch(stack, TagRequest({}, frozenset()))
    assert bench.settled().tags == stack.tags


def test_a_suspended_stack_refuses_updates_until_it_is_resumed(bench: Bench) -> None:
    stack = bench.created()
    bench.heat.suspend(stack)
    asleep = bench.settled()
    assert (asleep.status, asleep.tags) == ("SUSPEND_COMPLETE", stack.tags)
    bench.heat.suspend(asleep)
    assert bench.look() == asleep
    for send in (
        lambda: bench.heat.update(asleep, bench.request()),
        lambda: bench.heat.patch(asleep, TagRequest({}, frozenset({"x"}))),
    ):
        with pytest.raises(Rejected) as rejected:
            send()
        assert (rejected.value.status, rejected.value.type) == (400, "NotSupported")
    assert bench.look() == asleep
    bench.heat.resume(asleep)
    awake = bench.settled()
    assert (awake.status, awake.tags) == ("RESUME_COMPLETE", stack.tags)
    bench.heat.resume(awake)
    assert bench.look() == awake
    bench.heat.update(awake, bench.request(value="v2"))
    assert bench.settled().status == "UPDATE_COMPLETE"


def test_resume_of_what_never_slept_fails_and_an_update_heals_it(bench: Bench) -> None:
    stack = bench.created()
    bench.heat.resume(stack)
    failed = bench.settled()
    assert failed.status == "RESUME_FAILED"
    assert "invalid for resume" in failed.reason
    assert bench.heat.failed_resources(failed) == ()
    bench.heat.update(failed, bench.request())
    assert bench.settled().status == "UPDATE_COMPLETE"


def test_a_failed_create_is_named_and_healed_by_an_update(bench: Bench) -> None:
    stack = bench.created(fail=True)
    assert stack.status == "CREATE_FAILED"
    assert "Test Resource failed lab" in stack.reason
    [leaf] = bench.heat.failed_resources(stack)
    assert (leaf.path, leaf.type) == ("lab", "OS::Heat::TestResource")
    assert (leaf.status, leaf.stack_id) == ("CREATE_FAILED", stack.id)
    assert "Test Resource failed lab" in leaf.reason
    bench.heat.update(stack, bench.request(fail=False))
    assert bench.settled().status == "UPDATE_COMPLETE"
    assert bench.heat.failed_resources(stack) == ()


def test_a_failed_update_keeps_the_new_tags_and_is_healed_by_an_update(bench: Bench) -> None:
    stack = bench.created()
    bench.heat.update(stack, bench.request(tags="spec-2", value="v2", fail=True))
    failed = bench.settled()
    assert (failed.status, failed.tags) == ("UPDATE_FAILED", {"spec-2"})
    assert [leaf.status for leaf in bench.heat.failed_resources(failed)] == ["UPDATE_FAILED"]
    bench.heat.update(failed, bench.request(value="v2"))
    assert bench.settled().status == "UPDATE_COMPLETE"


def test_a_guarded_resource_that_failed_is_not_replaced(bench: Bench) -> None:
    stack = bench.created(fail=True)
    bench.heat.update(stack, bench.request(guard=True))
    refused = bench.settled()
    assert refused.status == "UPDATE_FAILED"
    assert "ResourceActionRestricted: resources.lab" in refused.reason
    bench.heat.update(refused, bench.request())
    assert bench.settled().status == "UPDATE_COMPLETE"


def test_a_failed_stack_cannot_be_suspended_and_then_only_resumed_or_deleted(bench: Bench) -> None:
    stack = bench.created(fail=True)
    bench.heat.suspend(stack)
    failed = bench.settled()
    assert failed.status == "SUSPEND_FAILED"
    assert "invalid for suspend" in failed.reason
    with pytest.raises(Rejected):
        bench.heat.update(failed, bench.request())
    bench.heat.resume(failed)
    assert bench.settled().status == "RESUME_FAILED"
    bench.heat.update(failed, bench.request())
    assert bench.settled().status == "UPDATE_COMPLETE"


@pytest.mark.parametrize("state", ["built", "asleep", "failed", "in progress"])
def test_delete_works_from_every_state_and_may_be_repeated(bench: Bench, state: str) -> None:
    match state:
        case "in progress":
            bench.heat.create(bench.request(wait=4))
        case _:
            bench.created(fail=state == "failed")
    if state == "asleep":
        bench.heat.suspend(bench.look())
        bench.settled()
    stack = bench.look()
    bench.heat.delete(stack)
    bench.heat.delete(stack)
    bench.freed()
    assert stack.id not in {s.id for s in bench.heat.listing().stacks}
    bench.heat.delete(stack)


def test_whatever_else_is_asked_of_a_deleted_stack_is_missing(bench: Bench) -> None:
    stack = bench.created()
    bench.heat.delete(stack)
    bench.freed()
    for send in (
        lambda: bench.heat.update(stack, bench.request()),
        lambda: bench.heat.patch(stack, TagRequest({}, frozenset({"x"}))),
        lambda: bench.heat.suspend(stack),
        lambda: bench.heat.resume(stack),
    ):
        with pytest.raises(Missing) as missing:
            send()
        assert (missing.value.status, missing.value.type) == (404, "EntityNotFound")


def test_an_update_may_overtake_a_create(bench: Bench) -> None:
    bench.heat.create(bench.request(wait=2))
    bench.heat.update(bench.look(), bench.request(tags="spec-2", value="v2"))
    assert bench.look().status == "UPDATE_IN_PROGRESS"
    ended = bench.settled()
    assert (ended.status, ended.tags) == ("UPDATE_COMPLETE", {"spec-2"})


def test_content_is_what_was_sent_with_hidden_values_masked(bench: Bench) -> None:
    stack = bench.created(secret="s3cret", guard=True)
    content = bench.heat.content(stack)
    assert content.template == TEMPLATE
    assert content.files == {"notes.txt": "first\r\nsecond"}
    assert content.environment == {
        "parameters": {"value": "v1", "secret": "******"},
        "parameter_defaults": {"appstore_written": "{}"},
        "resource_registry": GUARD,
        "event_sinks": [],
        "encrypted_param_names": [],
    }


def test_outputs_and_events_tell_what_happened(bench: Bench) -> None:
    stack = bench.created(value="http://lab")
    assert bench.heat.outputs(stack) == {"url": "http://lab"}
    bench.heat.suspend(stack)
    bench.settled()
    events = bench.heat.events(stack)
    assert [event.status for event in events] == [
        "SUSPEND_COMPLETE",
        "SUSPEND_IN_PROGRESS",
        "CREATE_COMPLETE",
        "CREATE_IN_PROGRESS",
    ]
    assert all(event.at.utcoffset() is not None for event in events)


def test_resource_types_tell_what_can_be_updated(bench: Bench) -> None:
    known = bench.heat.properties("OS::Heat::TestResource")
    assert known is not None
    assert known["value"]
    assert not known["update_replace_value"]
    assert bench.heat.properties("OS::No::Such") is None


def test_errors_are_ours_and_hold_sentences(bench: Bench) -> None:
    bench.created()
    with pytest.raises(CloudError) as raised:
        bench.heat.create(bench.request())
    assert raised.value.message.endswith(".")
    assert "already exists" in raised.value.message
