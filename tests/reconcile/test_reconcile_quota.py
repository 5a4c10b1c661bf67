"""Rail 10: what fits goes on, what does not is refused with the smallest change that fits."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reconcile_samples import LINE, NOW, OTHER_SPEC, OWNER, REV, SPEC, TODAY, anything, live, stack

from appstore.reconcile.decision import Act, Action, Refuse, Step
from appstore.reconcile.difference import Difference
from appstore.reconcile.needs.claims import claims, makes_room, takes_room
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Flavor, Needs
from appstore.reconcile.needs.room import Limit, Room
from appstore.reconcile.plan import Entry, Health, Plan
from appstore.reconcile.propose import Proposal
from appstore.reconcile.rails.exceptions import DatedException
from appstore.reconcile.rails.guard import guarded
from appstore.reconcile.rails.rules import Attendance, Choice, Rules
from appstore.report.plan import plan_text
from appstore.report.plan_json import plan_json
from appstore.wanted.identity import InstanceId
from appstore.wanted.spec import Logical, Spec

FLAVORS = {"m1.tiny": Flavor(1, 512), "m1.small": Flavor(2, 2048), "m1.large": Flavor(8, 8192)}
SIZES = tuple(Logical("size", name.removeprefix("m1."), name) for name in FLAVORS)
MAKE = Act(Action.CREATE, (Step.CREATE,), "")
GROW = Act(Action.UPDATE, (Step.UPDATE,), "")
RESET = Act(Action.RECREATE, (Step.DELETE, Step.CREATE), "", LINE)
END = Act(Action.DELETE, (Step.DELETE,), "", LINE)
RULES = Rules(OWNER, Attendance.PERSON, frozenset({REV}), may_use=anything)


def lab(size: str = "small", servers: int = 1, **others: int) -> Spec:
    """Servers of one size, and other resources by type."""
    resources: dict[str, Any] = {
        f"server{n}": {
            "type": "OS::Nova::Server",
            "properties": {"flavor": {"get_param": "size"}, "networks": [{"port": "p"}]},
        }
        for n in range(servers)
    }
    for type_, count in others.items():
        for n in range(count):
            resources[f"{type_}{n}"] = {"type": f"OS::Neutron::{type_}"}
    hot: dict[str, Any] = {"parameters": {"size": {"type": "string"}}, "resources": resources}
    chosen = {each.name: each for each in SIZES}[size]
    return replace(SPEC, template=hot, parameters={"size": chosen}, sizes={"size": SIZES})


def seats(
    name: str, many: int, spec: Spec | None = None, act: Act = MAKE, **changes: Any
) -> list[Entry]:
    spec = spec or lab()
    return [_entry(name, f"s{n:02}", spec, act, **changes) for n in range(1, many + 1)]


def _entry(name: str, member: str | None, spec: Spec, act: Act, **changes: Any) -> Entry:
    id_ = InstanceId("cs101", name, member) if member else InstanceId(None, name, None)
    difference = changes.pop("difference", None)
    subject = stack(id_, path=f"deployments/dr-a/{name}.yaml", spec=spec, **changes)
    there = None if act is MAKE else live(of=subject, id=f"id-{name}-{member}")
    return Entry("dr-a", "campus", "lab-a", subject, there, Health.HEALTHY, act, False, difference)


def room(frees: Mapping[str, Needs] | None = None, **limits: tuple[int, int]) -> Room:
    """`room(cores=(40, 28))`: 28 of 40 cores are in use."""
    found = {Kind[name.upper()]: Limit(*each) for name, each in limits.items()}
    return Room(found, FLAVORS, frees or {})


def plan(entries: list[Entry], left: Room | None, **rules: Any) -> Plan:
    rooms = {("campus", "lab-a"): left} if left else {}
    proposal = Proposal(OWNER, REV, NOW, tuple(entries), (), (), (), ())
    return guarded(proposal, replace(RULES, rooms=rooms, **rules))


def words(found: Plan) -> dict[str, str]:
    """By deployment: `10 create`, `10 quota`."""
    counts = Counter(
        (e.subject.name.split("--")[1 if "--" in e.subject.name else 0], _word(e))
        for e in found.entries
    )
    return {name: f"{count} {word}" for (name, word), count in counts.items()}


def _word(entry: Entry) -> str:
    match entry.decision:
        case Act(action=action):
            return action
        case Refuse(rule=rule):
            return rule
        case other:
            return type(other).__name__


OTHER_LAB = replace(lab(), digest=OTHER_SPEC.digest)
BEFORE, AFTER = Needs(flavors={"m1.small": 1}), Needs(flavors={"m1.large": 1})
BIGGER = Difference((), (), (), (BEFORE, AFTER))
SMALLER = Difference((), (), (), (AFTER, BEFORE))
FROM_GONE = Difference((), (), (), (Needs(flavors={"m1.gone": 1}), AFTER))
HELD = {f"id-old-s{n:02}": Needs({Kind.INSTANCES: 1}, {"m1.small": 1}) for n in range(1, 6)}


@pytest.mark.parametrize(
    ("entries", "left", "expected"),
    [
        # nothing is known of a quota: nothing is refused
        (seats("lab", 10), None, {"lab": "10 create"}),
        (seats("lab", 10), room(), {"lab": "10 create"}),
        (seats("lab", 10), room(cores=(20, 0)), {"lab": "10 create"}),
        (seats("lab", 10), room(cores=(20, 1)), {"lab": "10 quota"}),
        (seats("lab", 10), room(ram=(20480, 1)), {"lab": "10 quota"}),
        (seats("lab", 10, lab(FloatingIP=1)), room(floating_ips=(9, 0)), {"lab": "10 quota"}),
        (seats("lab", 10), room(stacks=(512, 503)), {"lab": "10 quota"}),
        # a limit that is not touched does not matter, however full it is
        (seats("lab", 10), room(networks=(0, 5)), {"lab": "10 create"}),
        # whole deployments, in the plan's order; a later one that still fits comes in
        (
            [*seats("a", 5), *seats("b", 10), *seats("c", 2)],
            room(cores=(20, 0)),
            {"a": "5 create", "b": "10 quota", "c": "2 create"},
        ),
        # a reset has its own room, an update takes the difference
        (seats("lab", 3, act=RESET), room(cores=(6, 6)), {"lab": "3 recreate"}),
        (seats("lab", 3, act=GROW), room(cores=(6, 6)), {"lab": "3 update"}),
        (seats("lab", 3, act=GROW, difference=BIGGER), room(cores=(24, 6)), {"lab": "3 update"}),
        (seats("lab", 3, act=GROW, difference=BIGGER), room(cores=(23, 6)), {"lab": "3 quota"}),
        (seats("lab", 3, act=GROW, difference=SMALLER), room(cores=(5, 24)), {"lab": "3 update"}),
        # the flavor of the running server is gone from the cloud
        (seats("lab", 3, act=GROW, difference=FROM_GONE), room(cores=(6, 6)), {"lab": "3 update"}),
        # ordered deletes go first, and what they hold is room; for a base they come too late
        (
            [*seats("lab", 5), *seats("old", 5, act=END)],
            room(HELD, cores=(10, 10)),
            {"lab": "5 create", "old": "5 delete"},
        ),
        (
            [*seats("lab", 5), *seats("old", 5, OTHER_LAB, replace(END, cause=None))],
            room(HELD, cores=(10, 10)),
            {"lab": "5 quota", "old": "5 delete"},
        ),
        (
            [_entry("net", None, lab(), MAKE, base=True, term=None), *seats("old", 5, act=END)],
            room(HELD, cores=(10, 10)),
            {"net": "1 quota", "old": "5 delete"},
        ),
    ],
)
def test_what_fits(entries: list[Entry], left: Room | None, expected: dict[str, str]) -> None:
    assert words(plan(entries, left)) == expected


def test_the_smallest_change_that_fits() -> None:
    [entry, *_] = plan(seats("lab", 10), room(cores=(40, 28), ram=(99999, 0))).entries
    assert entry.decision == Refuse(
        "quota",
        "6 of 10 fit into the quota of project lab-a (cores: 20 more needed, 12 left of 40)",
        "Write `size: tiny` in deployments/dr-a/lab.yaml: then all 10 fit.\n"
        "Ask for 6 instead of 10, or begin with some of them by name: "
        "appstore apply dr-a/cs101/lab/s01\n"
        "Have the OpenStack admin raise the quota: openstack quota set --cores 48 lab-a",
    )


def test_the_request_makes_room_for_the_whole_plan() -> None:
    found = plan([*seats("a", 5), *seats("b", 9)], room(cores=(20, 8), ram=(9000, 0)))
    [shortage] = found.shortages
    assert shortage.request == (
        "Please raise the quota of project lab-a on cloud campus:",
        "  cores: 20 -> 36 (8 in use)",
        "  MiB of memory: 9000 -> 28672 (0 in use)",
        "openstack quota set --cores 36 --ram 28672 lab-a",
    )
    enough = room(cores=(36, 8), ram=(28672, 0))
    assert words(plan([*seats("a", 5), *seats("b", 9)], enough)) == {
        "a": "5 create",
        "b": "9 create",
    }
    text = list(plan_text(found))
    assert "  openstack quota set --cores 36 --ram 28672 lab-a" in text
    told = plan_json(found)["shortages"]
    assert isinstance(told, list)
    assert told[0]["missing"][0] == {"quota": "cores", "limit": 20, "used": 8, "wanted": 36}


def test_stacks_are_limited_by_heat_alone() -> None:
    [shortage] = plan(seats("lab", 2), room(stacks=(10, 9))).shortages
    assert shortage.commands == (
        "max_stacks_per_tenant = 11 in heat.conf, and max_stacks in site.yaml",
    )


def test_a_filtered_run_is_judged_by_what_it_carries_out() -> None:
    some = Choice(("dr-a/cs101/lab/s0[1-6]",))
    assert words(plan(seats("lab", 10), room(cores=(40, 28)), choice=some)) == {"lab": "6 create"}


@pytest.mark.parametrize(
    ("scope", "most", "expected"),
    [
        ("dr-a", None, {"a": "5 create", "b": "5 create"}),
        ("dr-a", 9, {"a": "5 create", "b": "5 quota"}),
        ("dr-a/cs101/b", 5, {"a": "5 quota", "b": "5 create"}),
        ("dr-b", None, {"a": "5 create", "b": "5 quota"}),
    ],
)
def test_an_exception_lets_it_be_tried(
    scope: str, most: int | None, expected: dict[str, str]
) -> None:
    one = DatedException("quota", scope, TODAY, most, "", "deployments/site.yaml", 9)
    entries = [*seats("a", 5), *seats("b", 5)]
    assert words(plan(entries, room(cores=(10, 0)), exceptions=(one,))) == expected


def test_what_is_not_known_is_said() -> None:
    unknown = replace(lab(), parameters={"size": Logical("size", "odd", "m1.odd")})
    left = replace(room(cores=(10, 0)), unread=("Neutron is away.",))
    [entry] = plan(seats("lab", 1, unknown), left).entries
    assert entry.warnings == (
        'its share of the quota: the cloud has no flavor "m1.odd"',
        "its share of the quota: Neutron is away.",
    )


@pytest.mark.parametrize(
    ("entry", "takes", "makes"),
    [
        (seats("lab", 1)[0], True, False),
        (seats("lab", 1, act=RESET)[0], True, False),
        (seats("lab", 1, act=GROW)[0], False, False),
        (seats("lab", 1, act=GROW, difference=BIGGER)[0], True, False),
        (seats("lab", 1, act=END)[0], False, True),
        (seats("lab", 1, act=replace(END, cause=None))[0], False, False),
        (seats("lab", 1, act=END, base=True)[0], False, False),
    ],
)
def test_who_takes_and_who_makes_room(entry: Entry, takes: bool, makes: bool) -> None:
    assert (takes_room(entry), makes_room(entry)) == (takes, makes)


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Entry], Room]:
    """Some deployments of every sort beside a quota of every size."""
    entries: list[Entry] = []
    for name in draw(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1)):
        size = draw(st.sampled_from([each.name for each in SIZES]))
        spec = lab(size, draw(st.integers(0, 2)), Net=draw(st.integers(0, 2)))
        act = draw(st.sampled_from([MAKE, MAKE, GROW, RESET, END]))
        difference = draw(st.sampled_from([None, BIGGER, SMALLER])) if act is GROW else None
        entries += seats(name, draw(st.integers(1, 4)), spec, act, difference=difference)
    held = {
        e.live.id: Needs({Kind.NETWORKS: 1}, {"m1.small": 1})
        for e in entries
        if e.live and draw(st.booleans())
    }
    limits = {
        kind: Limit(draw(st.integers(0, 60)), draw(st.integers(0, 30)))
        for kind in (Kind.CORES, Kind.NETWORKS, Kind.INSTANCES)
        if draw(st.booleans())
    }
    return entries, Room(limits, FLAVORS, held)


def added(entries: list[Entry], left: Room) -> Counter[Kind]:
    """Worked out once more, entry by entry."""
    total: Counter[Kind] = Counter()
    for each in claims(entries):
        total.update(each.amounts(left))
    return total


def available(entries: list[Entry], left: Room) -> Counter[Kind]:
    free = Counter(left.left())
    for entry in entries:
        if entry.decision == END and entry.live and entry.live.id in left.frees:
            free.update(left.frees[entry.live.id].amounts(FLAVORS))
    return free


def overfull(entries: list[Entry], left: Room) -> list[Kind]:
    total, free = added(entries, left), available(entries, left)
    return [kind for kind in left.limits if 0 < total[kind] > free[kind]]


@given(crowds())
def test_what_is_let_through_fits(crowd: tuple[list[Entry], Room]) -> None:
    entries, left = crowd
    kept = [e for e in plan(entries, left).entries if not isinstance(e.decision, Refuse)]
    assert not overfull(kept, left)


@given(crowds())
def test_what_fits_is_not_refused(crowd: tuple[list[Entry], Room]) -> None:
    entries, left = crowd
    found = plan(entries, left)
    refused = [e for e in found.entries if isinstance(e.decision, Refuse)]
    kept = [e for e in found.entries if e not in refused]
    whole = {entry.subject.name: entry for entry in entries}
    for name in {e.subject.path for e in refused}:  # type: ignore[union-attr]
        again = [whole[e.subject.name] for e in refused if e.subject.path == name]  # type: ignore[union-attr]
        assert overfull([*kept, *again], left)
    assert refused or not found.shortages


@given(crowds())
def test_the_raised_quota_is_enough(crowd: tuple[list[Entry], Room]) -> None:
    entries, left = crowd
    for shortage in plan(entries, left).shortages:
        raised = {one.kind: replace(one.present, limit=one.wanted) for one in shortage.missing}
        more = replace(left, limits={**left.limits, **raised})
        assert not plan(entries, more).shortages
