"""Words and small figures for people: counts, ages, member lists."""

from collections.abc import Iterable, Sequence
from datetime import timedelta


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `3 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def age(span: timedelta) -> str:
    """A span in its largest unit: `40 s`, `12 min`, `5 h`, `3 days`."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86_400, "day"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            number = seconds // size
            return counted(number, unit) if unit == "day" else f"{number} {unit}"
    return f"{seconds} s"


def members(names: Sequence[str]) -> str:
    """Member names, runs of numbered ones joined: `s01..s06, s09`."""
    runs: list[list[str]] = []
    for name in names:
        if runs and _next(runs[-1][-1]) == name:
            runs[-1].append(name)
        else:
            runs.append([name])
    shown = [run if len(run) < 3 else [f"{run[0]}..{run[-1]}"] for run in runs]
    return ", ".join(part for run in shown for part in run)


def ids_in_short(ids: Iterable[str]) -> list[str]:
    """Instances by deployment, in their order: `anna/net101/lab {s01..s30}`, `anna/base`."""
    groups: dict[str, list[str]] = {}
    for id_ in ids:
        deployment, _, member = id_.rpartition("/") if id_.count("/") > 2 else (id_, "", "")
        groups.setdefault(deployment, []).append(member)
    return [_together(deployment, names) for deployment, names in groups.items()]


def _together(deployment: str, names: list[str]) -> str:
    if len(names) == 1:
        return "/".join(filter(None, (deployment, *names)))
    return f"{deployment} {{{members(names)}}}"


def _next(name: str) -> str | None:
    prefix, digits = name[:1], name[1:]
    if prefix not in "sx" or not digits.isdigit():
        return None
    return f"{prefix}{int(digits) + 1:02d}"
