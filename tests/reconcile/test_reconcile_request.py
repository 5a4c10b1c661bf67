"""What is sent to Heat."""

from reconcile_samples import SPEC, stack

from appstore.documents.marks import JsonValue
from appstore.reconcile.request import stack_request, tag_request

GUARD: JsonValue = {"restricted_actions": "replace"}
TAGS = frozenset({"appstore"})


def test_a_request_holds_the_whole_wanted_state() -> None:
    request = stack_request(stack(), {"size": "m1.small"}, TAGS)
    assert (request.name, request.template, request.files) == (
        "cs101--web-lab--s01",
        SPEC.template,
        SPEC.files,
    )
    assert request.environment["parameters"] == {"size": "m1.small"}
    assert request.environment["resource_registry"] == {"resources": SPEC.restrictions}
    assert (request.tags, request.timeout_minutes) == (TAGS, 60)


def test_new_tags_bring_the_guards_along_and_never_take_any_away() -> None:
    assert tag_request({"server": GUARD}, TAGS).environment == {
        "resource_registry": {"resources": {"server": GUARD}}
    }
    assert tag_request({}, TAGS).environment == {}
