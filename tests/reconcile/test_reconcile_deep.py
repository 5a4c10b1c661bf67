"""Which server belongs to whom, and what a server's state means for its instance."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconcile_samples import NOW, OTHER_SPEC, OWNER, PREWARM, SPEC, farewell, live, stack

from appstore.reconcile.deep import Bearer, bearers, by_name
from appstore.reconcile.plan import Entry
from appstore.reconcile.status import health_of
from appstore.reconcile.table import decide
from appstore.reconcile.things import StackResource, Thing, ThingKind
from appstore.reconcile.vocabulary import Owner, Word
from appstore.wanted.spec import Spec
from appstore.wanted.stacks import WantedStack

NAME = stack().name
LAB = StackResource("server", "OS::Nova::Server", "5e1f")
PORT = StackResource("port", "OS::Neutron::Port", "77af")
NO_DISK = "or, if nothing on it has to stay: appstore reset dr-a/cs101/web-lab/s01"


def making(servers: int) -> Spec:
    """A template that makes this many servers."""
    one = {"type": "OS::Nova::Server", "properties": {"flavor": "m1.tiny"}}
    resources = {f"server{number}": one for number in range(servers)}
    return replace(SPEC, template={"heat_template_version": "2018-08-31", "resources": resources})


def entry(status: str = "CREATE_COMPLETE", wanted: WantedStack | None = None) -> Entry:
    subject = wanted or stack(spec=making(1))
    there = live(status, of=stack())
    decision = decide(subject, there, NOW, OWNER)
    return Entry("dr-a", "devcloud", "p", subject, there, health_of(there), decision)


def server(status: str = "ACTIVE", name: str = f"{NAME}-server-x7", id_: str = "5e1f") -> Thing:
    return Thing(ThingKind.SERVER, id_, name, status)


def bearer(status: str = "CREATE_COMPLETE") -> Bearer:
    wanted = stack(spec=making(1), wanted=PREWARM) if status == "SUSPEND_COMPLETE" else None
    (found,) = bearers([entry(status, wanted)], OWNER)
    return found


@pytest.mark.parametrize(
    ("status", "reason", "step"),
    [
        ("SHUTOFF", 'its server "server" (5e1f) is stopped', "openstack server start 5e1f"),
        ("PAUSED", 'its server "server" (5e1f) is paused', "openstack server unpause 5e1f"),
        (
            "SUSPENDED",
            'its server "server" (5e1f) is suspended though its stack is awake',
            "openstack server resume 5e1f",
        ),
        (
            "SHELVED_OFFLOADED",
            'its server "server" (5e1f) is shelved',
            "openstack server unshelve 5e1f",
        ),
        (
            "VERIFY_RESIZE",
            'its server "server" (5e1f) waits until its new size is confirmed',
            "openstack server resize confirm 5e1f",
        ),
    ],
)
def test_what_can_come_back_names_the_command(status: str, reason: str, step: str) -> None:
    found = bearer().standing([LAB, PORT], {"5e1f": server(status)})
    assert found
    assert (found.word, found.owner) == (Word.DRIFTED, Owner.LECTURER)
    assert found.reason == reason
    assert found.next_step.splitlines() == [step, NO_DISK]


@pytest.mark.parametrize(
    ("servers", "reason"),
    [
        ({}, "is gone, and no run of ours deleted it"),
        ({"5e1f": server("ERROR")}, "is in ERROR (openstack server show -c fault 5e1f)"),
        ({"5e1f": server("NEW_WORD")}, "has a status that this program does not know: NEW_WORD"),
    ],
)
def test_what_cannot_come_back_is_reset(servers: dict[str, Thing], reason: str) -> None:
    found = bearer().standing([LAB], servers)
    assert found
    assert reason in found.reason
    assert found.next_step == "appstore reset dr-a/cs101/web-lab/s01"


def test_several_servers_are_all_named() -> None:
    other = StackResource("group/1", "OS::Nova::Server", "9c2d")
    found = bearer().standing([LAB, other], {"5e1f": server("SHUTOFF")})
    assert found
    assert 'its server "server" (5e1f) is stopped; its server "group/1" (9c2d) is gone' in (
        found.reason
    )
    assert found.next_step.splitlines() == ["openstack server start 5e1f", NO_DISK]


@pytest.mark.parametrize(
    ("stack_status", "server_status", "well"),
    [
        ("CREATE_COMPLETE", "ACTIVE", True),
        ("CREATE_COMPLETE", "REBOOT", True),
        ("CREATE_COMPLETE", "SUSPENDED", False),
        ("SUSPEND_COMPLETE", "SUSPENDED", True),
        ("SUSPEND_COMPLETE", "ACTIVE", True),
        ("SUSPEND_COMPLETE", "SHUTOFF", False),
    ],
)
def test_asleep_its_server_may_sleep(stack_status: str, server_status: str, well: bool) -> None:
    one = server(server_status)
    assert bearer(stack_status).well([one]) is well
    assert (bearer(stack_status).standing([LAB], {"5e1f": one}) is None) is well


@pytest.mark.parametrize("named", [0, 2])
def test_too_few_or_too_many_of_its_name_leave_a_doubt(named: int) -> None:
    assert not bearer().well([server()] * named)


def test_how_many_servers_are_expected() -> None:
    unlike = stack(spec=replace(making(1), digest=OTHER_SPEC.digest))
    assert [each.servers for each in bearers([entry()], OWNER)] == [1]
    assert [each.servers for each in bearers([entry(wanted=unlike)], OWNER)] == [None], (
        "it runs an older template"
    )
    assert bearers([entry(wanted=stack(spec=making(0)))], OWNER) == (), "nothing to look for"


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "UPDATE_FAILED", "DELETE_FAILED"])
def test_what_is_not_well_by_its_stack_is_told_by_its_stack(status: str) -> None:
    assert bearers([entry(status)], OWNER) == ()


def test_what_shall_go_is_not_looked_at() -> None:
    there = live()
    gone = farewell()
    decision = decide(gone, there, NOW, OWNER)
    leaving = Entry("dr-a", "devcloud", "p", gone, there, health_of(there), decision)
    assert bearers([leaving], OWNER) == ()


def test_names_as_heat_gives_them_lead_to_their_stacks() -> None:
    stacks = ["net--lab--red", "net--lab--red-two", "base"]
    names = {
        "net--lab--red": "net--lab--red",
        "net--lab--red-server-5kzhslqnoeus": "net--lab--red",
        "net--lab--red-two-server-5kzhslqnoeus": "net--lab--red-two",
        "net--lab--red-grp-hzlltffvnxb5-1-xvdptq2vbrv3": "net--lab--red",
        "ne--ab--red-server-5kzhslqnoeus": None,
        "net--lab--redder": None,
        "": None,
    }
    servers = [server(name=name) for name in names]
    found = by_name(stacks, servers)
    assert {s.name: stack for stack, mine in found.items() for s in mine} == {
        name: stack for name, stack in names.items() if stack
    }


SLUGS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=3).map("-".join)


@given(st.lists(SLUGS, unique=True), st.lists(SLUGS))
def test_a_server_bears_the_longest_name_that_fits(stacks: list[str], names: list[str]) -> None:
    found = by_name(stacks, [server(name=name) for name in names])
    for name in names:
        fits = [s for s in stacks if name == s or name.startswith(f"{s}-")]
        bore = [stack for stack, mine in found.items() if any(s.name == name for s in mine)]
        assert bore == ([max(fits, key=len)] if fits else [])
