"""A stand-in Heat that knows whose each stack is, and judges every write before it is carried out.

What is wrong is collected in `wrong`, not raised: apply would take it for an error of its own.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from heat_standin import FakeClock, StandInHeat
from heat_standin_work import Stack
from months_files import DAY, OWNER, Files, reason_to_delete

from appstore.reconcile.live import LiveStack
from appstore.reconcile.request import StackRequest, TagRequest

SHORTEST = 3 * DAY
SHORTEST_PAUSE = DAY / 96
WRITES = ("create", "update", "patch", "suspend", "resume", "delete")


@dataclass(frozen=True)
class Order:
    """What the present run was asked: the number of its commit, its files, when, by whom."""

    number: int
    files: Files
    now: datetime
    attended: bool


@dataclass
class Life:
    """One stack that the product made or took over; `announced` is since when it is ending."""

    name: str
    term: str
    generation: int
    announced: datetime | None = None
    others: set[str] = field(default_factory=set)


class WatchedHeat(StandInHeat):
    """`ours` are the stacks that the product may touch, by id; nobody else's is in it."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock, cloud="main", project_id="p", project_name="ada")
        self.ours: dict[str, Life] = {}
        self.wrong: list[str] = []
        self.reviewed: set[tuple[str, str]] = set()
        self.order: Order | None = None

    # What the product sends

    def create(self, request: StackRequest) -> str:
        order, wish = self._order, self._order.files.wish(request.name)
        said = _said(request.tags)
        again = order.files.may_reset_in_exam(request.name, order.now)
        if wish is None or (wish.gone(order.now) and not again):
            self._no(request.name, "made, and nobody wants it")
        else:
            self._tagged(request.name, said, order.files.term, wish.generation)
        life = Life(request.name, said["term"], int(said["gen"]))
        known = {stack.id for stack in self._stacks}
        try:
            return super().create(request)
        finally:
            self.ours.update({s.id: life for s in self._stacks if s.id not in known})

    def update(self, stack: LiveStack, request: StackRequest) -> None:
        if life := self._touched("updated", stack):
            order, wish = self._order, self._order.files.wish(stack.name)
            self._tagged(stack.name, _said(request.tags), life.term, life.generation)
            exam = order.files.exam(order.now)
            if wish is None or (wish.gone(order.now) and not exam):
                self._no(stack.name, "updated, and nobody wants it")
            occasion = order.files.class_now(order.now) or exam
            needed = occasion and wish and wish.expected(order.now) == "awake"
            if needed and stack.status.endswith("_COMPLETE"):
                self._no(stack.name, "updated in a class or an exam")
            if life.term != order.files.term:
                self._no(stack.name, "updated, and it is of another term")
            self._keeps(life, request.tags)
            self._not_too_soon(stack, request)
        super().update(stack, request)

    def patch(self, stack: LiveStack, request: TagRequest) -> None:
        said, order = _said(request.tags), self._order
        wish = order.files.wish(stack.name)
        if wish and wish.lab.adopt.get(wish.member) == stack.id and stack.id not in self.ours:
            self.ours[stack.id] = Life(stack.name, order.files.term, wish.generation)
        if life := self._touched("patched", stack):
            self._tagged(stack.name, said, life.term, life.generation)
            self._keeps(life, request.tags)
            self._ending(stack.name, life, said)
        super().patch(stack, request)

    def suspend(self, stack: LiveStack) -> None:
        if self._touched("suspended", stack):
            order, wish = self._order, self._order.files.wish(stack.name)
            if order.files.exam(order.now):
                self._no(stack.name, "put to sleep in an exam")
            elif wish and wish.expected(order.now) == "awake":
                self._no(stack.name, "put to sleep although it is wanted awake")
        super().suspend(stack)

    def resume(self, stack: LiveStack) -> None:
        if life := self._touched("resumed", stack):
            order, wish = self._order, self._order.files.wish(stack.name)
            if wish and not wish.gone(order.now) and life.term != order.files.term:
                self._no(stack.name, "woken for another term")
        super().resume(stack)

    def delete(self, stack: LiveStack) -> None:
        life = self._touched("deleted", stack)
        if life and (why := self._why_not_deleted(stack, life)):
            self._no(stack.name, f"deleted: {why}")
        super().delete(stack)

    # What people do by hand

    def by_hand(self, what: str, name: str) -> None:
        """Somebody does this to a settled stack of this name, or makes one."""
        found = self._holder(name)
        if found is None:
            if what in ("make", "make foreign"):
                tags = {"theirs"} if what == "make" else {"appstore", "appstore:owner=elsewhere"}
                template = {"heat_template_version": "2021-04-16", "resources": {}}
                self.seed(StackRequest(name, template, {}, {}, frozenset(tags), 5))
            return
        if found.status == "IN_PROGRESS":
            return
        match what:
            case "delete" | "suspend" | "resume" if found.action != "DELETE":
                self._start(found, what.upper(), None)
                self.settle()
            case "erase tags":
                self.ours.pop(found.id, None)
                found.tags = frozenset({"theirs"})
            case "take away":
                self.ours.pop(found.id, None)
                found.tags = frozenset(
                    "appstore:owner=elsewhere" if tag.startswith("appstore:owner=") else tag
                    for tag in found.tags
                )
            case "add a tag":
                found.tags |= {"keep"}
                if life := self.ours.get(found.id):
                    life.others.add("keep")
            case "fail the check" if found.action != "DELETE":
                found.action, found.status = "CHECK", "FAILED"
                found.reason = "Resource CHECK failed: 'status': expected 'ACTIVE', got 'SHUTOFF'"
                for resource in found.resources.values():
                    resource.state = ("CHECK", "FAILED")

    def living(self, name: str) -> Stack | None:
        """The stack that holds this name."""
        return self._holder(name)

    # How it judges

    def _new(self, request: StackRequest) -> Stack:
        stack = super()._new(request)
        number = len(self._stacks)
        stack.id = f"{number:08x}-0000-4000-8000-{number:012x}"
        return stack

    @property
    def _order(self) -> Order:
        assert self.order is not None
        return self.order

    def _no(self, name: str, what: str) -> None:
        self.wrong.append(f"{name} was {what} at {self._order.now:%a %F %H:%M} UTC")

    def _touched(self, what: str, stack: LiveStack) -> Life | None:
        """The stack's life, where it is ours; whatever is sent must find it at rest."""
        if (found := next((s for s in self._here() if s.id == stack.id), None)) is None:
            return None
        life = self.ours.get(stack.id)
        if life is None:
            self._no(stack.name, f"{what}, and it is not ours")
            return None
        self._advance()
        if found.status == "IN_PROGRESS":
            self._no(stack.name, f"{what} in {found.state}")
        if int(_said(found.tags).get("rev", "0"), 16) > self._order.number:
            self._no(stack.name, f"{what} from an older commit")
        return life

    def _tagged(self, name: str, said: dict[str, str], term: str, generation: int) -> None:
        """What is sent says who it is; nobody's machine becomes somebody else's by its tags."""
        wanted = {
            "owner": OWNER,
            "id": name.replace("--", "/"),
            "term": term,
            "gen": str(generation),
        }
        if wrong := {k: said.get(k) for k in wanted if said.get(k) != wanted[k]}:
            self._no(name, f"tagged {wrong} instead of {wanted}")

    def _keeps(self, life: Life, tags: frozenset[str]) -> None:
        if lost := life.others - tags:
            self._no(life.name, f"robbed of {lost}")

    def _not_too_soon(self, stack: LiveStack, request: StackRequest) -> None:
        """The same again waits a quarter of an hour at least, unless `retry` was raised."""
        before, now = _said(stack.tags), _said(request.tags)
        again = before["spec"] == now["spec"]
        again &= before.get("try", "").split(".")[0] == now["try"].split(".")[0]
        failed = stack.status in ("CREATE_FAILED", "UPDATE_FAILED")
        since = self._order.now - (stack.updated or stack.created)
        if failed and again and since < SHORTEST_PAUSE:
            self._no(stack.name, f"sent the same again after {since}")

    def _ending(self, name: str, life: Life, said: dict[str, str]) -> None:
        order, files = self._order, self._order.files
        why, _ = reason_to_delete(files, name, life.generation, order.now)
        lab = files.file_of(name)
        if "ending" not in said:
            life.announced = None
            return
        life.announced = life.announced or order.now
        if why in ("nothing", "reset"):
            self._no(name, "ended, and it is wanted")
        if files.exam(order.now) and lab:
            self._no(name, "ended in an exam")
        if lab and lab.protect:
            self._no(name, "ended although it is protected")

    def _why_not_deleted(self, stack: LiveStack, life: Life) -> str:
        order, files = self._order, self._order.files
        why, grace = reason_to_delete(files, stack.name, life.generation, order.now)
        lab, wish = files.file_of(stack.name), files.wish(stack.name)
        again = stack.status == "DELETE_FAILED"
        excused = wish and files.may_reset_in_exam(stack.name, order.now)
        if lab and files.exam(order.now) and not excused:
            return "an exam holds it"
        if again:
            return ""
        if lab and lab.protect:
            return "it is protected"
        if why == "nothing":
            return "it is wanted"
        if why == "reset" and life.term != files.term:
            return "it is of another term"
        seen = {action for id_, action in self.reviewed if id_ == stack.id}
        enough = {"delete", "recreate"} | ({"end"} if why == "removed" else set())
        if not order.attended and why != "date" and not seen & enough:
            return f"nobody looks on, and nobody saw it ({why})"
        if not order.attended and why == "unordered":
            return "nobody looks on, and no line orders it"
        if grace is None or stack.status == "CREATE_FAILED":
            return ""
        if life.announced is None:
            return "its end was never announced"
        if order.now - life.announced < max(grace, SHORTEST):
            return f"announced {order.now - life.announced} ago, its grace is {grace}"
        return ""


def _said(tags: frozenset[str]) -> dict[str, Any]:
    ours = (tag.removeprefix("appstore:").partition("=") for tag in tags if ":" in tag)
    return {key: value for key, _, value in ours}
