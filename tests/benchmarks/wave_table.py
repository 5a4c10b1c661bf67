"""320 seats ready by 08:00 on a Heat of a given rate: `python tests/benchmarks/wave_table.py`.

When each machine begins is asked of the product, from files as text. Then a Heat that makes
`--rate` machines a minute, in the order in which they begin, says when each is there. Compared
with an ideal packing, which begins as late as this rate allows and knows of no waves.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from appstore.registry.read import read_registry
from appstore.wanted.prewarm import beginnings

READY = datetime(2026, 10, 12, 6, tzinfo=UTC)
"""08:00 in Berlin."""
SEATS = 320
FILES = {
    "deployments/site.yaml": "owner: bench\nclouds: {main: {}}\n"
    "tenants: {inf: {title: I, clouds: [main]}}\nresource_types: ['OS::Heat::*']\n",
    "catalog/code/template.yaml": "title: Code\nsummary: A code\nowner: inf\n",
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
ready_by: 2026-10-12T08:00
prewarm: {{at_once: {at_once}, minutes: {minutes}}}
roster: {{seats: {seats}}}
schedule: {{classes: [{{day: monday, from: 08:15, to: 09:45}}]}}
"""
LAB = "template: code@1.0.0\nfor: student\n"


@dataclass(frozen=True, slots=True)
class Case:
    """So many courses share the seats; in each so many machines are made at a time."""

    courses: int
    at_once: int
    minutes: int


CASES = (Case(1, 40, 20), Case(1, 10, 5), Case(10, 4, 20), Case(10, 10, 60))


def starts(case: Case) -> list[datetime]:
    """When each machine begins, as the product says."""
    text = COURSE.format(at_once=case.at_once, minutes=case.minutes, seats=SEATS // case.courses)
    files = dict(FILES)
    for number in range(case.courses):
        files[f"deployments/ada/c{number}/course.yaml"] = text
        files[f"deployments/ada/c{number}/lab.yaml"] = LAB
    registry = read_registry({path: content.encode() for path, content in files.items()})
    if registry.findings:
        raise SystemExit(f"the files have findings: {registry.findings}")
    courses = registry.lecturers["ada"].courses
    return sorted(at for course in courses for at in beginnings(course).values())


def made(begins: Sequence[datetime], rate: float) -> list[datetime]:
    """When each is there, on a Heat that makes so many a minute, one after the other."""
    each, free, there = timedelta(minutes=1 / rate), datetime.min.replace(tzinfo=UTC), []
    for begin in begins:
        free = max(free, begin) + each
        there.append(free)
    return there


def main() -> int:
    """Print each table; 1 when a machine is late."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=2.0, help="machines a minute")
    rate: float = parser.parse_args().rate
    ideal = timedelta(minutes=SEATS / rate)
    late = 0
    for case in CASES:
        begins = starts(case)
        there = made(begins, rate)
        late += sum(at > READY for at in there)
        print(
            f"\n{case.courses} courses of {SEATS // case.courses} seats, each {case.at_once} at a "
            f"time in {case.minutes} minutes, on a Heat of {rate:g} a minute"
        )
        done = Counter(at <= READY for at in there)
        for wave, machines in sorted(Counter(begins).items()):
            last = max(at for begin, at in zip(begins, there, strict=True) if begin == wave)
            print(f"  {wave:%a %H:%M} UTC  {machines:3} machines  there at {last:%H:%M:%S}")
        window = READY - begins[0]
        print(
            f"  {done[True]} of {SEATS} ready by {READY:%H:%M}; the first begins {window} before, "
            f"ideal {ideal}: ratio {window / ideal:.2f}"
        )
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
