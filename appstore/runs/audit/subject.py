"""What an audit can be about, and where it looks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appstore.documents.deployment import Deployment
from appstore.documents.marks import Document
from appstore.documents.parse import parse
from appstore.forge.protocol import Forge
from appstore.runs.looking import Cloud


@dataclass(frozen=True, slots=True)
class OfInstances:
    """`address` is `<lecturer>/<course>/<deployment>[/<member>]` or `<lecturer>/<deployment>`."""

    address: str

    def __str__(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True)
class OfCourse:
    """`address` is `<lecturer>/<course>`."""

    address: str

    def __str__(self) -> str:
        return f"course {self.address}"


@dataclass(frozen=True, slots=True)
class OfVersion:
    """`ref` is `name@1.0.0`."""

    ref: str

    def __str__(self) -> str:
        return self.ref


Subject = OfInstances | OfCourse | OfVersion


def is_part(id_: str, address: str) -> bool:
    """Whether this is the thing itself, or something that it is made of."""
    return f"{id_}/".startswith(f"{address}/")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where an audit looks; `forge` is the reason instead where none can be asked."""

    repo: Path
    rev: str
    open_cloud: Callable[[str], Cloud]
    forge: Forge | str


@dataclass(frozen=True, slots=True)
class Named:
    """What one deployment's file said at one commit: whose id it is, and which version."""

    address: str
    ref: str


def named(path: str, data: bytes) -> Named | None:
    """What the file says; None for what is no deployment that can be read."""
    match path.removesuffix(".yaml").split("/"):
        case ["deployments", _, "lecturer"] | ["deployments", _, _, "course"]:
            return None
        case ["deployments", lecturer, *id_] if 1 <= len(id_) <= 2:
            document = parse(Deployment, path, data)
            if isinstance(document, Document):
                own = document.model.id or "/".join(id_)
                return Named(f"{lecturer}/{own}", document.model.template)
    return None
