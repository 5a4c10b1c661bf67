"""Files, their history and the watched Heat; runs through the real path from text to writes."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from heat_standin import FakeClock
from heat_standin_calls import Killed, at_call, kill
from heat_standin_work import Stack
from months_files import OWNER, Files, Wish
from months_heat import WRITES, Order, WatchedHeat

from appstore.apply.clock import Stop
from appstore.apply.progress import Silent
from appstore.apply.run import Settings
from appstore.cloud.projects import Project
from appstore.documents.findings import Severity
from appstore.reconcile import decision as d
from appstore.reconcile.digest import fingerprint
from appstore.reconcile.live import LiveProject
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.room import Room
from appstore.reconcile.outcome import Done, Failed, Outcome, Unfinished
from appstore.reconcile.plan import Entry, Plan
from appstore.reconcile.rails.rules import Attendance, Choice
from appstore.reconcile.reviewed import ReviewedPlan, Scheduled
from appstore.reconcile.vocabulary import NOTHING, standing
from appstore.runs.apply import Applied, Surroundings, apply
from appstore.runs.plan import Order as Asked
from appstore.runs.plan import make_plan
from appstore.source.tree import Tree
from appstore.wanted.states import Cause

ADA = Project("ada", "p")
CALLS = ("listing", "find", "content", "resources", "failed_resources", "check_create", "events")
AWAKE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "RESUME_COMPLETE")


class OneProject:
    """A cloud with the one project; its quota has room for everything."""

    def __init__(self, heat: WatchedHeat) -> None:
        self._heat = heat

    def projects(self) -> tuple[Project, ...]:
        return (ADA,)

    def project(self, asked: str) -> Project:
        assert asked == ADA.name
        return ADA

    def heat(self, project: Project) -> WatchedHeat:
        return self._heat

    def listings(self, projects: Iterable[Project]) -> Mapping[Project, LiveProject]:
        return {project: self._heat.listing() for project in projects}

    def room(self, project: Project, kinds: frozenset[Kind]) -> Room:
        return Room({})


class World:
    """`commits` are the files so far, the last one is the head of the default branch."""

    def __init__(self) -> None:
        self.clock = FakeClock(datetime(2026, 10, 9, 8, tzinfo=UTC))
        self.heat = WatchedHeat(self.clock)
        self.commits = [Files()]
        self._merges: dict[tuple[str, bytes], ReviewedPlan] = {}

    @property
    def files(self) -> Files:
        """Those of the head."""
        return self.commits[-1]

    def commit(self, files: Files) -> None:
        """Merge an edit, after somebody saw its plan."""
        before = self.files.tree()
        self.commits.append(files)
        self.heat.order = None
        plan = self.plan(attended=True)
        errors = [f for f in plan.findings if f.severity is Severity.ERROR]
        assert not errors, errors
        changes = [c for e in plan.entries if (c := fingerprint(e, OWNER))]
        seen = ReviewedPlan("plan", OWNER, plan.digest, {c.id: c for c in changes})
        self.heat.reviewed |= {(c.live_id, c.action) for c in changes if c.live_id}
        for path, text in files.tree().items():
            for line in set(text.splitlines()) - set(before.get(path, b"").splitlines()):
                self._merges[path, line] = seen

    # Runs

    def plan(self, attended: bool, number: int | None = None) -> Plan:
        """What a run would do now."""
        return make_plan(self._asked(attended, number, None), lambda _: OneProject(self.heat)).plan

    def apply(
        self,
        attended: bool,
        number: int | None = None,
        choice: Choice | None = None,
        stop: Stop | None = None,
    ) -> Applied:
        """One run; everything that it claims is looked up."""
        asked = self._asked(attended, number, choice)
        index = int(asked.tree.commit or "", 16)
        self.heat.order = Order(index, self.commits[index], asked.now, attended)
        around = Surroundings(
            self.clock, stop or Stop(), Silent(), Settings("req-run", workers=1), {}
        )
        applied = apply(asked, lambda _: OneProject(self.heat), around)
        for outcome in applied.outcomes:
            self._is_true(outcome)
        return applied

    def killed(self, attended: bool, call: int, after: bool) -> None:
        """A run that dies at its call of this number, before or after it is carried out."""
        with at_call(self.heat, (*CALLS, *WRITES), call, kill, after), suppress(Killed):
            self.apply(attended)

    def stopped(self, attended: bool, call: int) -> None:
        """A run that is asked to end at its call of this number."""
        stop = Stop()
        with at_call(self.heat, (*CALLS, *WRITES), call, stop.set, after=False):
            self.apply(attended, stop=stop)

    def settle_down(self) -> Plan:
        """Heat works again and a person runs apply until it writes nothing; the last plan.

        A delete that failed is followed by a create in a later run, and a roll-out by nothing.
        """
        self.heat._faults.clear()
        for _ in range(6):
            self.heat.settle()
            before = self.writes
            self.apply(attended=True)
            if self.writes == before:
                break
        else:
            raise AssertionError(f"six runs, and still it writes: {self.heat.requests[-9:]}")
        digest = self.plan(attended=True).digest
        applied = self.apply(attended=True)
        assert self.writes == before, "a second run at the same time writes"
        assert applied.plan.digest == digest, "nothing was written, and another plan came"
        return applied.plan

    @property
    def writes(self) -> int:
        """How many so far."""
        return sum(method in WRITES for method, _ in self.heat.requests)

    def _asked(self, attended: bool, number: int | None, choice: Choice | None) -> Asked:
        index = len(self.commits) - 1 if number is None else number % len(self.commits)
        tree = self.commits[index].tree()

        def of_merge(cause: Cause) -> list[ReviewedPlan]:
            line = tree[cause.path].splitlines()[cause.line - 1]
            seen = self._merges.get((cause.path, line))
            return [seen] if seen else []

        return Asked(
            Tree(tree, f"{index:040x}", False),
            self.clock.now(),
            Attendance.PERSON if attended else Attendance.UNATTENDED,
            choice,
            lambda revs: frozenset(rev for rev in revs if int(rev, 16) <= index),
            None if attended else Scheduled((), of_merge),
        )

    # What has to be so

    def _is_true(self, outcome: Outcome) -> None:
        """A result is what it says."""
        result, entry = outcome.result, outcome.entry
        stack = self.heat.living(entry.subject.name)
        match result:
            case Done(action=d.Action.DELETE):
                assert entry.live
                assert stack is None or stack.id != entry.live.id, "said to be deleted"
            case Done():
                assert stack, f"{entry.subject.name}: {result.action} done, and no stack is there"
                assert stack.status == "COMPLETE", f"{entry.subject.name} is {stack.state}"
            case Failed(reason=reason, next_step=step, owner=owner):
                assert "made a mistake" not in reason, reason
                assert reason, entry
                assert step, reason
                assert owner, reason
            case Unfinished(reason=reason):
                assert reason
            case _:
                pass

    def accounted_for(self, plan: Plan) -> None:
        """Everything as wanted truly is; all else has an owner, a reason and a next step."""
        wishes = dict(self.files.instances())
        named = {entry.subject.name for entry in plan.entries}
        assert named >= wishes.keys(), "an instance is in no plan"
        for stack in self.heat._here():
            if stack.id in self.heat.ours:
                assert stack.name in named, f"{stack.name} lives, and the plan does not say so"
        for entry in plan.entries:
            stands = standing(entry)
            match entry.decision:
                case d.Settled():
                    self._as_wanted(entry, wishes.get(entry.subject.name))
                case d.Act() | d.Look():
                    raise AssertionError(f"{entry.subject.name} is not settled: {entry.decision}")
                case d.Wait(until=until) as wait:
                    assert until or wait.next_step or wait.then, f"waits for nothing: {wait.why}"
                    assert until is None or until > plan.now, f"waits for the past: {wait.why}"
            if not isinstance(entry.decision, d.Settled):
                assert stands.reason, entry
                assert stands.next_step not in ("", NOTHING), entry
                assert stands.owner, entry

    def _as_wanted(self, entry: Entry, wish: Wish | None) -> None:
        stack = self.heat.living(entry.subject.name)
        ours = stack is not None and stack.id in self.heat.ours
        expected = wish.expected(self.clock.now()) if wish else "gone"
        if expected == "gone":
            assert not ours, f"{entry.subject.name} lives, and nobody wants it"
        elif expected is not None and wish is not None:
            assert stack or expected == "asleep", f"{entry.subject.name} is not there"
            if stack:
                assert ours, f"{stack.name} is not ours"
                states = AWAKE if expected == "awake" else ("SUSPEND_COMPLETE",)
                assert stack.state in states, f"{stack.name} is {stack.state}, wanted {expected}"
                self._holds(stack, wish)

    def _holds(self, stack: Stack, wish: Wish) -> None:
        """Inside is what the files ask for, and it is that person's machine."""
        life = self.heat.ours[stack.id]
        assert stack.environment["parameters"] == {"n": wish.lab.n}, stack.name
        fails = stack.template["resources"]["lab"]["properties"]["fail"]
        assert str(fails).lower() == {"1.0.0": "false", "1.1.0": ""}[wish.lab.version], stack.name
        assert life.name == stack.name
        assert life.term == wish.files.term, f"{stack.name} is of {life.term}"
        assert life.generation >= wish.generation, f"{stack.name} was not made anew"
        states = [resource.state[1] for resource in stack.resources.values()]
        assert set(states) == {"COMPLETE"}, f"{stack.name} hides a failure"
