"""What a lecturer reads when a document is wrong."""

import json

import pytest
from documents_samples import COURSE, SITE, TEMPLATE
from hypothesis import given
from hypothesis import strategies as st

from appstore.documents.base import Model
from appstore.documents.catalog import Template, Version
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.lecturer import Lecturer
from appstore.documents.parse import parse
from appstore.documents.site import Site

GOOD = "template: web-lab@1.0.0\nfor: student\n"


def read(model: type[Model], text: str) -> list[str]:
    """Each finding as a person sees it."""
    found = parse(model, "f.yaml", text.encode())
    assert isinstance(found, tuple)
    return [f"{f.line}:{f.column} {f.rule}: {f.message} {f.hint}" for f in found]


TEN_TYPICAL_MISTAKES = [
    (
        "a version without quotes",
        "template: 1.10\nfor: student\n",
        '1:1 document/wrong-type: "template" must be a text, and without quotes it is read as a'
        ' number. Please put quotes around it, as in "1.10".',
    ),
    (
        "a misspelt field",
        "templat: web-lab@1.0.0\nfor: student\n",
        '1:1 document/unknown-field: "templat" is not known here. Did you mean "template"?',
    ),
    (
        "a field left out",
        "for: student\n",
        "1:1 document/missing-field: \"template\" is missing. Add a line 'template: ...'.",
    ),
    (
        "a word that is no choice",
        "template: web-lab@1.0.0\nfor: students\n",
        '2:1 document/choice: "for" cannot be "students". Choose course, group or student.',
    ),
    (
        "a number in quotes",
        GOOD + "retry: '3'\n",
        '3:1 document/wrong-type: "retry" must be a whole number; it is "3". Write digits only,'
        " without quotes, such as 30.",
    ),
    (
        "yes in place of true",
        GOOD + "protect: yes\n",
        '3:1 document/wrong-type: "protect" must be true or false; it is "yes". Write true or'
        " false, without quotes.",
    ),
    (
        "a day that does not exist",
        GOOD + "ends: 2026-02-30\n",
        '3:1 document/date: "ends" must be a day of the calendar between 2000 and 2100. Write it'
        " as YYYY-MM-DD, for example 2026-10-01.",
    ),
    (
        "a version cut short",
        "template: web-lab@1.0\nfor: student\n",
        '1:1 document/name: "template": "web-lab@1.0" does not name one version of a template.'
        " Write the template's name, @ and three numbers, such as web-lab@1.0.0.",
    ),
    (
        "an empty parameter",
        GOOD + "parameters:\n  size:\n",
        '4:3 document/no-value: "parameters.size" has no value. Write a value after the colon, or'
        " delete the line to use the template's default.",
    ),
    (
        "tabs",
        GOOD + "parameters:\n\tsize: small\n",
        "4:1 yaml/tab: A tab is used for indentation here. Use spaces; most editors can turn tabs"
        " into spaces.",
    ),
]


@pytest.mark.parametrize(
    ("text", "message"),
    [row[1:] for row in TEN_TYPICAL_MISTAKES],
    ids=[row[0] for row in TEN_TYPICAL_MISTAKES],
)
def test_ten_typical_mistakes(text: str, message: str) -> None:
    assert read(Deployment, text) == [message]


