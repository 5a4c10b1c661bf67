"""What is sent beside the template, and which live values an update keeps."""

import json

import pytest
from wanted_samples import LAB, edited, stacks

from appstore.documents.marks import JsonValue
from appstore.wanted.environment import environment, restrictions_only, values_to_send, written
from appstore.wanted.spec import Spec

SECRETS = {"password": "s3cret"}


def spec(edits: dict[str, str] | None = None) -> Spec:
    return stacks(edits)["db1/lab/s01"].spec


def live(size: JsonValue, forms: JsonValue, **more: JsonValue) -> dict[str, JsonValue]:
    """The environment of a stack that runs, as Heat returns it."""
    return {
        "parameters": {"size": size, "motd": "old", "password": "******", "workers": 1},
        "parameter_defaults": {"appstore_written": forms, **more},
        "event_sinks": [],
        "resource_registry": {"resources": {}},
    }


def test_the_environment() -> None:
    sent = environment(spec(), values_to_send(spec(), SECRETS, None))
    assert sent["parameters"] == {
        "motd": "hello",
        "password": "s3cret",
        "size": "m1.small",
        "workers": 2,
    }
    assert sent["resource_registry"] == {
        "resources": {
            "server": {"restricted_actions": "replace"},
            "disk": {"restricted_actions": "replace"},
        }
    }
    assert written(sent) == {
        "motd": {"value": "hello"},
        "password": {"secret": {"from": "env", "key": "root", "version": 2}},
        "size": {"size": "small"},
        "workers": {"value": 2},
    }
    assert sent["parameter_defaults"] == {
        "appstore_written": json.dumps(written(sent), separators=(",", ":")),
        "appstore_resolved": '{"size":"m1.small"}',
    }
    assert sent.keys() == {"parameters", "parameter_defaults", "resource_registry"}


def test_a_patch_holds_nothing_but_restrictions() -> None:
    assert restrictions_only(spec().guards) == {
        "resource_registry": {"resources": dict(spec().guards)}
    }


SMALL = '{"size":{"size":"small"}}'
TINY = '{"size":"m1.tiny"}'


@pytest.mark.parametrize(
    ("environment_now", "size"),
    [
        (None, "m1.small"),  # create, recreate, reset
        (live("m1.tiny", SMALL), "m1.tiny"),  # the site meant something else by small then
        (live("m1.huge", SMALL, appstore_resolved=TINY), "m1.tiny"),  # somebody else's doing
        (live("m1.tiny", SMALL, appstore_resolved="[]"), "m1.tiny"),
        (live("m1.tiny", SMALL, appstore_resolved="{}"), "m1.tiny"),
        (live("m1.tiny", '{"size":{"size":"large"}}'), "m1.small"),  # written anew
        (live("m1.huge", '{"size":{"size":"large"}}', appstore_resolved=TINY), "m1.small"),
        (live("m1.tiny", '{"size":{"image":"small"}}'), "m1.small"),
        (live("m1.tiny", '{"size":{"value":"small"}}'), "m1.small"),
        (live("m1.tiny", "{}"), "m1.small"),
        (live("m1.tiny", "[]"), "m1.small"),
        (live("m1.tiny", "not json"), "m1.small"),
        (live("m1.tiny", "[" * 100_000), "m1.small"),
        (live("m1.tiny", None), "m1.small"),
        ({"parameters": {"size": "m1.tiny"}}, "m1.small"),  # not made by us
        ({"parameter_defaults": {"appstore_written": SMALL}}, "m1.small"),
        ({"parameters": {}, "parameter_defaults": {"appstore_written": SMALL}}, "m1.small"),
    ],
)
def test_which_value_of_a_logical_name_is_sent(
    environment_now: dict[str, JsonValue] | None, size: str
) -> None:
    values = values_to_send(spec(), SECRETS, environment_now)
    assert values == {"motd": "hello", "password": "s3cret", "size": size, "workers": 2}


def test_a_plain_value_that_is_unchanged_is_sent_as_written_now() -> None:
    kept = live("m1.small", '{"motd":{"value":"hello"},"size":{"size":"small"}}')
    assert values_to_send(spec(), SECRETS, kept)["motd"] == "hello"


def test_a_secret_without_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="password"):
        values_to_send(spec(), {}, None)


def test_the_same_environment_comes_back_from_json() -> None:
    sent = environment(spec(), values_to_send(spec(), SECRETS, None))
    assert written(json.loads(json.dumps(sent))) == written(sent)
    again = values_to_send(
        spec(edited(LAB, "hello", "hallo")), SECRETS, json.loads(json.dumps(sent))
    )
    assert again["motd"] == "hallo"
