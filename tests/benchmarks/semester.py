"""A semester of 1,000 instances, planned day by day: `python tests/benchmarks/semester.py`.

Only deciding is timed, against the stacks that the days before would have left: every change is
taken as done at once. Three moments a day: before class, in class, in the evening.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from appstore.reconcile.decision import Act, Step
from appstore.reconcile.live import LiveProject, LiveStack
from appstore.reconcile.propose import propose
from appstore.reconcile.tags import tags_for
from appstore.registry.read import read_registry
from appstore.wanted.farewell import farewell
from appstore.wanted.stacks import LecturerStacks, WantedStack
from appstore.wanted.tree import wanted_tree

REV = "0" * 40
START = datetime(2026, 10, 5, tzinfo=UTC)
DAYS = 150
FILES = {
    "deployments/site.yaml": "owner: bench\nclouds: {main: {}}\n"
    "tenants: {inf: {title: I, clouds: [main]}}\nresource_types: ['OS::Heat::*']\n",
    "catalog/code/template.yaml": "title: Code\nsummary: A code\nowner: ada\n",
    "catalog/code/1.0.0/version.yaml": "summary: First\n",
    "catalog/code/1.0.0/heat.yaml": "heat_template_version: 2021-04-16\n"
    "resources: {code: {type: OS::Heat::RandomString}}\n",
    "deployments/ada/lecturer.yaml": "tenant: inf\ncloud: main\nproject: ada\n",
}
COURSE = """\
title: Course
term: ws26
starts: 2026-10-12
ends: 2027-02-12
roster: {seats: 100}
schedule:
  classes: [{day: monday, from: 08:15, to: 09:45}, {day: thursday, from: 10:00, to: 11:30}]
  homework: [{day: workdays, from: 18:00, to: 22:00}]
  days_off: [{from: 2026-12-24, to: 2027-01-06}]
freezes: [{from: 2027-02-10T09:00, to: 2027-02-10T12:00}]
"""


def files() -> dict[str, bytes]:
    """Ten courses of one hundred seats."""
    courses = {f"deployments/ada/c{n}/course.yaml": COURSE for n in range(10)}
    labs = {f"deployments/ada/c{n}/lab.yaml": LAB for n in range(10)}
    return {path: text.encode() for path, text in {**FILES, **courses, **labs}.items()}


LAB = "template: code@1.0.0\nfor: student\n"


def after(live: LiveStack | None, stack: WantedStack, act: Act, now: datetime) -> LiveStack | None:
    """What this change leaves behind when all goes well."""
    last = act.steps[-1]
    if last is Step.DELETE:
        return None
    if live is None:
        tags = tags_for("bench", stack, REV, 0)
        live = LiveStack(stack.name, stack.name, "", "", tags, now, now)
    if Step.TAG_ENDING in act.steps:
        live = replace(live, tags=live.tags | {f"appstore:ending={now.date()}"})
    return replace(live, status=f"{last.upper()}_COMPLETE", updated=now)


def main() -> None:
    """Play and print the time, the plans and the changes."""
    content = files()
    lives: dict[str, LiveStack] = {}
    plans = changes = most = 0
    began = time.perf_counter()
    for day in range(DAYS):
        for hour in (6, 7, 17):
            now = START + timedelta(days=day, hours=hour, minutes=31)
            registry = read_registry(content)
            tree = wanted_tree(registry, now)
            (mine,) = (one for one in tree.lecturers if isinstance(one, LecturerStacks))
            listing = LiveProject("main", "id", "ada", tuple(lives.values()))
            why = lambda _, id_, mine=mine, registry=registry: farewell(mine, registry, id_)  # noqa: E731
            for entry in propose(tree, {"ada": listing}, (), why, now, REV).entries:
                if isinstance(entry.decision, Act) and isinstance(entry.subject, WantedStack):
                    left = after(entry.live, entry.subject, entry.decision, now)
                    lives.pop(entry.subject.name, None)
                    if left is not None:
                        lives[left.name] = left
                    changes += 1
            most = max(most, len(lives))
            plans += 1
    took = time.perf_counter() - began
    print(
        f"{plans} plans, {changes} changes, at most {most} stacks, {len(lives)} left: {took:.1f} s"
    )


if __name__ == "__main__":
    main()