PLACES: list[tuple[type[Model], str, list[tuple[int, int, str]]]] = [
    # 32, 53, 55, 56, 57: names
    (Deployment, "template: -x@1.0.0\n", [(1, 1, "document/name")]),
    (Deployment, "template: 'web@1.0.0\n\n '\n", [(1, 1, "document/name")]),
    (Deployment, "template: '../web@1.0.0'\n", [(1, 1, "document/name")]),
    (Deployment, "template: wеb@1.0.0\n", [(1, 1, "document/name")]),  # noqa: RUF001
    (Deployment, "template: web@1.0.٣\n", [(1, 1, "document/name")]),
    (Deployment, f"template: {'w' * 300}@1.0.0\n", [(1, 1, "document/too-long")]),
    (Deployment, GOOD + f"id: {'w' * 21}/x\n", [(3, 1, "document/too-long")]),
    (Deployment, GOOD + "id: a/b/c\n", [(3, 1, "document/name")]),
    # 41, 43, 44, 71, 75: numbers and switches
    (Deployment, GOOD + "retry: .nan\n", [(3, 1, "document/wrong-type")]),
    (Deployment, GOOD + "retry: 1e400\n", [(3, 1, "document/wrong-type")]),
    (Deployment, GOOD + "retry: 2.0\n", [(3, 1, "document/wrong-type")]),
    (Deployment, GOOD + "retry: true\n", [(3, 1, "document/wrong-type")]),
    (Deployment, GOOD + "retry: -1\n", [(3, 1, "document/range")]),
    (Course, COURSE + "roster: {seats: 1000000000}\n", [(5, 10, "document/range")]),
    (Course, COURSE + "roster: {seats: 30,5}\n", [(5, 20, "yaml/key")]),
    # 46, 47, 72: dates
    (Course, COURSE.replace("2026-10-01", "9999-01-01"), [(3, 1, "document/date")]),
    (Course, COURSE.replace("2026-10-01", "0001-01-01"), [(3, 1, "document/date")]),
    (Course, COURSE.replace("2026-10-01", "2026-10-01 10:00"), [(3, 1, "document/date")]),
    (Course, COURSE.replace("2026-10-01", "20261001"), [(3, 1, "document/date")]),
    (Course, COURSE + "timezone: Europe/Berln\n", [(5, 1, "course/time-zone")]),
    (Course, COURSE + "timezone: ../../etc/passwd\n", [(5, 1, "course/time-zone")]),
    (Course, COURSE + "timezone: Europe\n", [(5, 1, "course/time-zone")]),
    # alternatives give one finding
    (Course, COURSE + "roster: {seat: 30}\n", [(5, 10, "document/unknown-field")]),
    (Course, COURSE + "roster: {}\n", [(5, 1, "course/roster")]),
    (Course, COURSE + "roster: [a, b]\n", [(5, 1, "course/roster")]),
    (Course, COURSE + "roster: {seats: 3, members: [a]}\n", [(5, 1, "course/roster")]),
    (Course, COURSE.replace("Web", "[a]"), [(1, 1, "document/wrong-type")]),
    (Course, COURSE.replace("Web", "3"), [(1, 1, "document/wrong-type")]),
    (
        Course,
        COURSE.replace("Web", "{english: x, de: }"),
        [(1, 9, "document/name"), (1, 21, "document/no-value")],
    ),
    (Course, COURSE.replace("Web", '"a\\nb"'), [(1, 1, "document/name")]),
    (Course, COURSE.replace("Web", "''"), [(1, 1, "document/empty")]),
    (Deployment, GOOD + "parameters: [a]\n", [(3, 1, "document/wrong-type")]),
    (Deployment, GOOD + "reset: {S1: 1}\n", [(3, 9, "document/name")]),
    (Deployment, GOOD + "adopt: lab-s01\n", [(3, 1, "document/name")]),
    (Deployment, GOOD + "adopt: [lab-s01]\n", [(3, 1, "document/wrong-type")]),
    (
        Deployment,
        GOOD + "adopt: {s01: lab-s01, s02: }\n",
        [(3, 9, "document/name"), (3, 23, "document/no-value")],
    ),
    # 65: nobody's personal data
    (Course, COURSE + "roster: {members: [anna@uni.de]}\n", [(5, 20, "course/personal-data")]),
    (Course, COURSE + "roster: {members: [Anna Graf]}\n", [(5, 20, "course/personal-data")]),
    (Course, COURSE + "roster: {members: [anna.graf]}\n", [(5, 20, "course/personal-data")]),
    (Course, COURSE + "roster: {members: [u1234567]}\n", [(5, 20, "course/personal-data")]),
    (Course, COURSE + "roster: {members: [s01]}\n", [(5, 20, "course/reserved-member")]),
    (Course, COURSE + "roster: {members: [all]}\n", [(5, 20, "course/reserved-member")]),
    (Course, COURSE + "groups: {course: [s01]}\n", [(5, 10, "course/reserved-member")]),
    (Course, COURSE + "groups: {a: [s01, s01]}\n", [(5, 10, "course/duplicate-member")]),
    (Course, COURSE + "groups: {a: []}\n", [(5, 10, "document/empty")]),
    (Course, COURSE + "staff: {lead: [eva@uni.de]}\n", [(5, 16, "document/name")]),
    # 67, 68: many members, secrets
    (Course, COURSE + f"roster: {{members: [{'a, ' * 4000}]}}\n", [(5, 10, "document/too-long")]),
    (Deployment, GOOD + "parameters: {a: {secret: x}}\n", [(3, 18, "document/wrong-type")]),
    (
        Deployment,
        GOOD + "parameters: {a: {b: {secret: {from: env}}}}\n",
        [(3, 14, "document/nested-secret")],
    ),
    (Deployment, GOOD + f"parameters: {{a: {'x' * 65_537}}}\n", [(3, 14, "document/too-long")]),
    # 51, 52, 61: fields and links
    (Deployment, GOOD + "flavour: x\n", [(3, 1, "document/unknown-field")]),
    (Deployment, GOOD + "for_: x\n", [(3, 1, "document/unknown-field")]),
    (Site, SITE.replace("images:", "image:"), [(6, 5, "document/unknown-field")]),
    (Site, SITE + "policy: {privat: {}}\n", [(11, 10, "document/choice")]),
    (Site, SITE + "policy: {private: {sources: [campus]}}\n", [(11, 30, "site/source")]),
    (Site, SITE + "policy: {private: {open_ports: [0]}}\n", [(11, 33, "document/range")]),
    (Site, SITE + "risk: {reviews: {sites: []}}\n", [(11, 18, "document/choice")]),
    (Site, SITE + "risk: {reviews: {site: [dean]}}\n", [(11, 25, "document/choice")]),
    (Lecturer, "tenant: t\ncloud: c\n", [(1, 1, "document/missing-field")]),
    *[
        (Template, TEMPLATE + f"links: [{{title: x, url: '{url}'}}]\n", [(4, 20, "document/name")])
        for url in ("javascript:alert(1)", "data:text/html,x", "//evil", "http://x", "https://a b")
    ],
    (Version, "parameters: {a: {fixed: }}\n", [(1, 18, "document/no-value")]),
    (Version, "parameters: {a: {narrow: {minimun: 1}}}\n", [(1, 18, "document/unknown-field")]),
    (Version, "parameters: {a: {narrow: {pattern: x}}}\n", [(1, 18, "document/unknown-field")]),
    (Version, "parameters: {a: {narrow: {enum: []}}}\n", [(1, 18, "document/wrong-type")]),
    (Version, "parameters: {a: {narrow: {minLength: -1}}}\n", [(1, 18, "document/wrong-type")]),
    (Version, "timeout: 3\n", [(1, 1, "document/range")]),
    # a duplicate key hides no other mistake
    (
        Deployment,
        GOOD + "for: group\nretry: x\n",
        [(3, 1, "yaml/duplicate-key"), (4, 1, "document/wrong-type")],
    ),
]


