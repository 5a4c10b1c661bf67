"""Edits of files as text and JSON: what stands there, and what is to stand there."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff

from appstore.documents.edit import Edit
from appstore.report.escape import plain


def diff_text(edit: Edit) -> Iterator[str]:
    """The unified difference of one file, as git shows it; of a copy only whence it comes."""
    if edit.copy_of is not None:
        yield f"copy from {plain(edit.copy_of)}"
        yield f"copy to {plain(edit.path)}"
        return
    before, after = _lines(edit.before or b""), _lines(edit.after)
    old = "/dev/null" if edit.before is None else f"a/{edit.path}"
    for line in unified_diff(before, after, old, f"b/{edit.path}"):
        yield plain(line.rstrip("\r\n"))
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def edit_json(edit: Edit) -> dict[str, object]:
    """The same as plain values: lines count from 1; an insertion has no old text."""
    if edit.copy_of is not None:
        return {"path": edit.path, "copy_of": edit.copy_of}
    before, after = _lines(edit.before or b""), _lines(edit.after)
    changes = [
        {
            "old": {"line": old + 1, "text": "".join(before[old:old_end])},
            "new": {"line": new + 1, "text": "".join(after[new:new_end])},
        }
        for tag, old, old_end, new, new_end in _opcodes(before, after)
        if tag != "equal"
    ]
    return {"path": edit.path, "changes": changes}


def _opcodes(
    before: Sequence[str], after: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()


def _lines(data: bytes) -> list[str]:
    """Split as YAML does: a line ends in a line feed, and other separators are text."""
    *whole, rest = data.decode().split("\n")
    return [f"{line}\n" for line in whole] + ([rest] if rest else [])
