"""Small values for the tests of this room: one wanted stack, one live stack, both easy to bend."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from appstore.govern.use import ALLOWED, Allowed, Use
from appstore.reconcile.live import FailedResource, LiveStack, StackEvent
from appstore.reconcile.looks import Looks
from appstore.reconcile.plan import Farewell
from appstore.reconcile.tags import tags_for
from appstore.wanted.identity import InstanceId
from appstore.wanted.spec import Spec
from appstore.wanted.stacks import WantedStack
from appstore.wanted.states import Asleep, Cause, Gone, NotYet, Occasion, Running, Wanted

OWNER = "teaching"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
REV = "4f2a91c0" * 5
TERM = "2026ws"
ID = InstanceId("cs101", "web-lab", "s01")
STACK_ID = "0b0f2a3e-8c1d-4f5a-9b7e-2d6c1a9e4f01"
LINE = Cause("deployments/dr-a/cs101/web-lab.yaml", 4, "state: absent")
RESET = Cause("deployments/dr-a/cs101/web-lab.yaml", 6, "reset: {s01: 2}")

SPEC = Spec(
    version="web-lab@1.0.0",
    template={"heat_template_version": "2018-08-31", "resources": {}},
    files={},
    parameters={},
    restrictions={"server": {"restricted_actions": "replace"}},
    accept_replace=False,
    hidden=frozenset(),
    timeout_minutes=60,
    digest="1." + "a" * 26,
)
OTHER_SPEC = replace(SPEC, digest="1." + "b" * 26)

_VERBS = ["CREATE", "UPDATE", "DELETE", "SUSPEND", "RESUME"]
_RARE_VERBS = ["ROLLBACK", "CHECK", "SNAPSHOT", "RESTORE", "ADOPT"]
WORDS = [
    f"{verb}_{state}"
    for verb in [*_VERBS, *_RARE_VERBS]
    for state in ("IN_PROGRESS", "COMPLETE", "FAILED")
]
"""Every status word of Heat."""

RUNNING = Running()
ASLEEP = Asleep(Cause("deployments/dr-a/cs101/course.yaml", 9, "state: suspended"))
PREWARM = replace(ASLEEP, prewarm=True)
NOT_YET = NotYet(datetime(2027, 4, 1, tzinfo=UTC))
EXAM = Occasion("exam", NOW, NOW + timedelta(hours=2), LINE)
LESSON = replace(EXAM, kind="class")
GONE_NOW = Gone(LINE, timedelta(0), "state: absent")
GONE_LATER = Gone(LINE, timedelta(days=7), "the seat was removed")
GONE_UNORDERED = Gone(None, timedelta(days=14), "its file was removed")


def anything(lecturer: str, ref: str, use: Use) -> Allowed:
    """Rules of a site whose lecturers may use everything."""
    return ALLOWED


def stack(id_: InstanceId = ID, wanted: Wanted = RUNNING, **changes: object) -> WantedStack:
    """A wanted stack of generation 1."""
    whole = WantedStack(
        id=id_,
        path="deployments/dr-a/cs101/web-lab.yaml",
        line=1,
        wanted=wanted,
        spec=SPEC,
        generation=1,
        retry=0,
        term=TERM,
        base=False,
        protect=False,
        adopt=None,
        reset_cause=RESET,
        replace_cause=None,
        endpoints={},
        files=(),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def farewell(
    gone: Gone = GONE_UNORDERED, id_: InstanceId = ID, term: str | None = TERM
) -> Farewell:
    """A live stack that no file wants."""
    return Farewell(str(id_), id_.stack_name, gone, term)


def live(
    status: str = "CREATE_COMPLETE",
    of: WantedStack | None = None,
    tries: int = 0,
    ending: date | None = None,
    ago: timedelta = timedelta(hours=1),
    **changes: object,
) -> LiveStack:
    """The stack that `of` made, `ago` before NOW."""
    of = of or stack()
    tags = tags_for(OWNER, of, REV, tries)
    if ending:
        tags |= {f"appstore:ending={ending}"}
    whole = LiveStack(STACK_ID, of.name, status, "because", tags, NOW - ago, NOW - ago)
    return replace(whole, **changes)  # type: ignore[arg-type]


def failed(path: str = "server", status: str = "CREATE_FAILED") -> FailedResource:
    return FailedResource(path, "OS::Nova::Server", status, "quota", "", STACK_ID)


def event(status: str) -> StackEvent:
    return StackEvent(status, NOW, "because")


NOTHING_FAILED = Looks(failed=(), events=())
