"""How people name instances: `<lecturer>/<course>/<deployment>[/<member>]`, with shell patterns."""

from fnmatch import fnmatchcase

from appstore.reconcile.plan import Entry


def address(entry: Entry) -> str:
    """What people read and type for this instance."""
    return f"{entry.lecturer}/{entry.subject.id}"


def matches(pattern: str, address: str) -> bool:
    """Whether the pattern means this instance, or something that it is a part of."""
    pattern = pattern.rstrip("/")
    return fnmatchcase(address, pattern) or fnmatchcase(address, f"{pattern}/*")
