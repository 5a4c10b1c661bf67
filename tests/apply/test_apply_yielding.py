"""A run yields to a newer commit between two waves: what has begun ends, the rest is untouched."""

from dataclasses import replace

import pytest
from apply_samples import Story, farewell, seat

from appstore.apply.tasks import YIELDED
from appstore.reconcile.outcome import Done

BASE, SEATS, OLD = "base", ["cs101--web-lab--s01", "cs101--web-lab--s02"], "cs101--web-lab--old"


@pytest.mark.parametrize(
    ("answers", "done"),
    [
        ([False, False], {BASE, *SEATS, OLD}),
        ([False, True], {BASE, *SEATS}),
        ([True], {BASE}),
    ],
)
def test_a_newer_commit_is_asked_for_between_waves(answers: list[bool], done: set[str]) -> None:
    story, left = Story(), list(answers)
    heat = story.project()
    story.run(seat("old"))
    story.settings = replace(story.settings, newer=lambda: left.pop(0))

    results = story.run(seat("base", base=True), seat("s01"), seat("s02"), farewell("old"))

    assert left == []
    assert {name for name, result in results.items() if isinstance(result, Done)} == done
    assert all(results[name] == YIELDED for name in results.keys() - done)
    made = (done | {OLD}) - ({OLD} if OLD in done else set())
    assert {stack.name for stack in heat.listing().stacks} == made


def test_one_wave_asks_nobody() -> None:
    story = Story()
    story.project()
    story.settings = replace(story.settings, newer=lambda: pytest.fail("asked"))

    assert isinstance(story.run(seat("s01"))["cs101--web-lab--s01"], Done)
