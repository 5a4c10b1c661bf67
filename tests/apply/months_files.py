"""A lecturer's files as values, their text, and what they mean, told anew without the product.

One course with a class twice a week, a deployment for every seat and one for the course. What
`expected` and `Due` say is written down from the README, so that the product is compared with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
OWNER = "teaching"
CLASS_DAYS = (0, 3)
OPENS, BEGINS, ENDS = time(7, 30), time(8, 15), time(9, 45)
DAY = timedelta(days=1)

COURSE = "deployments/ada/net/course.yaml"
TEMPLATE = """\
heat_template_version: 2021-04-16
parameters: {n: {type: number, default: 1}}
resources:
  lab: {type: 'OS::Heat::TestResource', properties: {value: {get_param: n}, fail: FAIL}}
  server:
    type: OS::Nova::Server
    properties: {flavor: m1, image: debian, image_update_policy: REPLACE, user_data_format: RAW}
"""
SITE = {
    "deployments/site.yaml": "owner: teaching\nclouds: {main: {}}\n"
    "tenants: {inf: {title: I, clouds: [main]}}\n"
    "resource_types: ['OS::Heat::*', 'OS::Nova::*']\n",
    "catalog/probe/template.yaml": "title: Probe\nsummary: S\nowner: ada\n",
    "deployments/ada/lecturer.yaml": "tenant: inf\ncloud: main\nproject: ada\n",
}
VERSIONS = {"1.0.0": "false", "1.1.0": "''", "2.0.0": "true"}
"""By version what `fail` of its resource is: 2.0.0 can never be made."""

State = Literal["running", "suspended", "absent"]
Expected = Literal["awake", "asleep", "gone"]


@dataclass(frozen=True)
class Lab:
    """One deployment; `reset` and `adopt` go by member, `id` is its name before the file moved."""

    for_: str
    version: str = "1.0.0"
    n: int = 1
    state: State = "running"
    ends: date | None = None
    reset: Mapping[str, int] = field(default_factory=dict)
    retry: int = 0
    rollout: bool = False
    protect: bool = False
    adopt: Mapping[str, str] = field(default_factory=dict)
    id: str = ""

    def text(self, members: frozenset[str]) -> str:
        """The file; what it said of members that are not there would be findings."""
        reset = {m: n for m, n in sorted(self.reset.items()) if m in members | {"all"}}
        adopt = {m: id_ for m, id_ in self.adopt.items() if m in members}
        several = ", ".join(f"{member}: {id_}" for member, id_ in adopt.items())
        lines = [
            f"template: probe@{self.version}",
            f"for: {self.for_}",
            f"parameters: {{n: {self.n}}}",
            f"state: {self.state}" if self.state != "running" else "",
            f"ends: {self.ends}" if self.ends else "",
            *(["reset:", *(f"  {member}: {n}" for member, n in reset.items())] if reset else []),
            f"retry: {self.retry}" if self.retry else "",
            "rollout: {canary: 1, batch: 2, max_failures: 1}" if self.rollout else "",
            "protect: true" if self.protect else "",
            f"adopt: {adopt.get('course', f'{{{several}}}')}" if adopt else "",
            f"id: net/{self.id}" if self.id else "",
        ]
        return "\n".join(filter(None, lines)) + "\n"


@dataclass(frozen=True)
class Exam:
    """A freeze, its times on the wall in the course's zone."""

    begins: datetime
    ends: datetime
    lead: timedelta = timedelta(hours=2)

    def holds(self, wall: datetime) -> bool:
        """From the lead on."""
        return self.begins - self.lead <= wall < self.ends


