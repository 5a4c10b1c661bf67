"""The folded details of a plan: each changed field, each resource, each warning."""

from collections.abc import Iterator
from itertools import islice

from appstore.documents.plan_file import PlanFile, PlannedEntry
from appstore.report.markdown import code, text
from appstore.report.note_plan import alike, by_deployment, headed, label
from appstore.report.words import Words

MOST_LINES = 40


def plan_details(plan: PlanFile, words: Words) -> Iterator[str]:
    """A part for each deployment that has any."""
    for name, entries in by_deployment(plan.entries).items():
        lines: list[str] = []
        for kind in alike(entries):
            if about := list(islice(_lines(kind[0], words), MOST_LINES)):
                lines += (f"- {label(kind, words)}", *(f"  - {line}" for line in about))
        if lines:
            yield "\n".join((headed(name, entries), "", *lines))


def _lines(entry: PlannedEntry, words: Words) -> Iterator[str]:
    if entry.difference is not None:
        for field in entry.difference.fields:
            old, new = (words.none if v is None else code(v) for v in (field.old, field.new))
            yield f"{code(field.field)}: {old} \u2192 {new}"
        for one in entry.difference.effects:
            effect = words.effects.get(one.effect) or text(one.effect)
            why = f"; {shown}" if (shown := text(one.why)) else ""
            yield f"{code(one.name)} ({code(one.type)}): {effect}{why}"
    for warning in entry.warnings:
        yield f"{words.warning} {text(warning)}".rstrip()
