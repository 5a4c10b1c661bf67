"""The text of new files: complete, explained by comments, and with the line that editors read."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from appstore.documents.edit_writing import entry, written
from appstore.documents.marks import JsonValue

WIDTH = 96
_COLUMN = 28


def schema_line(path: str, kind: str) -> str:
    """The first line of a document: where its JSON Schema lies, relative to it."""
    up = "../" * path.count("/")
    return f"# yaml-language-server: $schema={up}schemas/{kind}.schema.json"


def commented(line: str, comment: str) -> str:
    """A line with its explanation to the right of it, or above it where there is no room."""
    if len(line) >= _COLUMN:
        return f"# {comment}\n{line}"
    return f"{line:<{_COLUMN}}# {comment}"


def lecturer_text(
    path: str,
    *,
    title: str | None,
    tenant: str,
    cloud: str,
    project: str,
    language: str,
    accounts: Mapping[str, list[JsonValue]],
) -> str:
    """`lecturer.yaml`."""
    called = {forge: names for forge, names in accounts.items() if names}
    return _joined(
        schema_line(path, "lecturer"),
        *([entry("title", title)] if title else []),
        entry("tenant", tenant),
        entry("cloud", cloud),
        commented(entry("project", project), "their own project; no other lecturer has it"),
        commented(entry("language", language), "of notes and pages"),
        commented(
            entry("accounts", dict(called)) if called else "# accounts: {gitlab: [...]}",
            "who may change the files of this folder",
        ),
    )


def course_text(
    path: str,
    *,
    title: str,
    term: str,
    timezone: str,
    starts: date,
    ends: date,
    seats: int,
    spares: int,
) -> str:
    """`course.yaml`, with examples of what most courses want sooner or later."""
    roster: dict[str, JsonValue] = {"seats": seats, **({"spares": spares} if spares else {})}
    return _joined(
        schema_line(path, "course"),
        entry("title", title),
        entry("term", term),
        commented(entry("timezone", timezone), "of all dates and times here"),
        commented(entry("starts", starts.isoformat()), "before this day nothing is made"),
        commented(entry("ends", ends.isoformat()), "the last day on which the machines are there"),
        commented("# grace: 14", "days that they are kept asleep after it"),
        "",
        "# Seats are numbers (s01, s02 ...), spares x01. Never write a name, an e-mail address or",
        "# a student number here: what is in git stays there.",
        entry("roster", roster) if seats else "# roster: {seats: 30, spares: 2}",
        "",
        "# Groups that share one machine:",
        "# groups: {red: [s01, s02], blue: [s03, s04]}",
        "",
        "# Awake for classes only; without a schedule they are awake day and night:",
        "# schedule:",
        '#   classes: [{day: monday, from: "08:15", to: "09:45"}]',
        '#   homework: [{day: daily, from: "18:00", to: "22:00"}]',
        "",
        "# In an exam machines run, and nothing else happens to them:",
        f"# freezes: [{{from: {ends}T09:00, to: {ends}T12:00, title: Exam}}]",
    )


def deployment_text(
    path: str,
    *,
    template: str,
    audience: str | None,
    title: str | None,
    ends: date | None,
    base: bool,
    parameters: Iterable[str],
) -> str:
    """A deployment; `parameters` are the lines of `parameter_lines`."""
    return _joined(
        schema_line(path, "deployment"),
        entry("template", template),
        *([commented(entry("for", audience), "one machine for each")] if audience else []),
        *([entry("title", title)] if title else []),
        *([entry("ends", ends.isoformat())] if ends else []),
        *(["base: true"] if base else []),
        *parameters,
    )


def parameter_lines(
    parameters: Iterable[tuple[str, str, JsonValue, JsonValue]],
) -> Iterator[str]:
    """Name, explanation, given value and default of each parameter that a deployment may set.

    What is not given stands there as a comment with its default, ready to be changed.
    """
    every = list(parameters)
    if not every:
        return
    # Without a single value the whole section is a comment: an empty one would be a finding.
    off, off_inside = ("", "# ") if any(one[2] is not None for one in every) else ("# ", "")
    yield f"{off}parameters:"
    for name, explanation, given, default in every:
        about = f"{off}  # "
        yield from textwrap.wrap(explanation, WIDTH, initial_indent=about, subsequent_indent=about)
        if given is not None:
            yield f"  {entry(name, given)}"
        else:
            value = "..." if default is None else written(default)
            yield f"{off}  {off_inside}{written(name)}: {value}"


def card_text(path: str, *, title: str, summary: str, owner: str) -> str:
    """`template.yaml`."""
    return _joined(
        schema_line(path, "template"),
        entry("title", title),
        entry("summary", summary),
        commented(entry("owner", owner), "the lecturer or tenant who looks after it"),
        "# Who may use it: private (its owner), tenant, or global (everybody).",
        "visibility: private",
    )


def contract_text(path: str) -> str:
    """`version.yaml` of a first version, beside the text of `heat_text`."""
    return _joined(
        schema_line(path, "version"),
        "changelog: [First version.]",
        "# Every parameter of heat.yaml that lecturers may set, in their words.",
        "parameters:",
        "  length:",
        "    title: Length",
        "    help: How many characters the code has. A change makes a new code.",
        "    narrow: {maximum: 32}",
        "# Ways in; each output is one of heat.yaml.",
        "# endpoints: {web: {title: Open the lab, kind: browser, output: web}}",
        commented("timeout: 10", "minutes after which building counts as failed"),
    )


def heat_text() -> str:
    """`heat.yaml` of a first version: it works as it stands, and needs nothing but Heat."""
    return _joined(
        "heat_template_version: 2021-04-16",
        "",
        "description: Replace this by what the template makes.",
        "",
        "# A server wants image_update_policy: REPLACE and, with user data,",
        "# user_data_format: RAW; the template linux-ssh shows one.",
        "parameters:",
        "  length:",
        "    type: number",
        "    default: 10",
        "    constraints:",
        "      - range: {min: 6, max: 64}",
        "",
        "resources:",
        "  code:",
        "    type: OS::Heat::RandomString",
        "    properties:",
        "      length: {get_param: length}",
        "",
        "outputs:",
        "  code:",
        "    value: {get_attr: [code, value]}",
    )


def _joined(*lines: str) -> str:
    return "\n".join(lines) + "\n"
