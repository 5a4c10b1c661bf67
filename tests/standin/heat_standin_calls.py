"""Something that happens in the middle of a run, at one call of the stand-in."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from heat_standin import StandInHeat


class Killed(BaseException):
    """What kill -9 is to a test."""


def kill() -> None:
    """The run dies here."""
    raise Killed


@contextmanager
def at_call(
    heat: StandInHeat, names: Iterable[str], number: int, happen: Callable[[], None], after: bool
) -> Iterator[None]:
    """Before or after the call of this number (from 1), of those named, something happens."""
    count = 0

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal count
            count += 1
            now = count == number
            if now and not after:
                happen()
            value = method(*arguments)
            if now and after:
                happen()
            return value

        return call

    changed = tuple(names)
    for name in changed:
        setattr(heat, name, counted(getattr(type(heat), name).__get__(heat)))
    try:
        yield
    finally:
        for name in changed:
            vars(heat).pop(name)
