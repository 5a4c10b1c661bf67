"""What is sent to Heat, to the letter, and what is taken from its answers."""

from typing import Any

import pytest
from cloud_samples import TEMPLATE
from cloud_server import Answer, FakeOpenStack

from appstore.cloud.cloud import Cloud
from appstore.cloud.heat import ProjectHeat
from appstore.cloud.projects import Project
from appstore.reconcile.live import LiveStack
from appstore.reconcile.request import StackRequest, TagRequest

A = Project("lecturer-a", "p-a")
ENVIRONMENT: dict[str, Any] = {"parameters": {"value": "v"}}
REQUEST = StackRequest("one", TEMPLATE, {"a.sh": "x"}, ENVIRONMENT, frozenset({"b", "a"}), 7)
WHOLE = {
    "template": TEMPLATE,
    "files": {"a.sh": "x"},
    "environment": ENVIRONMENT,
    "timeout_mins": 7,
    "disable_rollback": True,
}


@pytest.fixture
def heat(cloud: Cloud, server: FakeOpenStack) -> ProjectHeat:
    """One project that holds stack `one`."""
    server.add("p-a", ["one"])
    return cloud.heat(A)


@pytest.fixture
def stack(heat: ProjectHeat) -> LiveStack:
    """Stack `one`."""
    return heat.listing().stacks[0]


def test_a_create_is_whole(heat: ProjectHeat, server: FakeOpenStack) -> None:
    heat.create(REQUEST)
    assert server.bodies[-1] == {**WHOLE, "stack_name": "one", "tags": "a,b"}


def test_a_check_is_the_create_under_an_unused_name(
    heat: ProjectHeat, server: FakeOpenStack
) -> None:
    server.script["POST", "/v1/p-a/stacks/preview"] = [Answer(200, {"stack": {}})] * 2
    names = []
    for _ in range(2):
        heat.check_create(REQUEST)
        names.append(server.bodies[-1].pop("stack_name"))
        assert server.bodies[-1] == {**WHOLE, "tags": "a,b"}
    assert len({*names, "one"}) == 3


def test_an_update_is_whole_and_says_no_tags_by_leaving_them_out(
    heat: ProjectHeat, stack: LiveStack, server: FakeOpenStack
) -> None:
    heat.update(stack, REQUEST)
    assert server.bodies[-1] == {**WHOLE, "tags": "a,b"}
    heat.update(stack, StackRequest("one", TEMPLATE, {"a.sh": "x"}, ENVIRONMENT, frozenset(), 7))
    assert server.bodies[-1] == WHOLE


def test_a_patch_holds_tags_and_environment_only(
    heat: ProjectHeat, stack: LiveStack, server: FakeOpenStack
) -> None:
    heat.patch(stack, TagRequest({"resource_registry": {}}, frozenset({"b", "a"})))
    assert server.seen[-1][0] == "PATCH"
    assert server.bodies[-1] == {
        "environment": {"resource_registry": {}},
        "tags": "a,b",
        "disable_rollback": True,
    }


def test_events_of_a_resource_of_the_same_name_are_left_out(
    heat: ProjectHeat, stack: LiveStack, server: FakeOpenStack
) -> None:
    event = {
        "resource_name": "one",
        "resource_status": "CREATE_COMPLETE",
        "resource_status_reason": "state changed",
        "event_time": "2026-10-01T08:00:00Z",
    }
    rows = [{**event, "physical_resource_id": id_} for id_ in (stack.id, "a-server")]
    server.script["GET", "/v1/p-a/stacks/one/id-0/events"] = [Answer(200, {"events": rows})]
    assert [found.status for found in heat.events(stack)] == ["CREATE_COMPLETE"]


def test_outputs_with_an_error_are_left_out(
    heat: ProjectHeat, stack: LiveStack, server: FakeOpenStack
) -> None:
    outputs = [
        {"output_key": "url", "output_value": "http://x"},
        {"output_key": "ip", "output_value": None, "output_error": "not there yet"},
        {"output_key": "note", "output_value": None},
    ]
    answer = Answer(200, {"stack": {"id": stack.id, "stack_name": "one", "outputs": outputs}})
    server.script["GET", "/v1/p-a/stacks/one/id-0"] = [answer]
    assert heat.outputs(stack) == {"url": "http://x", "note": None}


def test_find_stays_on_the_host_of_the_catalog(heat: ProjectHeat, server: FakeOpenStack) -> None:
    moved = Answer(302, "", {"Location": "http://elsewhere.invalid/v1/p-a/stacks/one/id-0"})
    server.script["GET", "/v1/p-a/stacks/one"] = [moved]
    server.script["GET", "/v1/p-a/stacks/one/id-0"] = [
        Answer(200, {"stack": server.row("p-a", "one", "id-0")})
    ]
    found = heat.find("one")
    assert found
    assert found.id == "id-0"


def test_resource_types_are_asked_for_once(heat: ProjectHeat, server: FakeOpenStack) -> None:
    path = "/v1/p-a/resource_types/OS%3A%3AX"
    answer = {"properties": {"a": {"update_allowed": True}, "b": {"update_allowed": False}}}
    server.script["GET", path] = [Answer(200, answer)]
    for _ in range(2):
        assert heat.properties("OS::X") == {"a": True, "b": False}
    assert heat.properties("OS::Y") is None
    assert server.seen.count(("GET", path)) == 1
