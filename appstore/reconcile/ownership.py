"""Rows 2 to 4: whose stack it is, and whether it may be taken over."""

from appstore.reconcile.decision import Act, Action, Decision, Refuse, Settled, Step
from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Farewell
from appstore.reconcile.ruling import Ruling, Subject, is_gone, wanted_of
from appstore.reconcile.status import Known, State, Verb
from appstore.reconcile.tags import Foreign, Ours, Untagged, read_tags
from appstore.wanted.identity import COURSE_MEMBER
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Gone, Running

_ADOPTABLE = (Verb.CREATE, Verb.UPDATE, Verb.RESUME)


def claim(subject: Subject, live: LiveStack, status: Known, owner: str) -> Ours | Ruling:
    """The stack's tags where it is this instance's, else the row that forbids to touch it."""
    match read_tags(live.tags, owner):
        case Foreign(owner=other):
            return Ruling(2, _foreign(f"it belongs to another installation ({other})"))
        case Untagged(why=why):
            return Ruling(3, _untagged(subject, live, status, why))
        case Ours(id=id_) if str(id_) != str(subject.id) or live.name != id_.stack_name:
            return Ruling(2, _foreign(f"its tags say that it is {id_}"))
        case Ours() as tags if _other_term(subject, tags):
            return Ruling(4, _last_term(subject, tags))
        case Ours() as tags:
            return tags


def _foreign(why: str) -> Refuse:
    return Refuse(
        "foreign",
        f"a stack with this name is there already, and {why}",
        "Rename the deployment, or have the stack removed by whoever made it.",
    )


def _untagged(subject: Subject, live: LiveStack, status: Known, why: str) -> Decision:
    if isinstance(subject, Farewell) or is_gone(subject):
        return Settled(f"a stack with this name is there, but it is not ours: {why}")
    if subject.adopt is not None:
        return _adopt(subject, live, status)
    return Refuse(
        "untagged",
        f"a stack with this name is there, but it does not say that it is ours: {why}",
        f"Take it over with {_order(subject, live)}, or delete it by hand, which loses what is "
        "on it.",
    )


def _order(stack: WantedStack, live: LiveStack) -> str:
    """The line that takes the stack over, and its file."""
    if (member := _one_of_several(stack)) is None:
        return f"`adopt: {live.id}` in {stack.path}"
    line = f"`adopt: {{{member}: {live.id}}}`"
    return f"{line} in {stack.path} (one `adopt` for all its members)"


def _place(stack: WantedStack) -> str:
    """Where the id is written."""
    member = _one_of_several(stack)
    return f"`adopt{f'.{member}' if member else ''}` in {stack.path}"


def _one_of_several(stack: WantedStack) -> str | None:
    """The member that a file has to name; None where a deployment is one machine."""
    return None if stack.id.member == COURSE_MEMBER else stack.id.member


def _adopt(stack: WantedStack, live: LiveStack, status: Known) -> Decision:
    if obstacle := _obstacle(stack, live, status):
        why, way_out = obstacle
        return Refuse("adopt", f"the stack {live.id} is not taken over: {why}", way_out)
    why = f"takes over stack {live.id} as it is; the next plan shows what an update would change"
    return Act(Action.ADOPT, (Step.ADOPT,), why)


def _obstacle(stack: WantedStack, live: LiveStack, status: Known) -> tuple[str, str] | None:
    """Why it is not taken over now, and the way out."""
    if stack.adopt != live.id:
        return f"`adopt` names another one, {stack.adopt}", f"Correct or remove {_place(stack)}."
    if not isinstance(wanted_of(stack), Running):
        return (
            "it is not wanted running now",
            f"Leave {_place(stack)} as it is: the first apply at a time when it is wanted running "
            "takes it over.",
        )
    if status.verb not in _ADOPTABLE or status.state is not State.COMPLETE:
        return (
            f"its status is {live.status}, and it must be settled, healthy and awake",
            "Wait until it is at rest; where it sleeps or has failed, have it woken or mended by "
            "hand (openstack stack resume, openstack stack update).",
        )
    return None


def no_such_stack(stack: WantedStack) -> Refuse:
    """`adopt` names a stack, and no stack has this instance's name."""
    return Refuse(
        "adopt",
        f"`adopt` names the stack {stack.adopt}, but no stack is called {stack.name}",
        f"Correct or remove {_place(stack)}; without it a new stack is made.",
    )


def _other_term(subject: Subject, tags: Ours) -> bool:
    match wanted_of(subject):
        case Gone(cause=cause) if cause is not None:
            return False
    if isinstance(subject, Farewell) and subject.term is None:
        return False
    return subject.term != tags.term


def _last_term(subject: Subject, tags: Ours) -> Refuse:
    return Refuse(
        "other-term",
        f"this machine is of term {tags.term or '(none)'}, and its course is now of "
        f"{subject.term or '(none)'}: nobody may get an earlier student's machine",
        "End the old one first: set the old term in course.yaml again and `state: absent` in "
        "its deployments, apply, then start the new term; or give the new term a course folder "
        "of its own.",
    )
