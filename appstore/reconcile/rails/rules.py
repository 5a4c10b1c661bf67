"""What the rails know beside the entries of one lecturer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from appstore.govern.use import Allowed, Denied, Use
from appstore.reconcile.decision import Refuse, Wait
from appstore.reconcile.jobs import chosen, group_of
from appstore.reconcile.needs.room import Room
from appstore.reconcile.plan import Entry, WritesOff
from appstore.reconcile.rails.exceptions import DatedException
from appstore.reconcile.reviewed import Consent
from appstore.reconcile.scope import address
from appstore.wanted.freezes import Frozen


class Attendance(Enum):
    """Whether a person started this run and sees what it does."""

    PERSON = "person"
    UNATTENDED = "unattended"


@dataclass(frozen=True, slots=True)
class Choice:
    """The instances that a filtered run is about, as patterns of ids."""

    patterns: tuple[str, ...]

    def takes(self, entry: Entry) -> bool:
        """Whether this instance is one of them."""
        return any(chosen(pattern, address(entry)) for pattern in self.patterns)

    def among(self, lecturers: frozenset[str]) -> frozenset[str]:
        """Those of whom it can take something; all of them where a pattern may mean anybody."""
        heads = [pattern.partition("/")[0] for pattern in self.patterns]
        found = [{one for one in lecturers if head in (one, group_of(one))} for head in heads]
        return frozenset().union(*found) if all(found) else lecturers


@dataclass(frozen=True, slots=True)
class Rules:
    """One run: who is there, what it is about, what is excepted.

    `ancestors` are our commit and those it builds on, as far as a live stack names them. `choice`
    is None for everything. `exceptions` and `frozen` hold now. `rooms` are the quotas of the
    projects in which something is added, by cloud and project. `may_use` tells whether a lecturer
    may do something with a version, by their names.
    """

    owner: str
    attendance: Attendance
    ancestors: frozenset[str]
    choice: Choice | None = None
    exceptions: tuple[DatedException, ...] = ()
    writes_off: tuple[WritesOff, ...] = ()
    frozen: tuple[Frozen, ...] = ()
    rooms: Mapping[tuple[str, str], Room] = field(default_factory=dict)
    consent: Consent | None = None
    may_use: Callable[[str, str, Use], Allowed | Denied] = field(kw_only=True)

    def excepted(self, rule: str, entry: Entry) -> bool:
        """Whether an exception lets this entry pass the rail."""
        return any(e.rule == rule and e.covers(address(entry)) for e in self.exceptions)


Verdict = tuple[Entry, Refuse | Wait]
Rail = Callable[[tuple[Entry, ...], Rules], Iterable[Verdict]]
"""Reads all entries of one lecturer, yields those that it stops and why."""
