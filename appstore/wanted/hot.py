"""One HOT template as data: its resources, what they refer to, and where each thing is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.marks import Document, JsonValue, Path

Template = Document[Mapping[str, JsonValue]]

GROUP_DEFINITIONS = {
    "OS::Heat::ResourceGroup": "resource_def",
    "OS::Heat::AutoScalingGroup": "resource",
}
"""Types that make many resources of one definition, and the property that holds it."""

MEMBER = "*"
_TYPE = re.compile(r"[A-Za-z0-9_]+(::[A-Za-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template, or the definition that a group repeats (then named `*`).

    `type` is None where it is not a literal text; `at` is the place of its body.
    """

    name: str
    type: str | None
    properties: Mapping[str, JsonValue]
    at: Path

    @property
    def template(self) -> str | None:
        """The template file that this resource is made of, if its type is one."""
        return self.type if self.type and not _TYPE.fullmatch(self.type) else None

    def place(self, *keys: str) -> Path:
        """Where one of its properties is written."""
        return (*self.at, "properties", *keys)


def resources(template: Template) -> Iterator[Resource]:
    """The resources that the template itself lists, in its order."""
    for name, body in mapping(template.model.get("resources")).items():
        yield _resource(name, body, ("resources", name))


def member(group: Resource) -> Resource | None:
    """The definition that a group repeats, or None for a resource that is not a group."""
    if (key := GROUP_DEFINITIONS.get(group.type or "")) is None:
        return None
    return _resource(MEMBER, group.properties.get(key), group.place(key))


def every(template: Template) -> Iterator[Resource]:
    """All resources of the template, each group followed by its definition."""
    for resource in resources(template):
        inner: Resource | None = resource
        while inner is not None:
            yield inner
            inner = member(inner)


def calls(value: JsonValue, function: str, at: Path = ()) -> Iterator[tuple[Path, JsonValue]]:
    """The place and the argument of each call of one intrinsic function below a value."""
    if isinstance(value, dict):
        if len(value) == 1 and function in value:
            yield (*at, function), value[function]
        for key, inner in value.items():
            yield from calls(inner, function, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from calls(inner, function, (*at, index))


def mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def _resource(name: str, body: JsonValue, at: Path) -> Resource:
    written = mapping(body)
    type_ = written.get("type")
    literal = type_ if isinstance(type_, str) else None
    return Resource(name, literal, mapping(written.get("properties")), at)
