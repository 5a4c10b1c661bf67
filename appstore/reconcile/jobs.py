"""What the jobs of a pipeline are about: one lecturer each, in a large registry groups of them.

A job holds one lock, and two runs whose jobs overlap have to find the same lock for the same
project. So a group follows from the lecturer's name alone, not from who has something to do, and a
job applies its whole group.
"""

from collections.abc import Iterable
from hashlib import sha256

from appstore.reconcile.due import due_lecturers
from appstore.reconcile.plan import Plan
from appstore.reconcile.scope import matches

MOST = 200
"""Jobs of one matrix: GitLab takes 200 (CI/CD YAML reference, parallel:matrix), GitHub 256."""


def jobs_of(plan: Plan, paths: Iterable[str]) -> tuple[str, ...]:
    """One id for `apply` per job, at most MOST of them, for the lecturers who are due.

    `paths` are those of the planned commit: its lecturers' folders decide whether there are groups.
    Only a merge that takes their number over MOST, or back, changes the locks.
    """
    parts = (path.split("/") for path in paths)
    folders = {part[1] for part in parts if part[0] == "deployments" and len(part) > 2}
    due = due_lecturers(plan)
    return due if len(folders) <= MOST else tuple(sorted(set(map(group_of, due))))


def group_of(lecturer: str) -> str:
    """`group_017`; no lecturer is called so, for the underscore."""
    return f"group_{int.from_bytes(sha256(lecturer.encode()).digest()) % MOST:03}"


def chosen(pattern: str, address: str) -> bool:
    """Whether a run about this id is about this instance; a group is an id here, too."""
    return matches(pattern, address) or pattern == group_of(address.partition("/")[0])
