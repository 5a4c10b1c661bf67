"""What there is to choose from when something new is made."""

from appstore.documents.lecturer import Lecturer
from appstore.documents.site import Site
from appstore.errors import InvalidInput
from appstore.govern.use import ALLOWED, Use
from appstore.govern.use_shelf import shelf_of
from appstore.registry.nearest import known_instead
from appstore.registry.registry import CourseFolder, LecturerFolder, Registry
from appstore.runs.new.parameters import Wish, wishes


def site_of(registry: Registry) -> Site:
    """The site; raises InvalidInput without one."""
    if registry.site is None:
        raise InvalidInput(
            "deployments/site.yaml is missing or has errors.", "See: appstore validate"
        )
    return registry.site.model


def lecturer_of(registry: Registry, address: str) -> LecturerFolder:
    """The folder of the lecturer with whom an address begins.

    Raises InvalidInput for one that is unknown or has errors.
    """
    name = address.split("/")[0]
    if (found := registry.lecturers.get(name)) is not None:
        return found
    if name in registry.held_lecturers:
        raise InvalidInput(
            f"The folder of {name} has errors, so nothing is added to it.",
            "See them with: appstore validate",
        )
    raise InvalidInput(f'There is no lecturer "{name}".', known_instead(name, registry.lecturers))


def course_of(folder: LecturerFolder, address: str) -> CourseFolder | None:
    """The course in which a deployment of this address lies; None for one outside of courses.

    Raises InvalidInput for a course that the lecturer does not have.
    """
    match address.split("/"):
        case [_, course, _]:
            known = {one.name: one for one in folder.courses}
            if course in known:
                return known[course]
            raise InvalidInput(
                f'{folder.name} has no course "{course}".', known_instead(course, known)
            )
        case _:
            return None


def audiences(course: CourseFolder) -> list[str]:
    """For whom one may deploy in this course."""
    model = course.document.model
    return [
        "course",
        *(["group"] if model.groups else []),
        *(["student"] if model.roster else []),
    ]


def newest(registry: Registry) -> list[str]:
    """The newest version of each template."""
    return [
        f"{name}@{list(one.versions)[-1]}"
        for name, one in registry.templates.items()
        if one.versions
    ]


def usable(registry: Registry, lecturer: str) -> list[str]:
    """The newest version of each template with which this lecturer may begin."""
    shelf = shelf_of(registry)
    found = {
        ref.split("@")[0]: ref
        for ref in shelf.lives
        if shelf.verdict(lecturer, ref, Use.BEGIN) == ALLOWED
    }
    return list(found.values())


def wishes_of(registry: Registry, ref: str, person: Lecturer | None) -> tuple[Wish, ...]:
    """What may be set; of a version that does not exist or cannot be read nothing is known."""
    name, _, number = ref.partition("@")
    found = registry.templates.get(name)
    if found is None or number not in found.versions or ref in registry.broken_versions:
        return ()
    cloud = site_of(registry).clouds.get(person.cloud) if person else None
    return wishes(found.versions[number], cloud, person.language if person else "en")
