"""Each rail from file to plan: what it refuses, and that its printed way out lets the plan pass.

Rails 1, 6 and 11 are stories on the real Heat (tests/flow), 8 and 10 have files of their own.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from heat_standin import FakeClock, StandInHeat

from appstore.cloud.projects import Project
from appstore.reconcile.decision import Act, Refuse
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.room import Room
from appstore.reconcile.plan import Entry, Plan
from appstore.reconcile.rails.rules import Attendance, Choice
from appstore.reconcile.request import stack_request
from appstore.reconcile.tags import tags_for
from appstore.registry.read import read_registry
from appstore.runs.plan import Order, make_plan
from appstore.source.tree import Tree
from appstore.wanted.stacks import LecturerStacks, WantedStack
from appstore.wanted.tree import wanted_tree

OWNER, OLD, NEW = "teaching", "1" * 40, "2" * 40
COURSE = "deployments/ada/net101/course.yaml"
LAB = "deployments/ada/net101/lab.yaml"
BOARD = "deployments/ada/net101/board.yaml"
BASE = "deployments/ada/net.yaml"
SITE = "deployments/site.yaml"
PROBE = "catalog/probe/1.0.0/heat.yaml"
FILES = {
    SITE: "owner: teaching\nclouds: {main: {}}\ntenants: {inf: {title: I, clouds: [main]}}\n"
    "resource_types: ['OS::Heat::*']\n",
    "catalog/probe/template.yaml": "title: Probe\nsummary: S\nowner: ada\n",
    "catalog/probe/1.0.0/version.yaml": "timeout: 5\n",
    PROBE: "heat_template_version: 2021-04-16\nparameters: {n: {type: number, default: 1}}\n"
    "resources: {lab: {type: 'OS::Heat::TestResource', properties: {value: {get_param: n}}}}\n",
    "deployments/ada/lecturer.yaml": "tenant: inf\ncloud: main\nproject: ada\n",
    COURSE: "title: C\nterm: w26\nstarts: 2026-01-01\nends: 2099-01-01\nroster: {seats: 6}\n",
    LAB: "template: probe@1.0.0\nfor: student\n",
    BOARD: "template: probe@1.0.0\nfor: course\nparameters: {n: 2}\n",
    BASE: "template: probe@1.0.0\nbase: true\nends: 2099-01-01\nparameters: {n: 3}\n",
}
ADA = Project("ada", "ada-id")


@dataclass
class OneProject:
    """A cloud with one project, whose quota has room for everything."""

    stand_in: StandInHeat

    def projects(self) -> tuple[Project, ...]:
        return (ADA,)

    def project(self, asked: str) -> Project:
        return ADA

    def heat(self, project: Project) -> StandInHeat:
        return self.stand_in

    def listings(self, projects: Iterable[Project]) -> Mapping[Project, LiveProject]:
        return {project: self.stand_in.listing() for project in projects}

    def room(self, project: Project, kinds: frozenset[Kind]) -> Room:
        return Room({})


@dataclass
class World:
    """Files, and what they made while they were as they are in `FILES`."""

    files: dict[str, str] = field(default_factory=lambda: dict(FILES))
    clock: FakeClock = field(default_factory=FakeClock)
    attendance: Attendance = Attendance.PERSON
    choice: Choice | None = None
    rev: str = NEW

    def __post_init__(self) -> None:
        self.heat = StandInHeat(self.clock, cloud="main", project_id=ADA.id, project_name=ADA.name)
        self.clock.sleep(1)
        for stack in self.wanted():
            self.make(stack)

    def wanted(self) -> list[WantedStack]:
        (ada,) = wanted_tree(read_registry(self.bytes()), self.clock.now()).lecturers
        assert isinstance(ada, LecturerStacks)
        return [one for one in ada.stacks if isinstance(one, WantedStack)]

    def make(self, stack: WantedStack, *more: str) -> LiveStack:
        tags = tags_for(OWNER, stack, OLD, 0) | frozenset(more)
        return self.heat.seed(stack_request(stack, {}, tags))

    def bytes(self) -> dict[str, bytes]:
        return {path: text.encode() for path, text in self.files.items()}

    def add(self, path: str, text: str) -> None:
        self.files[path] = self.files.get(path, "") + text

    def move(self, old: str, new: str) -> None:
        self.files[new] = self.files.pop(old)

    def plan(self) -> Plan:
        builds_on = {NEW: {NEW, OLD}, OLD: {OLD}}.get(self.rev, {self.rev})
        order = Order(
            Tree(self.bytes(), self.rev, False),
            self.clock.now(),
            self.attendance,
            self.choice,
            lambda revs: revs & builds_on,
        )
        return make_plan(order, lambda name: OneProject(self.heat)).plan

    def refused(self, rule: str) -> list[Entry]:
        entries = self.plan().entries
        return [e for e in entries if isinstance(e.decision, Refuse) and e.decision.rule == rule]

    def follow(self, entry: Entry) -> None:
        """Put the printed exception into the file that it names."""
        assert isinstance(entry.decision, Refuse)
        printed = re.search(
            r"to (deployments/\S+), with a date at most 14 days ahead:\n(exceptions:\n.*)",
            entry.decision.next_step,
            re.DOTALL,
        )
        assert printed, entry.decision.next_step
        until = (self.clock.now() + timedelta(days=10)).date()
        path, lines = printed.groups()
        text = lines.replace("<why>", "it is meant").replace("<YYYY-MM-DD>", str(until))
        self.add(path, f"{text}\n")


def long_gone(world: World, path: str = LAB) -> None:
    """The file went 60 days ago; its instances sleep, tagged."""
    wanted = world.wanted()
    world.heat = StandInHeat(world.clock, cloud="main", project_id=ADA.id, project_name=ADA.name)
    tagged = f"appstore:ending={world.clock.now().date() - timedelta(days=60)}"
    for stack in wanted:
        live = world.make(stack, *([tagged] if stack.path == path else []))
        if stack.path == path:
            world.heat.suspend(live)
    world.heat.settle()
    del world.files[path]


def only_a_part(world: World) -> None:
    long_gone(world, BOARD)
    world.choice = Choice(("ada/net101/board",))


def the_whole(world: World, entry: Entry) -> None:
    world.choice = Choice((entry.lecturer,))


def all_files_gone(world: World) -> None:
    for path in (LAB, BOARD, BASE):
        del world.files[path]


def moved(world: World) -> None:
    world.move(LAB, "deployments/ada/net101/practice.yaml")


def with_its_id(world: World, entry: Entry) -> None:
    assert isinstance(entry.decision, Refuse)
    said = re.match(r"Add `(id: .*)` to (\S+), and", entry.decision.next_step)
    assert said
    world.add(said[2], f"{said[1]}\n")


def reset_protected(world: World) -> None:
    world.add(LAB, "protect: true\nreset: {s01: 1}\n")


def unprotected(world: World, entry: Entry) -> None:
    world.files[LAB] = world.files[LAB].replace("protect: true\n", "")


def base_absent(world: World) -> None:
    world.add(BASE, "state: absent\n")


def others_first(world: World, entry: Entry) -> None:
    for path in (LAB, BOARD):
        world.add(path, "state: absent\n")
    for live in world.heat.listing().stacks:
        if "net101" in live.name:
            world.heat.delete(live)
    world.heat.settle()


def an_older_run(world: World) -> None:
    world.add(LAB, "parameters: {n: 9}\n")
    world.rev = "0" * 40


def the_newest(world: World, entry: Entry) -> None:
    world.rev = NEW


def as_printed(world: World, entry: Entry) -> None:
    world.follow(entry)


Way = Callable[[World, Entry], None]


@pytest.mark.parametrize(
    ("rule", "careless", "number", "way_out", "then"),
    [
        ("filtered-delete", only_a_part, 1, the_whole, {"delete"}),
        ("emptied", all_files_gone, 8, as_printed, {"end"}),
        ("many-deletes", long_gone, 6, as_printed, {"delete"}),
        ("renamed", moved, 12, with_its_id, {"settled"}),
        ("renamed", moved, 12, as_printed, {"create", "end"}),
        ("protected", reset_protected, 1, unprotected, {"recreate"}),
        ("protected", reset_protected, 1, as_printed, {"recreate"}),
        ("base-in-use", base_absent, 1, others_first, {"delete"}),
        ("newer-run", an_older_run, 6, the_newest, {"update"}),
        ("newer-run", an_older_run, 6, as_printed, {"update"}),
    ],
)
def test_a_refusal_and_its_way_out(
    rule: str, careless: Callable[[World], None], number: int, way_out: Way, then: set[str]
) -> None:
    world = World()
    assert {_word(e) for e in world.plan().entries} == {"settled"}, "nothing to do at first"
    careless(world)
    refused = world.refused(rule)
    assert len(refused) == number
    way_out(world, refused[0])
    for _ in refused[1:]:  # an exception may be for one instance only
        if not (left := world.refused(rule)):
            break
        way_out_again(world, left[0])
    assert world.plan().findings == ()
    names = {e.subject.name for e in refused} & {e.subject.name for e in world.plan().entries}
    assert {_word(e) for e in world.plan().entries if e.subject.name in names} <= then


def way_out_again(world: World, entry: Entry) -> None:
    """One more exception below those that are there."""
    before = dict(world.files)
    world.follow(entry)
    (path,) = (path for path in world.files if world.files[path] != before[path])
    first, _, second = world.files[path].rpartition("exceptions:\n")
    world.files[path] = first + second


def test_an_exception_that_is_over_lets_nothing_pass() -> None:
    world = World()
    long_gone(world)
    world.follow(world.refused("many-deletes")[0])
    assert not world.refused("many-deletes")
    world.clock.sleep(11 * 86_400)
    assert len(world.refused("many-deletes")) == 6
    assert any(finding.rule == "exceptions/ignored" for finding in world.plan().findings)


@pytest.mark.parametrize(
    ("old", "new", "acting"),
    [
        ("", "", 6),
        ("owner", "read_only: {reason: an audit}\nowner", 0),
        ("main: {}", "main: {maintenance: {reason: new switches}}", 0),
        ("main: {}", "main: {maintenance: {reason: done, until: 2026-09-30}}", 6),
    ],
)
def test_12_a_closed_cloud_is_planned_and_not_written_to(old: str, new: str, acting: int) -> None:
    world = World()
    world.add(LAB, "parameters: {n: 9}\n")
    world.files[SITE] = world.files[SITE].replace(old, new, 1)
    assert sum(_word(entry) == "update" for entry in world.plan().entries) == 6
    assert sum(isinstance(entry.decision, Act) for entry in world.plan().allowed()) == acting


def _word(entry: Entry) -> str:
    match entry.decision:
        case Act(action=action):
            return action
        case Refuse(rule=rule):
            return rule
        case other:
            return type(other).__name__.lower()
