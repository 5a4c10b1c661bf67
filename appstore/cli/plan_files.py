"""Files that a verb writes for others, and plans that `apply --reviewed` is given."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from appstore.errors import InvalidInput

if TYPE_CHECKING:
    from appstore.reconcile.reviewed import ReviewedPlan


def write_file(name: str, text: str) -> None:
    """Write the file, or leave the one that was there as it is."""
    target = Path(name)
    half = target.with_name(f".{target.name}.part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(target)
    except OSError as error:
        raise _unwritten(name, error) from error


def append_file(name: str, text: str) -> None:
    """Write the text at the end of the file, which other steps may have begun."""
    try:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise _unwritten(name, error) from error


def _unwritten(name: str, error: OSError) -> InvalidInput:
    return InvalidInput(
        f"{name} cannot be written: {error.strerror}.",
        "Name a file in a folder that is there and that you may write to.",
    )


def read_plans(names: Iterable[str]) -> "tuple[ReviewedPlan, ...]":
    """The plans of these files, each checked; never reads more than a plan can hold."""
    from appstore.reconcile.reviewed import LARGEST, read_reviewed

    plans = []
    for name in names:
        try:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise InvalidInput(
                f"The plan {name} cannot be read: {error.strerror}.",
                "Name the file that plan --out wrote.",
            ) from error
        plans.append(read_reviewed(name, data))
    return tuple(plans)
