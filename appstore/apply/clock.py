"""Real time, and the wish to stop, which cuts every sleep short."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime


class Stop:
    """Set once by SIGTERM, Ctrl-C or a newer run; from then on nothing new is sent to Heat."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask the run to stop; safe in a signal handler and when repeated."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether the run shall stop."""
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Return when asked to stop, at the latest after `seconds`."""
        self._event.wait(seconds)


@dataclass(frozen=True, slots=True)
class WallClock:
    """The machine's time; its sleep ends at once when `stop` is set."""

    stop: Stop = field(default_factory=Stop)

    def now(self) -> datetime:
        """The present, aware, UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Return after `seconds`, or at once when the run is asked to stop."""
        self.stop.wait(max(0.0, seconds))
