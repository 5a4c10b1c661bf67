"""The reviews in a note: which are needed, which are given, and what a reviewer should know."""

from collections.abc import Iterator
from itertools import islice

from appstore.documents.review_file import NeededReview, ReviewFile, VersionSheet
from appstore.report.markdown import code, fenced, text
from appstore.report.words import Words

MOST = 20
MOST_DIFFERENCE = 200
LARGEST_DIFFERENCE = 16_000
"""Lines and bytes of a difference to the version before; its folder in the request has all."""


def review_part(review: ReviewFile, words: Words) -> str:
    """What is still missing comes first."""
    about = " ".join(filter(None, (words.verdicts[review.verdict], words.tiers[review.tier])))
    needs = sorted(review.needs, key=lambda need: bool(need.given_by))
    lines = [_need(need, words) for need in needs[:MOST]]
    if more := len(needs) - len(lines):
        lines.append(f"- {words.many(words.more, more)}")
    return "\n".join((f"**{words.reviews}:** {about}", *(("", *lines) if lines else ())))


def _need(need: NeededReview, words: Words) -> str:
    if need.given_by:
        state = words.given_by.format(_accounts(need.given_by))
    else:
        state = f"**{words.missing}**"
        if need.who:
            state += f" ({words.anybody_of.format(_accounts(need.who))})"
    place = f"{need.path}:{need.line}" if need.line > 0 else need.path
    return (
        f"- {text(need.role)}: {state}\n  - {text(need.why)} {code(place)} {code(f'[{need.rule}]')}"
    )


def _accounts(accounts: tuple[str, ...]) -> str:
    """In code spans: nobody is notified by a note that is edited again and again."""
    names = ", ".join(code(account, 100) for account in accounts[:MOST])
    return f"{names} ..." if len(accounts) > MOST else names


def review_details(review: ReviewFile, words: Words) -> Iterator[str]:
    """The sheet of each new version, then the lines that differ, then what changes in files."""
    yield from (_sheet(sheet, words) for sheet in review.sheets)
    yield from (_difference(sheet, words) for sheet in review.sheets if sheet.difference)
    if review.changes:
        lines = [f"- {code(one.path)} {text(one.what)}" for one in review.changes[: MOST * 2]]
        if more := len(review.changes) - len(lines):
            lines.append(f"- {words.many(words.more, more)}")
        yield "\n".join((f"**{words.changes}**", "", *lines))


def _sheet(sheet: VersionSheet, words: Words) -> str:
    lines = [f"**{words.sheet.format(code(sheet.version))}**", ""]
    for part, title in words.sheet_parts.items():
        if values := getattr(sheet, part):
            lines.append(f"- {title.format(code(sheet.before or ''))}:")
            lines += (f"  - {text(value) or code(value)}" for value in islice(values, MOST))
            if len(values) > MOST:
                lines.append(f"  - {words.many(words.more, len(values) - MOST)}")
    return "\n".join(lines)


def _difference(sheet: VersionSheet, words: Words) -> str:
    """A part of its own, so that a long one cannot crowd the sheet's facts out of the note."""
    shown, room = 0, LARGEST_DIFFERENCE
    for line in sheet.difference[:MOST_DIFFERENCE]:
        room -= len(line[:300].encode(errors="replace")) + 2  # a longer line is cut there
        if room < 0:
            break
        shown += 1
    title = words.sheet_parts["changed"].format(code(sheet.before or ""))
    lines = [f"**{words.sheet.format(code(sheet.version))}, {title}**", ""]
    lines.append(fenced(sheet.difference, most=shown))
    if more := len(sheet.difference) - shown:
        lines += ("", words.many(words.lines, more))
    return "\n".join(lines)
