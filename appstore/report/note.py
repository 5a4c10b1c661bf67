"""The one note on a merge request: plan, reviews and outcome, for lecturers, in their language.

It is made from documents that other jobs wrote and that nobody vouches for: every text in them
goes through `appstore.report.markdown`. A part is shown whole or not at all.
"""

import re
from collections.abc import Iterable
from itertools import chain

from appstore.documents.outcome_file import OutcomeFile
from appstore.documents.plan_file import FileFinding, PlanFile
from appstore.documents.review_file import ReviewFile
from appstore.errors import InvalidInput
from appstore.report.markdown import code, link, text
from appstore.report.note_outcome import outcome_line, outcome_parts
from appstore.report.note_plan import plan_line, plan_parts
from appstore.report.note_plan_details import plan_details
from appstore.report.note_review import review_details, review_part
from appstore.report.words import Words, words_of

MARKER = "<!-- appstore:note -->"
_MARKER = re.compile("<!-- [a-z0-9:,. -]+ -->")
"""It may name lecturers, whose names come from documents too."""
GITHUB_NOTE = 65_536
"""Characters in GitHub's database; counted as bytes here, which are never fewer."""
STEP_SUMMARY = 1024 * 1024
"""Bytes; GitHub shows nothing at all of a larger one."""
MOST_FINDINGS = 20


def note_text(
    plan: PlanFile | None,
    review: ReviewFile | None,
    outcome: OutcomeFile | None,
    language: str = "en",
    artifact_url: str = "",
    marker: str = MARKER,
    limit: int = GITHUB_NOTE,
) -> str:
    """The note in Markdown, at most `limit` bytes; `artifact_url` is where all of it is."""
    if marker and not _MARKER.fullmatch(marker):
        raise InvalidInput(f"The note cannot be marked with {marker!r:.80}.", "Use plain words.")
    words = words_of(language)
    first = [
        outcome_line(outcome, words) if outcome else "",
        plan_line(plan, words) if plan else "",
    ]
    planned = list(plan_parts(plan, words)) if plan else []
    parts = [
        *(outcome_parts(outcome, words) if outcome else ()),
        review_part(review, words) if review and not outcome else "",
        *_findings(plan, review, outcome, words),
        *(() if outcome else planned),
    ]
    details = [
        *(planned if outcome else ()),
        *(plan_details(plan, words) if plan else ()),
        *(review_details(review, words) if review else ()),
    ]
    foot = [
        words.digest.format(code(plan.digest)) if plan else "",
        words.run.format(code(outcome.run)) if outcome else "",
    ]
    lead = "\n\n".join(filter(None, (marker, *first)))
    last = ". ".join(filter(None, foot))
    return _fitted(lead, filter(None, parts), details, last, words, artifact_url, limit)


def summary_text(plan: PlanFile, limit: int = STEP_SUMMARY) -> str:
    """The same as a page for GITHUB_STEP_SUMMARY, which people who run pipelines read."""
    return note_text(plan, None, None, marker="", limit=limit)


def _fitted(
    lead: str,
    parts: Iterable[str],
    details: Iterable[str],
    last: str,
    words: Words,
    artifact_url: str,
    limit: int,
) -> str:
    """As many parts as there is room for, in their order; how many are missing is said."""
    full = link(words.full, artifact_url)
    begin, end = f"<details><summary>{words.details}</summary>", "</details>"
    missing = words.many(words.left_out, 10**9, full)
    room = limit - sum(_size(part) for part in (lead, begin, end, missing, full, last))
    shown, room, out = _taken(parts, room)
    folded, _, more = _taken(details, room)
    if folded:
        folded = [begin, *folded, end]
    if out + more:
        last += f". {words.many(words.left_out, out + more, full)}"
    elif artifact_url:
        last += f". {full}"
    return "\n\n".join(filter(None, (lead, *shown, *folded, last.removeprefix(". ")))) + "\n"


def _taken(parts: Iterable[str], room: int) -> tuple[list[str], int, int]:
    """The parts that fit, the room that is left, and how many did not."""
    shown, out = [], 0
    for part in parts:
        if _size(part) <= room:
            shown.append(part)
            room -= _size(part)
        else:
            out += 1
    return shown, room, out


def _size(part: str) -> int:
    """Its bytes and the empty line after it."""
    return len(part.encode()) + 2


def _findings(
    plan: PlanFile | None, review: ReviewFile | None, outcome: OutcomeFile | None, words: Words
) -> Iterable[str]:
    """What is wrong in files, each said once; errors first."""
    documents = (plan, review, outcome)
    found = dict.fromkeys(chain.from_iterable(each.findings for each in documents if each))
    ordered = sorted(found, key=lambda finding: finding.severity != "error")
    lines = [_finding(each, words) for each in ordered[:MOST_FINDINGS]]
    if more := len(ordered) - len(lines):
        lines.append(f"- {words.many(words.more, more)}")
    if lines:
        yield "\n".join((f"**{words.findings}**\n", *lines))
    if plan and plan.findings_before:
        yield words.many(words.findings_before, plan.findings_before)


def _finding(finding: FileFinding, words: Words) -> str:
    place = f"{finding.path}:{finding.line}" if finding.line > 0 else finding.path
    severity = words.severities.get(finding.severity) or code(finding.severity)
    line = f"- {severity} {code(place)} {text(finding.message)} {code(f'[{finding.rule}]')}"
    hint = text(finding.hint)
    return f"{line}\n  - {words.next_step} {hint}" if hint else line
