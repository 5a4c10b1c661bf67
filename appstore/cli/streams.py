"""Output that nobody reads any more, as of `appstore apply | head`, stops no work half-way."""

import io
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Unheard(io.FileIO):
    """A descriptor to which writing goes on in silence when its reader is gone."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """The number of bytes that were written, or would have been."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            return len(memoryview(data))


def go_on_unheard() -> None:
    """From here on, stdout and stderr forgive a reader that went away."""
    sys.stdout = _forgiving(sys.stdout)
    sys.stderr = _forgiving(sys.stderr)


def _forgiving(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream  # closed by the shell, or not a file
    return io.TextIOWrapper(
        io.BufferedWriter(Unheard(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
    )
