"""The outcome in a note: what came up, what failed and why, and who acts next."""

from collections import Counter
from collections.abc import Iterator

from appstore.documents.outcome_file import InstanceOutcome, OutcomeFile
from appstore.report.markdown import code, fenced, text
from appstore.report.note_plan import split
from appstore.report.wording import members
from appstore.report.words import Words

MOST_KINDS = 8


def outcome_line(outcome: OutcomeFile, words: Words) -> str:
    """How many ended how."""
    counts = Counter(one.result for one in outcome.outcomes)
    ended = sorted(counts, key=lambda result: result != "done")
    said = ", ".join(f"{counts[result]} {_result(result, words)}" for result in ended[:10])
    line = f"**{words.outcome}: {said or words.nothing}.**"
    if outcome.already:
        line += f" {words.many(words.already, len(outcome.already))}"
    return line


def outcome_parts(outcome: OutcomeFile, words: Words) -> Iterator[str]:
    """A part for each deployment, those with something that did not end well first."""
    deployments: dict[str, list[InstanceOutcome]] = {}
    for one in outcome.outcomes:
        deployments.setdefault(split(one.id)[0], []).append(one)
    for name in sorted(deployments, key=lambda name: all(one.well for one in deployments[name])):
        yield _deployment(name, deployments[name], words)


def _deployment(name: str, outcomes: list[InstanceOutcome], words: Words) -> str:
    kinds: dict[tuple[str, ...], list[InstanceOutcome]] = {}
    for one in sorted(outcomes, key=lambda one: one.well):
        kinds.setdefault((one.result, one.why, one.next_step, one.owner), []).append(one)
    lines = [f"#### {code(name)}", ""]
    for kind in list(kinds.values())[:MOST_KINDS]:
        lines += _kind(kind, words)
    if (more := len(kinds) - MOST_KINDS) > 0:
        lines.append(f"- {words.many(words.more, more)}")
    return "\n".join(lines)


def _kind(kind: list[InstanceOutcome], words: Words) -> Iterator[str]:
    first = kind[0]
    names = [member for one in kind if (member := split(one.id)[1])]
    whom = f": {code(members(names))}" if names else ""
    yield f"- {len(kind)} {_result(first.result, words)}{whom}"
    if why := text(first.why):
        yield f"  - {why}"
    step, *more = first.next_step.splitlines() or [""]
    owner = words.owners.get(first.owner) or (code(first.owner) if first.owner else "")
    actor = f"**{words.actor.format(owner)}**" if owner else ""
    if line := " ".join(filter(None, (actor, text(step)))):
        yield f"  - {line}"
    if more:
        yield fenced(more, "    ")


def _result(result: str, words: Words) -> str:
    """In the reader's language; a word that no table has is shown as it is."""
    return words.results.get(result) or text(result) or code(result)
