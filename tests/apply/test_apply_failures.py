"""How a refused request is told."""

import pytest

from appstore.apply.failures import refused
from appstore.cloud.errors import CloudError, Forbidden, NotAuthenticated, Rejected, Unreachable
from appstore.reconcile.decision import Action
from appstore.reconcile.outcome import Failed

SECRET = "tr0ub4dor\n& 3 horses"


@pytest.mark.parametrize("kind", [Rejected, Forbidden, NotAuthenticated, Unreachable, CloudError])
@pytest.mark.parametrize("written", [SECRET, repr(SECRET)[1:-1]])
def test_no_part_of_a_secret_survives_the_cut(kind: type[CloudError], written: str) -> None:
    for before in range(220, 262):
        said = f"{'x' * before}{written} is bad"
        failed = refused(Action.CREATE, kind(said), [SECRET])
        assert isinstance(failed, Failed)
        assert len(failed.reason) <= 256
        assert "tr" not in failed.reason
        assert "horses" not in failed.reason


def test_a_cause_beyond_the_cut_is_still_found() -> None:
    said = "x" * 300 + " No images matching {'name': 'nope'}."
    failed = refused(Action.CREATE, Rejected(said), [])
    assert isinstance(failed, Failed)
    assert failed.reason == "The cloud has no image named 'nope'."
