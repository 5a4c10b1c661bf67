"""ci review: decide about a request, and say so as the commit's status."""

from appstore.documents.review_file import ReviewFile
from appstore.forge.protocol import Standing
from appstore.report.review import people_missing
from appstore.report.wording import counted
from appstore.runs.ci.request import Desk, Reviewed, review_now

CONTEXT = "appstore/review"
_STANDING = {
    "enough": Standing.SUCCESS,
    "missing": Standing.PENDING,
    "invalid": Standing.FAILURE,
}


def review_request(desk: Desk, number: int) -> Reviewed:
    """The review, with the status set on exactly the commit that was looked at."""
    reviewed = review_now(desk, number)
    review, head = reviewed.review, reviewed.request.head
    desk.forge.status(head, CONTEXT, _STANDING[review.verdict], in_short(review), desk.page)
    return reviewed


def in_short(review: ReviewFile) -> str:
    """The verdict in a line that fits a status; no text of the proposal is in it."""
    match review.verdict:
        case "enough":
            return "May be merged."
        case "missing":
            return f"Waits for {counted(people_missing(review.needs), 'review')}."
        case "invalid":
            errors = sum(finding.severity == "error" for finding in review.findings)
            return f"{counted(errors, 'finding')} in its files."
