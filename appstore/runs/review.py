"""review: may this merge request be merged? From git alone; no forge and no cloud is asked."""

from datetime import datetime

from appstore.documents.review_file import ReviewFile
from appstore.govern.people import People
from appstore.source.proposal import Proposed


def review(proposed: Proposed, people: People, now: datetime) -> ReviewFile:
    """Decide on a merge request: rights, needed reviews, tier, findings.

    Policy, roles and mappings are those of the target, the content is that of the merge result.
    `now` (aware) is for warnings about past dates only.
    """
    raise NotImplementedError(proposed, people, now)
