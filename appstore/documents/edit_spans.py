"""Where every value of a text begins and ends, for edits that leave the rest byte for byte.

The marks of the strict loader say where a key stands; an edit must know where its value stops.
Only texts that the strict loader took are measured: no anchors, no tags, every key a text once.
"""

from dataclasses import dataclass

from yaml import error
from yaml._yaml import CParser, Mark
from yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from appstore.documents.marks import Path


@dataclass(frozen=True, slots=True)
class ScalarSpan:
    """One value; `quote` is how it is written: nothing, `'`, `"`, or `|` and `>` for a block."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class HolderSpan:
    """A mapping or a list, in braces (`flow`) or on lines of its own that begin at `column`.

    `end` is that of the last value inside; None when it is empty, which only braces can be.
    """

    start: int
    end: int | None
    column: int
    flow: bool


Span = ScalarSpan | HolderSpan


def spans_of(text: str) -> dict[Path, Span]:
    """The span of each value by its path, in characters of the text."""
    measuring = _Measuring(text)
    measuring.measure((), measuring.root())
    return measuring.spans


class _Measuring:
    """One walk over the events of a text."""

    __slots__ = ("_parser", "spans")

    def __init__(self, text: str) -> None:
        self._parser = CParser(text)
        self.spans: dict[Path, Span] = {}

    def root(self) -> Event:
        """The event after the starts of stream and document."""
        self._next()
        self._next()
        return self._next()

    def measure(self, at: Path, event: Event) -> int:
        """Notes the value that begins with this event; gives the index at which it ends."""
        if isinstance(event, ScalarEvent):
            start, end = _index(event.start_mark), _index(event.end_mark)
            self.spans[at] = ScalarSpan(start, end, event.style or "")
            return end
        assert isinstance(event, MappingStartEvent | SequenceStartEvent)
        mapping = isinstance(event, MappingStartEvent)
        last, closing = self._entries(at) if mapping else self._items(at)
        mark, flow = event.start_mark, bool(event.flow_style)
        assert mark is not None
        self.spans[at] = HolderSpan(mark.index, last, mark.column, flow)
        # A block has no sign of its own for its end: libyaml gives the next thing after it.
        return _index(closing.end_mark) if flow or last is None else last

    def _entries(self, at: Path) -> tuple[int | None, Event]:
        last = None
        while not isinstance(key := self._next(), MappingEndEvent):
            assert isinstance(key, ScalarEvent)
            last = self.measure((*at, key.value), self._next())
        return last, key

    def _items(self, at: Path) -> tuple[int | None, Event]:
        last, number = None, 0
        while not isinstance(item := self._next(), SequenceEndEvent):
            last = self.measure((*at, number), item)
            number += 1
        return last, item

    def _next(self) -> Event:
        event = self._parser.get_event()
        assert event is not None  # the walk stops at the end of the root
        return event


def _index(mark: Mark | error.Mark | None) -> int:
    assert mark is not None  # libyaml marks every event
    return mark.index
