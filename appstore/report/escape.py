"""Text that somebody else wrote, made safe to show on a terminal."""


def plain(text: str, limit: int = 400) -> str:
    """One line of printable characters: control, bidi and invisible characters become `\\xNN`.

    Longer text is cut at `limit` characters and says so.
    """
    shown = "".join(
        c if c.isprintable() else " " if c in "\n\t" else c.encode("unicode_escape").decode()
        for c in text
    )
    return shown if len(shown) <= limit else f"{shown[:limit]}... ({len(shown) - limit} more)"
