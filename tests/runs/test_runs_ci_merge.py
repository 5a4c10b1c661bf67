"""Between the review and the merge anything may happen; only what was reviewed is merged."""

import pytest
from runs_forge import ABSENT, RESET, OnForge

import appstore.runs.ci.merge as ci_merge
from appstore.cli.ending import end
from appstore.cli.main import appstore
from appstore.runs.ci.request import Desk, Reviewed, review_now


def test_a_push_after_the_review_stops_the_merge(
    place: OnForge, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    one = place.propose(4, RESET)

    def then_pushed(desk: Desk, number: int) -> Reviewed:
        reviewed = review_now(desk, number)
        assert reviewed.review.merge_alone
        place.git("switch", "-q", "--detach", one.head)
        one.head = place.commit(dict(ABSENT))
        place.git("switch", "-q", "main")
        return reviewed

    monkeypatch.setattr(ci_merge, "review_now", then_pushed)
    words = ["ci", "merge", "--request", "4", "--repo", str(place.clone)]
    assert end(lambda: appstore.main(words, standalone_mode=False)) == 3
    assert "pushed" in capfd.readouterr().err
    assert one.state == "open"
