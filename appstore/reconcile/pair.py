"""One lecturer's wanted stacks beside the live ones of the project: the name finds the stack."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.plan import Farewell
from appstore.reconcile.status import DELETED, read_status
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.identity import InstanceId
from appstore.wanted.stacks import HeldStack, LecturerStacks, WantedStack
from appstore.wanted.states import Gone


@dataclass(frozen=True, slots=True)
class Pair:
    """What wants an instance, and its stack where there is one."""

    subject: WantedStack | HeldStack | Farewell
    live: LiveStack | None


def pair(
    wanted: LecturerStacks,
    project: LiveProject,
    owner: str,
    farewell: Callable[[InstanceId], Gone],
) -> Iterator[Pair]:
    """Wanted and held stacks in their order, then stacks of ours that no file wants, by id.

    Live stacks that are not ours appear only where their name is wanted.
    """
    lives = _by_name(project)
    for stack in wanted.stacks:
        yield Pair(stack, lives.pop(stack.name, None))
    courses = {s.id.course: s for s in wanted.stacks if isinstance(s, WantedStack)}
    left = sorted(_ours(lives, owner), key=lambda each: str(each[0]))
    for id_, live in left:
        gone = Farewell(str(id_), live.name, farewell(id_))
        if (sibling := courses.get(id_.course)) is not None:
            gone = replace(gone, term=sibling.term, zone=sibling.zone)
        yield Pair(gone, live)


def _by_name(project: LiveProject) -> dict[str, LiveStack]:
    """Heat shows a deleted stack for a moment, perhaps beside its successor."""
    lives: dict[str, LiveStack] = {}
    for live in project.stacks:
        if live.name not in lives or read_status(live.status) != DELETED:
            lives[live.name] = live
    return lives


def _ours(lives: dict[str, LiveStack], owner: str) -> Iterator[tuple[InstanceId, LiveStack]]:
    """A stack under another name than its id's is a copy with our tags, not an instance."""
    for live in lives.values():
        match read_tags(live.tags, owner):
            case Ours(id=id_) if id_.stack_name == live.name:
                yield id_, live
