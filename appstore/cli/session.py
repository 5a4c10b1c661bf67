"""What the verbs that talk to a cloud share: the order of a run, and open clouds."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from appstore.cli.runid import RUN_ID

if TYPE_CHECKING:
    from appstore.cloud.cloud import Cloud
    from appstore.cloud.credentials import Purpose
    from appstore.reconcile.rails.rules import Attendance
    from appstore.runs.plan import Order
    from appstore.source.proposal import Proposed
    from appstore.source.tree import Tree


def attendance() -> "Attendance":
    """Whether a person started this run: CI systems set `CI` (GitHub, GitLab and others do)."""
    from appstore.reconcile.rails.rules import Attendance

    return Attendance.UNATTENDED if os.environ.get("CI") else Attendance.PERSON


def order(root: Path, tree: "Tree", patterns: tuple[str, ...], at: str | None = None) -> "Order":
    """The order for one run over this tree, about the instances that the patterns name.

    `at` is the moment that a person wants to see, as text; without it it is now.
    """
    from appstore.reconcile.rails.rules import Choice
    from appstore.runs.moment import moment
    from appstore.runs.plan import Order
    from appstore.source.history import ancestors

    def known(revs: frozenset[str]) -> frozenset[str]:
        return ancestors(root, tree.commit, revs) if tree.commit else frozenset()

    now = moment(at, tree) if at else datetime.now(UTC)
    return Order(tree, now, attendance(), Choice(patterns) if patterns else None, known)


def order_onto(
    root: Path, proposed: "Proposed", patterns: tuple[str, ...], at: str | None = None
) -> "Order":
    """The same for a proposal, over its target; what is merged builds on both its commits."""
    from appstore.source.history import ancestors

    def known(revs: frozenset[str]) -> frozenset[str]:
        both = (proposed.base, proposed.head)
        return frozenset().union(*(ancestors(root, commit, revs) for commit in both))

    return replace(order(root, proposed.target, patterns, at), ancestors=known)


@contextmanager
def clouds(
    purpose: "Purpose", deadline: datetime | None = None
) -> "Iterator[Callable[[str], Cloud]]":
    """Opens clouds by name for one run; their connections are closed at its end.

    After the `deadline` no cloud is asked any more.
    """
    from appstore.cloud.cloud import open_cloud

    with ExitStack() as stack:
        yield lambda name: stack.enter_context(open_cloud(name, purpose, RUN_ID, deadline))
