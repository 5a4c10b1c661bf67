"""Text that somebody else wrote, made safe to show on a terminal."""


def plain(text: str, limit: int = 400) -> str:
    """One line of printable characters: control, bidi and invisible characters become `\\xNN`.

    So do the two ways to begin a command in the log of a GitHub job: `::` first and `##[` anywhere
    (actions/runner, ActionCommand.cs). Longer text is cut at `limit` characters and says so.
    """
    shown = "".join(
        c if c.isprintable() else " " if c in "\n\t" else c.encode("unicode_escape").decode()
        for c in text
    )
    shown = shown.replace("##[", r"##\x5b")
    if shown.lstrip().startswith("::"):
        shown = shown.replace("::", r"\x3a\x3a", 1)
    return shown if len(shown) <= limit else f"{shown[:limit]}... ({len(shown) - limit} more)"
