"""The wanted stacks of a tree, by lecturer."""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.documents.catalog import Endpoint
from appstore.documents.deployment import Rollout
from appstore.documents.findings import Finding
from appstore.wanted.identity import InstanceId
from appstore.wanted.moments import DEFAULT_ZONE
from appstore.wanted.notices import Notice
from appstore.wanted.spec import Spec
from appstore.wanted.states import Cause, Wanted


@dataclass(frozen=True, slots=True)
class WantedStack:
    """One instance as the tree wants it now.

    `generation` grows with each ordered reset, whose line is `reset_cause`; `retry` is the
    counter of the file. `files` are the paths that decide about it (deployment, course,
    lecturer, version, site). `adopt` is the stack id to take over, if ordered.
    `endpoints` are the contract's ways in, by name. `zone` is the time zone in which its people
    read times, `notice` is set when it ends soon.
    """

    id: InstanceId
    path: str
    line: int
    wanted: Wanted
    spec: Spec
    generation: int
    retry: int
    term: str | None
    base: bool
    protect: bool
    adopt: str | None
    reset_cause: Cause | None
    replace_cause: Cause | None
    endpoints: Mapping[str, Endpoint]
    files: tuple[str, ...]
    rollout: Rollout | None = None
    zone: str = DEFAULT_ZONE
    notice: Notice | None = None

    @property
    def name(self) -> str:
        """The name of its Heat stack."""
        return self.id.stack_name


@dataclass(frozen=True, slots=True)
class HeldStack:
    """An instance whose files have a finding: whatever lives stays as it is."""

    id: InstanceId
    path: str
    finding: Finding

    @property
    def name(self) -> str:
        """The name of its Heat stack."""
        return self.id.stack_name


@dataclass(frozen=True, slots=True)
class LecturerStacks:
    """One lecturer's wanted stacks, bases first, then sorted by id; the names inside are unique."""

    lecturer: str
    cloud: str
    project: str
    stacks: tuple[WantedStack | HeldStack, ...]


@dataclass(frozen=True, slots=True)
class HeldLecturer:
    """A lecturer folder with a finding: nothing is planned, its project is only shown."""

    lecturer: str
    cloud: str | None
    project: str | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class WantedTree:
    """Everything that one tree wants at one moment; `findings` are those of parameters and HOT."""

    owner: str
    lecturers: tuple[LecturerStacks | HeldLecturer, ...]
    findings: tuple[Finding, ...]
