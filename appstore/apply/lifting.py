"""Which guards an update sends: all, except for what failed to be created and served nobody.

Heat matches the keys of `resource_registry.resources` as shell patterns and joins what all matching
ones restrict, so one member of a group is let through by patterns that match every name but its
own (heat/engine/environment.py, `get_rsrc_restricted_actions`).
"""

import re
from collections.abc import Iterable, Mapping

from appstore.documents.marks import JsonValue

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
Guards = Mapping[str, JsonValue]


def without(guards: Guards, paths: Iterable[str]) -> dict[str, JsonValue]:
    """The guards without those on the resources at `paths` (`server`, `group/3`, `group/3/server`).

    A group's member with a name that is no plain word keeps its guard.
    """
    return _without(guards, [tuple(path.split("/")) for path in paths])


def _without(guards: Guards, paths: list[tuple[str, ...]]) -> dict[str, JsonValue]:
    below: dict[str, list[tuple[str, ...]]] = {}
    for head, *rest in paths:
        below.setdefault(head, []).append(tuple(rest))
    kept: dict[str, JsonValue] = {}
    for key, inner in guards.items():
        heads = [h for h in below if h not in guards and _PLAIN.fullmatch(h)] if key == "*" else []
        if not isinstance(inner, dict) or (key not in below and not heads):
            kept[key] = inner
            continue
        if heads:
            kept |= dict.fromkeys(_every_name_but(heads), inner)
        for name in heads or [key]:
            left = {} if () in below[name] else _without(inner, below[name])
            if left:
                kept[name] = left
    return kept


def _every_name_but(names: list[str]) -> list[str]:
    """Shell patterns that together match every name except these."""
    patterns = []
    starts = {name[:end] for name in names for end in range(len(name) + 1)}
    for start in sorted(starts):
        after = sorted({s[len(start)] for s in starts if s[:-1] == start and s != start})
        if start and start not in names:
            patterns.append(start)
        patterns.append(f"{start}[!{''.join(after)}]*" if after else f"{start}?*")
    return patterns
