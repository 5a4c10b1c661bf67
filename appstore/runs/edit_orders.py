"""What a verb orders for one file, or why it orders nothing."""

from dataclasses import dataclass

from appstore.documents.marks import JsonValue, Path


@dataclass(frozen=True, slots=True)
class Order:
    """What one file is to say from now on: values by path; `meaning` is for the lecturer.

    `addresses` are the instances, deployments or courses that it is about.
    """

    path: str
    addresses: tuple[str, ...]
    puts: tuple[tuple[Path, JsonValue], ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class NoOrder:
    """Why nothing is written for this address, and the way out."""

    address: str
    why: str
    hint: str
