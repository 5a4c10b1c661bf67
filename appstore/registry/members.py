"""Whom a deployment is for: the members that a course gives."""

from typing import Literal

from appstore.documents.course import Course

Audience = Literal["course", "group", "student"]


def roster_members(course: Course) -> tuple[str, ...]:
    """Seats in their order (`s01` ... `s99`, `s100`, or pseudonyms), then spares (`x01` ...)."""
    match course.roster:
        case None:
            return ()
        case roster:
            spares = (f"x{number:02d}" for number in range(1, roster.spares + 1))
            return (*roster.names, *spares)


def members_for(course: Course, audience: Audience) -> tuple[str, ...]:
    """One name for each instance of a deployment with this `for`."""
    match audience:
        case "course":
            return ("course",)
        case "group":
            return tuple(course.groups)
        case "student":
            return roster_members(course)