@dataclass(frozen=True)
class Files:
    """Everything that lies in the lecturer's folder; `labs` go by file name."""

    term: str = "ws26"
    starts: date = date(2026, 10, 12)
    ends: date = date(2026, 12, 18)
    seats: int = 3
    spares: int = 1
    grace: int = 10
    removal_grace: int = 5
    scheduled: bool = True
    exams: tuple[Exam, ...] = ()
    exam_resets: tuple[tuple[str, str, date], ...] = ()
    labs: Mapping[str, Lab] = field(
        default_factory=lambda: {"lab": Lab("student"), "board": Lab("course")}
    )

    def with_lab(self, name: str, lab: Lab | None) -> "Files":
        """One file written, or (None) removed."""
        rest = {key: value for key, value in self.labs.items() if key != name}
        return replace(self, labs=rest | ({name: lab} if lab else {}))

    def members(self, lab: Lab) -> tuple[str, ...]:
        """Whom a deployment is for."""
        if lab.for_ == "course":
            return ("course",)
        seats = (f"s{number:02d}" for number in range(1, self.seats + 1))
        return (*seats, *(f"x{number:02d}" for number in range(1, self.spares + 1)))

    def instances(self) -> Iterator[tuple[str, "Wish"]]:
        """What every wanted stack is to be, by its name."""
        for name, lab in self.labs.items():
            for member in self.members(lab):
                id_ = lab.id or name
                yield f"net--{id_}--{member}", Wish(self, name, lab, member)

    def wish(self, stack: str) -> "Wish | None":
        """What is wanted under this name."""
        return dict(self.instances()).get(stack)

    def file_of(self, stack: str) -> Lab | None:
        """The deployment that this name belongs to, whether or not it has the member."""
        _, id_, _ = stack.split("--")
        return next((lab for name, lab in self.labs.items() if (lab.id or name) == id_), None)

    def tree(self) -> dict[str, bytes]:
        """As text, as a commit holds it."""
        files = dict(SITE)
        for version, fail in VERSIONS.items():
            folder = f"catalog/probe/{version}"
            files[f"{folder}/version.yaml"] = "timeout: 5\n"
            files[f"{folder}/heat.yaml"] = TEMPLATE.replace("FAIL", fail)
        files[COURSE] = self._course()
        for name, lab in self.labs.items():
            members = frozenset(self.members(lab))
            files[f"deployments/ada/net/{name}.yaml"] = lab.text(members)
        return {path: text.encode() for path, text in files.items()}

    def _course(self) -> str:
        lines = [
            f"title: Networks\nterm: {self.term}\nstarts: {self.starts}\nends: {self.ends}",
            f"grace: {self.grace}\nremoval_grace: {self.removal_grace}",
            f"roster:\n  seats: {self.seats}\n  spares: {self.spares}",
        ]
        if self.scheduled:
            lines += ["prewarm: {at_once: 2, minutes: 30}", "schedule:\n  classes:"]
            lines += [
                f"  - {{day: {day}, from: {BEGINS:%H:%M}, to: {ENDS:%H:%M}}}"
                for day in ("monday", "thursday")
            ]
        if self.exams:
            lines += ["freezes:"]
            lines += [
                f"- {{from: {e.begins:%Y-%m-%dT%H:%M}, to: {e.ends:%Y-%m-%dT%H:%M}}}"
                for e in self.exams
            ]
        known = [r for r in self.exam_resets if r[0] in self.labs]
        if known:
            lines += ["exam_resets:"]
            lines += [
                f"- {{deployment: {name}, member: {member}, reason: broken, on: {day}}}"
                for name, member, day in known
            ]
        return "\n".join(lines) + "\n"

    def exam(self, now: datetime) -> Exam | None:
        """The exam that holds everything of the course."""
        wall = wall_of(now)
        return next((exam for exam in self.exams if exam.holds(wall)), None)

    def may_reset_in_exam(self, stack: str, now: datetime) -> bool:
        """Whether somebody wrote down why this one cannot wait."""
        _, id_, member = stack.split("--")
        if (exam := self.exam(now)) is None:
            return False
        first, last = (exam.begins - exam.lead).date(), exam.ends.date()
        return any(
            (self.labs[name].id or name, who) == (id_, member) and first <= day <= last
            for name, who, day in self.exam_resets
            if name in self.labs
        )

    def before_first_class(self, now: datetime) -> bool:
        """Until its lead begins, nobody needs a machine of a course with classes."""
        days = (self.starts + timedelta(days=number) for number in range(7))
        first = next(day for day in days if day.weekday() in CLASS_DAYS)
        return self.scheduled and wall_of(now) < datetime.combine(first, OPENS)

    def class_now(self, now: datetime) -> bool:
        """From the lead of a class on until its end."""
        wall = wall_of(now)
        return (
            self.scheduled
            and self.starts <= wall.date() <= self.ends
            and wall.weekday() in CLASS_DAYS
            and OPENS <= wall.time() < ENDS
        )


@dataclass(frozen=True)
class Wish:
    """One instance of a deployment."""

    files: Files
    name: str
    lab: Lab
    member: str

    @property
    def generation(self) -> int:
        """How often it was ordered anew."""
        return self.lab.reset.get("all", 0) + self.lab.reset.get(self.member, 0)

    def gone(self, now: datetime) -> bool:
        """Whether nobody wants it any more."""
        return self.lab.state == "absent" or wall_of(now).date() > self.last_day

    @property
    def last_day(self) -> date:
        """Its own or its course's."""
        return min(self.files.ends, self.lab.ends or self.files.ends)

    def expected(self, now: datetime) -> Expected | None:
        """What a settled instance is; None where more than one is right."""
        lab, files, today = self.lab, self.files, wall_of(now).date()
        if files.exam(now):
            return None if self.gone(now) else "awake"
        if self.gone(now):
            return "gone"
        if today < files.starts or files.before_first_class(now):
            return None  # not yet needed: what lives may sleep as it is, what does not may be made
        if lab.state == "suspended":
            return "asleep"
        return "awake" if files.class_now(now) or not files.scheduled else "asleep"


def wall_of(now: datetime) -> datetime:
    """The clock on the wall of the course."""
    return now.astimezone(ZONE).replace(tzinfo=None)


def moment(wall: datetime) -> datetime:
    """In UTC."""
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def reason_to_delete(
    files: Files, stack: str, generation: int, now: datetime
) -> tuple[str, timedelta | None]:
    """Why the files let a stack of this generation be deleted, and its grace, None for at once.

    `unordered` where no line orders it, `nothing` where it is wanted as it is.
    """
    lab, wish = files.file_of(stack), files.wish(stack)
    if lab is None:
        return "unordered", 14 * DAY
    if lab.state == "absent":
        return "absent", None
    if wish is None:
        return "removed", files.removal_grace * DAY
    if wall_of(now).date() > wish.last_day:
        return "date", files.grace * DAY
    return ("reset", None) if wish.generation > generation else ("nothing", None)
