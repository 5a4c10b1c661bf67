"""The past of an instance, a course or a version, as text and JSON: who, what, when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from appstore.report.escape import plain
from appstore.report.wording import counted
from appstore.report.wrapping import wrapped


@dataclass(frozen=True, slots=True)
class Merged:
    """A commit came onto the branch; the request is unknown where no forge was asked.

    `committer` is the name that git holds, `author` and `reviewers` are forge accounts.
    """

    at: datetime
    commit: str
    title: str
    files: tuple[str, ...]
    committer: str
    request: int | None = None
    url: str = ""
    author: str = ""
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consented:
    """What approval.yaml said from this commit on: the version's state and who stands for it."""

    at: datetime
    version: str
    words: str
    approver: str


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run did to one instance, from its record."""

    at: datetime
    run: str
    commit: str
    plan: str
    id: str
    action: str
    result: str
    why: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One of Heat's own events of a stack that still lives."""

    at: datetime
    id: str
    stack: str
    status: str
    reason: str


Fact = Merged | Consented | Ran | Happened


@dataclass(frozen=True, slots=True)
class Unread:
    """A source that an audit goes without; `expected` where nobody set it up."""

    why: str
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """All facts, oldest first, and what could not be read."""

    subject: str
    facts: tuple[Fact, ...]
    unread: tuple[Unread, ...]


def audit_text(audit: Audit) -> Iterator[str]:
    """One fact a line with folded details below; times in UTC."""
    yield f"audit of {plain(audit.subject)}: {counted(len(audit.facts), 'fact')}, times in UTC"
    for fact in audit.facts:
        first, *more = _told(fact)
        yield f"{fact.at:%Y-%m-%d %H:%M}  {first}"
        for text in more:
            yield from wrapped(text, " " * 18, " " * 18)
    for one in audit.unread:
        yield from wrapped(f"not read: {plain(one.why, 1000)}", "", "  ")


def _told(fact: Fact) -> Iterator[str]:
    match fact:
        case Merged():
            yield f"merged {fact.commit[:7]}{_as_request(fact)}"
            yield plain(fact.title, 200)
            yield _people(fact)
            yield "files: " + ", ".join(map(plain, fact.files))
        case Consented():
            yield f"{plain(fact.version)} {plain(fact.words)}"
            if fact.approver:
                yield f"by {plain(fact.approver)}"
        case Ran():
            yield f"run {plain(fact.run)}"
            yield f"{plain(fact.id)} {plain(fact.action)}: {plain(fact.result)}"
            if fact.why:
                yield plain(fact.why)
            yield f"commit {plain(fact.commit[:7])}, plan {plain(fact.plan)}"
        case Happened():
            yield f"Heat: {plain(fact.status)} {plain(fact.stack)}"
            if fact.reason:
                yield plain(fact.reason)
        case _:
            assert_never(fact)


def _as_request(fact: Merged) -> str:
    return "" if fact.request is None else f" as merge request {fact.request}"


def _people(fact: Merged) -> str:
    if fact.request is None:
        return f"by {plain(fact.committer)}, as git says"
    given = ", ".join(map(plain, fact.reviewers)) or "nobody else"
    return f"asked by {plain(fact.author)}, approved by {given}"


def audit_json(audit: Audit) -> dict[str, object]:
    """The same as plain values; `kind` tells the facts apart."""
    return {
        "subject": audit.subject,
        "facts": [_values(fact) for fact in audit.facts],
        "unread": [one.why for one in audit.unread],
    }


def exit_code(audit: Audit) -> int:
    """1 when a source that should have been there could not be read, else 0."""
    return 0 if all(one.expected for one in audit.unread) else 1


def _values(fact: Fact) -> dict[str, object]:
    values: dict[str, object] = {"kind": type(fact).__name__.lower(), "at": fact.at.isoformat()}
    names = (name for name in type(fact).__slots__ if name != "at")
    for name in names:
        value = getattr(fact, name)
        values[name] = list(value) if isinstance(value, tuple) else value
    return values
