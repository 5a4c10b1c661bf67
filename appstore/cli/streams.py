"""Output that cannot be written, as in `appstore apply | head`, stops no work half-way."""

import io
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


FAILED: list[OSError] = []
"""Why output could not be written; of several the first counts."""


class Unheard(io.FileIO):
    """A descriptor to which writing goes on: its reader may be gone, its disk full."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """The number of bytes that were written, or would have been."""
        try:
            return super().write(data) or 0
        except BrokenPipeError:
            pass
        except OSError as error:  # a full disk: the work goes on, the end of the run says so
            FAILED.append(error)
        return len(memoryview(data))


def go_on_unheard() -> None:
    """From here on, stdout and stderr forgive what cannot be written."""
    sys.stdout = _forgiving(sys.stdout)
    sys.stderr = _forgiving(sys.stderr)


def _forgiving(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream  # closed by the shell, or not a file
    return io.TextIOWrapper(
        io.BufferedWriter(Unheard(stream.fileno(), "w", closefd=False)),
        encoding=stream.encoding,
        errors="backslashreplace",  # a terminal without these letters is told which
        line_buffering=stream.line_buffering,
    )
