"""A review as text: what the merge request does, who has to look at it, and what is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence

from appstore.documents.plan_file import FileFinding
from appstore.documents.review_file import NeededReview, ReviewedChange, ReviewFile
from appstore.report.escape import plain
from appstore.report.findings import findings_text, summary
from appstore.report.sheet import sheet_text
from appstore.report.wording import counted
from appstore.report.wrapping import wrapped

_MOST = 12
"""So many changes are shown; the file that `--out` writes has all."""

_TIERS = {
    "small": "nobody besides the author has to look",
    "normal": "a person has to look",
    "high": "several people have to look",
}


def review_text(review: ReviewFile) -> Iterator[str]:
    """The whole review for a terminal of 80 columns; the last lines say what to do."""
    yield f"review of {review.head[:7]} onto {review.base[:7]}, proposed by {plain(review.author)}"
    if review.changes:
        yield "\nWhat it does:"
        yield from _changes(review.changes)
    for sheet in review.sheets:
        yield ""
        yield from sheet_text(sheet)
    if review.needs:
        yield "\nReviews:"
        for roles in _by_role(review.needs):
            yield from _need(roles)
    if review.findings:
        yield ""
        yield from findings_text(map(FileFinding.finding, review.findings))
    yield ""
    yield from _conclusion(review)


def _changes(changes: Sequence[ReviewedChange]) -> Iterator[str]:
    """Files that say the same, such as those of a new version, share a line."""
    same: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        same.setdefault((change.rule, change.what), []).append(change.path)
    for (rule, what), paths in list(same.items())[:_MOST]:
        more = f" and {counted(len(paths) - 1, 'more file')}" if len(paths) > 1 else ""
        yield from _wrapped("  - ", f"{plain(what)} [{rule}]")
        yield from _wrapped("    ", f"{plain(paths[0])}{more}")
    if len(same) > _MOST:
        yield f"  and {len(same) - _MOST} more"


def _by_role(needs: Sequence[NeededReview]) -> list[list[NeededReview]]:
    """What one person gives, or can give, for several reasons; two of one role for the same reason
    are two people."""
    together: dict[tuple[object, ...], list[NeededReview]] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for need in needs:
        reason = (need.role, need.rule, need.path)
        seen[reason] += 1
        key = (need.role, need.who, need.given_by, seen[reason])
        together.setdefault(key, []).append(need)
    return list(together.values())


def _need(needs: Sequence[NeededReview]) -> Iterator[str]:
    first, role = needs[0], plain(needs[0].role)
    if first.given_by:
        yield from _wrapped("  [x] ", f"{role}: given by {_names(first.given_by, 'and')}")
    elif first.who:
        yield from _wrapped("  [ ] ", f"{role}: missing; {_names(first.who)} can give it")
    else:
        nobody = "missing, and nobody else has this role on the target branch"
        yield from _wrapped("  [ ] ", f"{role}: {nobody}")
    for need in needs:
        place = f"{need.path}:{need.line}" if need.line else need.path
        yield from _wrapped("      ", f"for: {plain(need.why)}")
        yield from _wrapped("      ", f"{plain(place)} [{need.rule}]")


def _names(accounts: Sequence[str], last: str = "or") -> str:
    names = [plain(account) for account in accounts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def people_missing(needs: Sequence[NeededReview]) -> int:
    """How many people have yet to approve, as far as one can do it for several reasons."""
    return sum(not group[0].given_by for group in _by_role(needs))


def _conclusion(review: ReviewFile) -> Iterator[str]:
    missing = people_missing(review.needs)
    match review.verdict:
        case "invalid":
            found = summary(map(FileFinding.finding, review.findings))
            yield from _wrapped("", f"It cannot be merged as it is: {found}.")
            yield from _wrapped("  -> ", "Mend what is found above, commit, and push.")
        case "missing":
            yield from _wrapped(
                "", f"Not yet: {counted(missing, 'review')} missing. {_tier(review)}"
            )
            yield from _wrapped("  -> ", _ask(review.needs))
        case "enough" if review.merge_alone:
            yield from _wrapped("", f"It may be merged, by a machine too. {_tier(review)}")
        case "enough":
            yield from _wrapped("", f"It may be merged. {_tier(review)}")


def _tier(review: ReviewFile) -> str:
    return f"Tier {review.tier}: {_TIERS[review.tier]}."


def _ask(needs: Sequence[NeededReview]) -> str:
    missing = [group[0] for group in _by_role(needs) if not group[0].given_by]
    if not all(need.who for need in missing):
        return (
            "Somebody is needed whom the target branch does not name: a site admin adds accounts "
            "in deployments/site.yaml or in lecturer.yaml."
        )
    if len(missing) == 1:
        return f"Ask {_names(missing[0].who)} to approve the merge request."
    return "Ask one person for each [ ] above to approve the merge request."


def _wrapped(start: str, text: str) -> list[str]:
    return wrapped(text, start, " " * len(start))
