"""Dated consents to pass a rail, as they stand in site.yaml and course.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from appstore.documents.course import Course, CourseException
from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import Document
from appstore.documents.site import Site, SiteException
from appstore.reconcile.scope import matches
from appstore.registry.registry import Registry

LONGEST = timedelta(days=14)
SITE = "deployments/site.yaml"


@dataclass(frozen=True, slots=True)
class DatedException:
    """One exception; `within` is the address that its file may speak for, empty for the site."""

    rule: str
    scope: str
    until: date
    max: int | None
    within: str
    path: str
    line: int

    def covers(self, address: str) -> bool:
        """Whether it is about this instance."""
        return address.startswith(self.within) and matches(self.scope, address)


def exceptions_of(
    registry: Registry, today: date
) -> tuple[tuple[DatedException, ...], tuple[Finding, ...]]:
    """Those that hold today, and a warning for each that is over or set too far ahead."""
    written = list(_written(registry))
    holding = tuple(e for e in written if today <= e.until <= today + LONGEST)
    return holding, tuple(_ignored(e, today) for e in written if e not in holding)


def how_to_except(path: str, rule: str, scope: str, max_: int | None = None) -> str:
    """The sentence and the very lines that let somebody pass a rail; why and until are theirs."""
    who = "have an admin add" if path == SITE else "add"
    lines = [
        f"{who} to {path}, with a date at most {LONGEST.days} days ahead:",
        "exceptions:",
        f"  - rule: {rule}",
        f"    scope: {scope}",
        "    reason: <why>",
        "    until: <YYYY-MM-DD>",
    ]
    return "\n".join([*lines, f"    max: {max_}"] if max_ is not None else lines)


def _written(registry: Registry) -> Iterator[DatedException]:
    if registry.site is not None:
        yield from _of(registry.site, "")
    for lecturer in registry.lecturers.values():
        for course in lecturer.courses:
            yield from _of(course.document, f"{lecturer.name}/{course.name}/")


def _of(document: Document[Site] | Document[Course], within: str) -> Iterator[DatedException]:
    written: tuple[SiteException | CourseException, ...] = document.model.exceptions
    for number, each in enumerate(written):
        yield DatedException(
            rule=each.rule,
            scope=each.scope,
            until=each.until,
            max=each.max if isinstance(each, SiteException) else None,
            within=within,
            path=document.path,
            line=document.mark("exceptions", number).line,
        )


def _ignored(each: DatedException, today: date) -> Finding:
    over = each.until < today
    why = f"ended on {each.until}" if over else f"reaches beyond {LONGEST.days} days from now"
    return Finding(
        path=each.path,
        line=each.line,
        column=1,
        rule="exceptions/ignored",
        message=f"the exception for {each.rule} {why} and is ignored",
        hint="Remove it." if over else f"Set `until` to {today + LONGEST} or earlier.",
        severity=Severity.WARNING,
    )
