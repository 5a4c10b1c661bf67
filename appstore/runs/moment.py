"""The moment that a person means by `--at`."""

from datetime import UTC, datetime

from appstore.errors import InvalidInput
from appstore.registry.read import read_registry
from appstore.source.tree import Tree
from appstore.wanted.lifetimes import zone_of
from appstore.wanted.moments import opening


def moment(text: str, tree: Tree) -> datetime:
    """`2027-01-15T08:00` on the wall of the courses, or with an offset such as +01:00; in UTC.

    The machine's own time zone plays no part: the same words mean the same in CI. Raises
    InvalidInput where the courses have several time zones and the text does not say which.
    """
    try:
        meant = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            f"{text[:40]!r} is not a moment.", "Write YYYY-MM-DDTHH:MM, such as 2027-01-15T08:00."
        ) from None
    if meant.tzinfo is not None:
        return meant.astimezone(UTC)
    zones = _zones(tree)
    if len(zones) > 1:
        raise InvalidInput(
            f"The courses have several time zones ({', '.join(sorted(zones))}).",
            f"Add the offset: {meant:%Y-%m-%dT%H:%M}+01:00.",
        )
    return opening(meant, *zones)


def _zones(tree: Tree) -> frozenset[str]:
    lecturers = read_registry(tree.files, tree.findings).lecturers.values()
    found = {zone_of(course.document) for one in lecturers for course in one.courses}
    return frozenset(found) or frozenset([zone_of(None)])
