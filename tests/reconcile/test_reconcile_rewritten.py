"""What a stack was last sent, against what its files say."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from reconcile_samples import NOW, OTHER_SPEC, OWNER, SPEC, live, stack

from appstore.documents.marks import JsonValue
from appstore.reconcile.plan import Entry
from appstore.reconcile.request import LiveContent
from appstore.reconcile.rewritten import Touched, touched
from appstore.reconcile.status import health_of
from appstore.reconcile.table import decide
from appstore.reconcile.vocabulary import Owner, Word
from appstore.wanted.environment import environment, values_to_send, without_secrets
from appstore.wanted.spec import Logical, Plain, SecretRef, Spec
from appstore.wanted.stacks import WantedStack

LAB = replace(
    SPEC,
    parameters={
        "key": SecretRef("env", "root", 1),
        "pin": Plain("4711"),
        "size": Logical("size", "small", "m1.small"),
        "title": Plain("it's; rm -rf"),
        "workers": Plain(2),
    },
    hidden=frozenset({"key", "pin"}),
)
RESET = "or, if nothing on it has to stay: appstore reset dr-a/cs101/web-lab/s01"
UPDATE = "openstack stack update --existing"


def entry(status: str = "UPDATE_COMPLETE", wanted: WantedStack | None = None) -> Entry:
    subject = wanted or stack(spec=LAB)
    there = replace(live(status, of=stack()), updated=NOW)
    decision = decide(subject, there, NOW, OWNER)
    return Entry("dr-a", "devcloud", "p", subject, there, health_of(there), decision)


def one() -> Touched:
    (found,) = touched([entry()], OWNER)
    return found


def content(
    parameters: Mapping[str, JsonValue] | None = None,
    template: Mapping[str, JsonValue] | None = None,
    files: Mapping[str, str] | None = None,
    spec: Spec = LAB,
) -> LiveContent:
    """What Heat returns of a stack that was sent `spec`, with what somebody did to it."""
    sent = dict(environment(spec, values_to_send(spec, without_secrets(spec), None)))
    values = sent["parameters"]
    assert isinstance(values, dict)
    sent["parameters"] = {**values, "key": "******", "pin": "******", **(parameters or {})}
    return LiveContent({**spec.template, **(template or {})}, sent, files or {})


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"workers": "2"},  # as the ordinary client sends a number
        {"key": "another mask"},
    ],
)
def test_what_is_as_written(same: Mapping[str, JsonValue]) -> None:
    assert one().standing(content(same)) is None


@pytest.mark.parametrize(
    ("parameters", "told", "back"),
    [
        (
            {"workers": 3},
            "parameters.workers is 3, the files say 2",
            f"{UPDATE} --parameter=workers=2 {stack().name}",
        ),
        (
            {"size": "m1.huge"},
            "parameters.size is m1.huge, the files say m1.small",
            f"{UPDATE} --parameter=size=m1.small {stack().name}",
        ),
        (
            {"extra": "x"},
            "parameters.extra is x, the files do not have it",
            f"{UPDATE} --clear-parameter=extra {stack().name}",
        ),
        (
            {"title": "\x1b[2J"},
            "parameters.title is \\x1b[2J, the files say it's; rm -rf",
            f"{UPDATE} '--parameter=title=it'\"'\"'s; rm -rf' {stack().name}",
        ),
        (
            {"$(reboot)": 1},
            "parameters.$(reboot) is 1, the files do not have it",
            f"{UPDATE} '--clear-parameter=$(reboot)' {stack().name}",
        ),
    ],
)
def test_changed_parameters_name_the_command(
    parameters: Mapping[str, JsonValue], told: str, back: str
) -> None:
    found = one().standing(content(parameters))
    assert found
    assert (found.word, found.owner) == (Word.DRIFTED, Owner.LECTURER)
    assert found.reason == f"somebody updated it by hand: {told}"
    assert found.next_step.splitlines() == [back, RESET]


def test_a_changed_template_goes_with_the_next_update() -> None:
    changed = content({"workers": 3}, {"description": "mine"}, {"a": "x"})
    found = one().standing(changed)
    assert found
    assert "template.description is mine, the files do not have it" in found.reason
    assert found.next_step.splitlines() == [
        "any change of it in deployments/dr-a/cs101/web-lab.yaml: its update sends all anew, "
        "and the plan shows what that does",
        RESET,
    ]


@pytest.mark.parametrize(
    "name", ["a\nopenstack stack delete lab", "a\x1b[2J", "a\u202eb", "long" * 70]
)
def test_a_command_that_would_not_read_as_it_runs_is_not_told(name: str) -> None:
    found = one().standing(content({name: "x"}))
    assert found
    assert found.reason.isprintable()
    assert found.next_step.startswith("any change of it in ")
    assert "delete" not in found.next_step


def test_of_many_changes_three_are_told() -> None:
    found = one().standing(content({f"extra{number}": number for number in range(5)}))
    assert found
    assert found.reason.endswith("parameters.extra2 is 2, the files do not have it; and 2 more")


def test_guards_are_sent_anew_with_each_update() -> None:
    """A PATCH of ours sends them also where the version may replace its servers."""
    bare = replace(LAB, restrictions={})
    (found,) = touched([entry(wanted=stack(spec=bare))], OWNER)
    assert found.standing(content()) is None


def test_who_is_looked_at() -> None:
    never = entry()
    assert never.live
    never = replace(never, live=replace(never.live, updated=None))
    assert touched([never], OWNER) == (), "nothing was done since its creation"
    unlike = stack(spec=replace(LAB, digest=OTHER_SPEC.digest))
    assert touched([entry(wanted=unlike)], OWNER) == (), "the plan shows it"
    assert touched([entry("UPDATE_FAILED")], OWNER) == (), "its stack tells"
    assert len(touched([entry("SUSPEND_COMPLETE"), entry("RESUME_COMPLETE")], OWNER)) == 2
