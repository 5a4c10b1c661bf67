"""Heat's words, read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile_samples import WORDS, live

from appstore.reconcile.plan import Health
from appstore.reconcile.status import Known, Unknown, health_of, read_status


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_heat_is_known(word: str) -> None:
    status = read_status(word)
    assert isinstance(status, Known)
    assert f"{status.verb}_{status.state}" == word


@settings(deadline=None)
@given(st.text().filter(lambda text: text not in WORDS))
def test_every_other_word_is_unknown(word: str) -> None:
    assert read_status(word) == Unknown(word)
    assert health_of(live(word)) is Health.UNKNOWN


@pytest.mark.parametrize(
    ("word", "health"),
    [
        ("CREATE_COMPLETE", Health.HEALTHY),
        ("SUSPEND_COMPLETE", Health.HEALTHY),
        ("ROLLBACK_COMPLETE", Health.FAILED),
        ("CHECK_FAILED", Health.FAILED),
        ("UPDATE_IN_PROGRESS", Health.BUSY),
        ("DELETE_COMPLETE", Health.BUSY),
    ],
)
def test_health(word: str, health: Health) -> None:
    assert health_of(live(word)) is health


def test_no_stack_is_absent() -> None:
    assert health_of(None) is Health.ABSENT
