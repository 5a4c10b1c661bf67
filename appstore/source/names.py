"""Which paths a registry may hold: those that mean the same on every machine and in every tool."""

import unicodedata

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)
# `.git` and its relatives change what git does with a clone (filters, submodules, even hooks).
_READ_BY_GIT = frozenset([".git", ".gitmodules", ".gitattributes"])
_NOT_ON_WINDOWS = frozenset('<>:"\\|?*')
# Control, format (zero-width, bidi), surrogate, private, unassigned, line and paragraph separators.
_INVISIBLE = frozenset(["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
_LONGEST_NAME = 200
_LONGEST_PATH = 1000


def printable(raw: bytes) -> str:
    """A path for a person: bytes that are no UTF-8 and invisible characters are spelled out."""
    return spelled_out(raw.decode("utf-8", "backslashreplace"))


def spelled_out(text: str) -> str:
    """Text in which every character can be seen."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def objection(raw: bytes) -> str | None:
    """Why no file may have this path, as the end of a sentence; None when it may."""
    try:
        path = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "is not written in UTF-8"
    if len(path) > _LONGEST_PATH:
        return f"is longer than {_LONGEST_PATH} characters"
    if not path.isascii() or not path.isprintable():
        if any(unicodedata.category(character) in _INVISIBLE for character in path):
            return "holds a character that nobody can see, such as a line break"
        if unicodedata.normalize("NFC", path) != path:
            return "is not in Unicode form NFC, so it differs between machines"
    for name in path.split("/"):
        if name in ("", ".", "..") or name.lower() in _READ_BY_GIT:
            return f'holds "{name}", which is no name of a file of ours'
        if name.startswith("-"):
            return "holds a name that begins with a hyphen, which tools take for an option"
        if name.split(".")[0].strip().lower() in _DEVICES:
            return f'holds "{name}", which is a device on Windows'
        if not _NOT_ON_WINDOWS.isdisjoint(name) or name[-1] in ". ":
            return "holds a name that cannot be checked out on Windows"
        if len(name.encode()) > _LONGEST_NAME:
            return f"holds a name of more than {_LONGEST_NAME} bytes"
    return None


def folded(path: str) -> str:
    """What a file system that ignores case takes this path for."""
    return path.lower() if path.isascii() else path.casefold()
