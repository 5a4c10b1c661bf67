"""The sample course with times: two classes, homework, days off, an exam, two clock changes."""

from datetime import UTC, datetime

from wanted_samples import COURSE, FILES, Edits, stacks

from appstore.wanted.states import Wanted

TIMES = """\
schedule:
  lead: 45
  classes:
  - {day: monday, from: 08:15, to: 09:45}
  - {day: thursday, from: 14:00, to: 15:30}
  homework:
  - {day: sunday, from: 01:00, to: 05:00}
  days_off: [2026-11-05, {from: 2026-12-24, to: 2027-01-06}]
freezes:
- {from: 2027-02-10T09:00, to: 2027-02-10T12:00}
"""


def course(times: str = TIMES, **replaced: str) -> Edits:
    """The course with these lines, and with some of its own lines replaced (`ends="..."`)."""
    text = FILES[COURSE] + times
    for key, value in replaced.items():
        lines = text.splitlines()
        text = "\n".join(f"{key}: {value}" if x.startswith(f"{key}:") else x for x in lines) + "\n"
    return {COURSE: text}


def wanted_at(moment: str, edits: Edits | None = None, id_: str = "db1/lab/s01") -> Wanted:
    """What is wanted at this moment, with its offset or in UTC."""
    now = datetime.fromisoformat(moment)
    now = now if now.tzinfo else now.replace(tzinfo=UTC)
    return stacks(edits or course(), now.astimezone(UTC))[id_].wanted