@pytest.mark.parametrize(("model", "text", "expected"), PLACES)
def test_a_wrong_value_is_found_at_its_place(
    model: type[Model], text: str, expected: list[tuple[int, int, str]]
) -> None:
    found = parse(model, "f.yaml", text.encode())
    assert isinstance(found, tuple)
    assert [(f.line, f.column, f.rule) for f in found] == expected
    for finding in found:
        assert "Input should" not in finding.message + finding.hint
        assert len(finding.message) < 250


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("parameters: {a: {secret: hunter2}}\n", "hunter2"),
        ("parameters: {a: {secret: {from: hunter2, key: a}}}\n", "hunter2"),
        ("parameters: {a: {secret: {from: env, key: Hunter2!}}}\n", "Hunter2"),
        ("parameters: {a: glpat-abcdefghij1234567890}\n", "abcdefghij"),
        ("id: anna@uni.example\n", "anna"),
        ('for: "\\n\\n/merge"\n', "\n"),
        ('"\\n/merge": 1\n"\\n/merge": 1\n', "\n"),
        (f"for: {'x' * 100}\n", "x" * 61),
    ],
)
def test_messages_repeat_no_secret_no_address_and_no_control(text: str, hidden: str) -> None:
    messages = read(Deployment, f"template: web-lab@1.0.0\n{text}")
    assert messages
    assert not any(hidden in message for message in messages)


FIELDS = st.sampled_from(
    [
        "title",
        "term",
        "starts",
        "ends",
        "roster",
        "seats",
        "members",
        "groups",
        "staff",
        "lead",
        "template",
        "for",
        "parameters",
        "secret",
        "from",
        "key",
        "version",
        "state",
        "reset",
        "owner",
        "clouds",
        "tenants",
        "sizes",
        "links",
        "url",
        "narrow",
        "enum",
        "en",
        "id",
        "x",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-5, 1200) | st.floats() | st.text(max_size=12)
# Not st.recursive: it reads the source of its function from the disk while the test runs, and a
# file that was edited meanwhile ends in a deprecation warning about other lines.
VALUES: st.SearchStrategy[object] = st.deferred(
    lambda: LEAVES | st.lists(VALUES, max_size=3) | st.dictionaries(FIELDS, VALUES, max_size=4)
)


@given(
    st.sampled_from([Site, Lecturer, Course, Deployment, Template, Version]),
    st.dictionaries(FIELDS, VALUES, max_size=6),
)
def test_any_value_gives_a_document_or_findings(model: type[Model], value: object) -> None:
    parsed = parse(model, "f.yaml", json.dumps(value).encode())
    if isinstance(parsed, tuple):
        assert parsed
        assert len({(f.line, f.column, f.rule, f.message) for f in parsed}) == len(parsed)
