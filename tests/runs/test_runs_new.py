"""new: what is typed, which files that makes, and what nobody gets past."""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from appstore.cli.ending import end
from appstore.cli.main import appstore
from appstore.documents.findings import Finding, Severity
from appstore.errors import InvalidInput
from appstore.runs.new.new import new_course, new_deployment, with_new
from appstore.runs.new.version import new_version, with_changelog
from appstore.runs.validate import validate
from appstore.source.tree import Tree

NOW = datetime(2026, 11, 2, tzinfo=UTC)
HEAT = """\
heat_template_version: 2021-04-16
parameters:
  length: {type: number, default: 8}
  words: {type: comma_delimited_list, default: ''}
  options: {type: json, default: {}}
  loud: {type: boolean, default: false}
  size: {type: string}
  key: {type: string}
  db-password: {type: string, hidden: true}
resources:
  code: {type: 'OS::Heat::RandomString', properties: {length: {get_param: length}}}
"""
FILES = {
    "deployments/site.yaml": (
        "owner: new\nclouds: {campus: {sizes: {small: m1.small, large: m1.large}}}\n"
        "tenants: {faculty: {title: Faculty, clouds: [campus]}}\n"
        "resource_types: ['OS::Heat::RandomString']\n"
    ),
    "deployments/ada/lecturer.yaml": (
        "tenant: faculty\ncloud: campus\nproject: ada\nlanguage: de\n"
    ),
    "deployments/ada/net/course.yaml": (
        "title: Net\nterm: 2026w\nstarts: 2026-01-01\nends: 2099-01-01\nroster: {seats: 2}\n"
    ),
    "catalog/code/template.yaml": "title: Code\nsummary: A code\nowner: ada\n",
    "catalog/code/1.0.0/version.yaml": (
        "# The contract.\nchangelog: [First version.]  # so far\n"
        "parameters:\n"
        "  length: {title: {en: Length, de: Länge}, help: Characters of the code}\n"
        "  size: {title: Size, bind: size}\n"
    ),
    "catalog/code/1.0.0/heat.yaml": HEAT,
    "catalog/code/1.0.0/logo.bin": "\x00\x01",
    "catalog/code/1.0.0/approval.yaml": (
        "digest: '1.aaaa'\nvisibility: global\napprover: root\ndate: 2026-01-01\n"
    ),
}
TREE = Tree({path: text.encode() for path, text in FILES.items()}, None, False)
COURSE = "--title T --term 2026w --starts 2026-10-01 --ends 2027-02-01 --seats 3"

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, data in TREE.files.items():
        (tmp_path / "r" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "r" / path).write_bytes(data)
    subprocess.run(["git", "init", "-q", str(tmp_path / "r")], check=True)
    return tmp_path / "r"


@pytest.fixture
def command(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.setenv("XDG_STATE_HOME", str(root.parent / "state"))

    def one(*words: str) -> tuple[int, str]:
        code = end(
            lambda: appstore.main(
                ["new", *words, "--repo", str(root)], "appstore", None, standalone_mode=False
            )
        )
        return code, "".join(capsys.readouterr())

    return one


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """A person at a terminal who answers these, and what they were asked."""

    def person(*given: str) -> list[str]:
        asked: list[str] = []
        left: Iterator[str] = iter(given)

        def answer(prompt: str) -> str:
            asked.append(prompt)
            return next(left)

        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("click.termui.visible_prompt_func", answer)
        return asked

    return person


def made(root: Path) -> set[str]:
    return {
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and ".git" not in path.parts
    } - set(FILES)


MAKES: list[tuple[str, dict[str, list[str]]]] = [
    (
        "lecturer bob --tenant faculty --cloud campus --project teach-bob --gitlab bob",
        {"deployments/bob/lecturer.yaml": ["project: teach-bob", "accounts: {gitlab: [bob]}"]},
    ),
    (
        f"course ada/web {COURSE} --spares 1",
        {"deployments/ada/web/course.yaml": ["roster: {seats: 3, spares: 1}"]},
    ),
    (
        f"course ada/talk {COURSE[:-1]}0",
        {"deployments/ada/talk/course.yaml": ["# roster:"]},
    ),
    (
        "deployment ada/net/lab --template code@1.0.0 --for student --set size=small --set key=k"
        " --set length=12 --set words=a,b --set loud=true",
        {
            "deployments/ada/net/lab.yaml": [
                "$schema=../../../schemas/deployment.schema.json",
                "  size: small\n",
                "  length: 12\n",
                "  # Länge. Characters of the code.\n",
                "  words: [a, b]\n",
                "  loud: true\n",
                "  db-password: {secret: {from: env, key: db_password, version: 1}}\n",
            ]
        },
    ),
    (
        "deployment ada/box --template code@1.0.0 --ends 2099-01-01 --set size=large --set key=7",
        {"deployments/ada/box.yaml": ['key: "7"', "# length: 8", "schema=../../schemas/"]},
    ),
    (
        "deployment ada/ground --template code@1.0.0 --base --set size=large --set key=k",
        {"deployments/ada/ground.yaml": ["base: true"]},
    ),
    (
        "template shell --title Shell --summary One --owner faculty",
        {
            "catalog/shell/template.yaml": ["owner: faculty"],
            "catalog/shell/1.0.0/version.yaml": ["changelog: [First version.]"],
            "catalog/shell/1.0.0/heat.yaml": ["OS::Heat::RandomString"],
        },
    ),
    (
        "version code@1.0.0 --change Longer",
        {
            "catalog/code/1.0.1/version.yaml": ["# The contract.", "changelog: [Longer]  # so"],
            "catalog/code/1.0.1/heat.yaml": [HEAT],
            "catalog/code/1.0.1/logo.bin": ["\x00\x01"],
        },
    ),
    (
        "version code@1.0.0 --as 2.0.0 --change Longer",
        {
            "catalog/code/2.0.0/version.yaml": ["changelog: [Longer]"],
            "catalog/code/2.0.0/heat.yaml": [HEAT],
            "catalog/code/2.0.0/logo.bin": ["\x00\x01"],
        },
    ),
]


@pytest.mark.parametrize(("line", "expected"), MAKES, ids=[line[:24] for line, _ in MAKES])
def test_the_files_are_written_and_valid(
    root: Path, command: Command, line: str, expected: dict[str, list[str]]
) -> None:
    code, shown = command(*line.split())
    assert (code, made(root)) == (0, set(expected)), shown
    for path, parts in expected.items():
        text = (root / path).read_text()
        assert [part for part in parts if part not in text] == []
        assert f"wrote {path}" in shown
    files = TREE.files | {path: (root / path).read_bytes() for path in expected}
    known = validate(TREE, NOW).findings
    found = validate(Tree(files, None, True), NOW).findings
    assert [f for f in found if f not in known and f.severity is Severity.ERROR] == []
    assert all(len(row) < 101 for path in expected for row in (root / path).read_text().split("\n"))


REFUSED = [
    ("lecturer Bob --tenant faculty --cloud campus --project x", "Rename it"),
    ("lecturer ../../x --tenant faculty --cloud campus --project x", "does not belong here"),
    ("lecturer bob --tenant facult --cloud campus --project x", 'Did you mean "faculty"'),
    ("lecturer bob --tenant faculty --cloud campus --project ada", "already the one of ada"),
    ("lecturer ada --tenant faculty --cloud campus --project x", "is there already"),
    ("lecturer bob --cloud campus", "Missing: --tenant, --project."),
    ("course ada", "Missing: --title, --term, --starts, --ends, --seats."),
    (f"course bob/web {COURSE}", 'There is no lecturer "bob"'),
    (f"course ada {COURSE}", "Write it as <lecturer>/<course>"),
    (f"course ada/web/lab {COURSE}", "Write it as <lecturer>/<course>"),
    (f"course ada/net {COURSE}", "is there already"),
    (f"course ada/web {COURSE} --ends 2026-09-01", "before it starts"),
    (f"course ada/web {COURSE} --ends soon", '"soon" is not a day'),
    (f"course ada/web {COURSE} --seats many", '"many" is not a number'),
    ("deployment ada/net/lab", "Missing: --template, --for."),
    ("deployment ada/box", "Missing: --template, --ends."),
    (
        "deployment ada/net/lab --template code@1.0.0 --for student",
        "Missing: --set size=VALUE, --set key=VALUE.",
    ),
    ("deployment ada/net/lab --template cod@1.0.0 --for student", 'Did you mean "code"'),
    ("deployment ada/web/lab --template code@1.0.0", 'ada has no course "web"'),
    ("deployment ada/net/lab --template code@1.0.0 --set sise=small", 'Did you mean "size"'),
    ("deployment ada/net/lab --template code@1.0.0 --set size", "Write it as NAME=VALUE"),
    (
        "deployment ada/net/lab --template code@1.0.0 --for group --set size=tiny --set key=k",
        "The course has no groups",
    ),
    (
        "deployment ada/net/lab --template code@1.0.0 --for student --set size=tiny --set key=k",
        '"tiny" is not a size',
    ),
    (
        "deployment ada/net/lab --template code@1.0.0 --for student --set size=small --set key=k"
        " --set length=long",
        '"length"',
    ),
    (
        "deployment ada/net/lab --template code@1.0.0 --set db-password=secret",
        "must not be typed here",
    ),
    ("deployment ada/net/lab --template code@1.0.0 --set options={", "is not JSON"),
    ("template code --title T --summary S --owner ada", "is there already"),
    ("template shell --title T --summary S --owner eve", 'no lecturer and no tenant "eve"'),
    ("version code@1.0.0", "Missing: --change."),
    ("version code@1.1.0 --change x", 'There is no version "code@1.1.0"'),
    ("version code@1.0.0 --as 1.0.0 --change x", "is there already"),
    ("version code@1.0.0 --as 2 --change x", '"2" is not a version number'),
]


@pytest.mark.parametrize(("line", "said"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(
    root: Path, command: Command, line: str, said: str
) -> None:
    code, shown = command(*line.split())
    assert (code, made(root)) == (2, set()), shown
    assert said in shown
    assert "secret" not in shown or "db-password" in shown


def test_at_a_terminal_one_is_asked_with_the_choices_of_the_registry(
    root: Path, command: Command, answers: Callable[..., list[str]]
) -> None:
    asked = answers("ada/net/lab", "code@1.0.0", "student", "large", "k", "y")
    code, shown = command("deployment")
    assert code == 0, shown
    assert [one.strip() for one in asked] == [
        "Deployment, as <lecturer>/<course>/<name>:",
        "Template (code@1.0.0) [code@1.0.0]:",
        "One machine for each (course, student):",
        "Size. Possible: small, large. (small, large):",
        "key:",
        "Write this? [y/N]:",
    ]
    assert "size: large" in (root / "deployments/ada/net/lab.yaml").read_text()


def test_a_wrong_answer_is_asked_for_again(
    root: Path, command: Command, answers: Callable[..., list[str]]
) -> None:
    asked = answers("eve/x", "ada/x", "T", "2026w", "soon", "2026-10-01", "2027-02-01", "no", "3")
    code, shown = command("course", "--yes")
    assert (code, made(root)) == (0, {"deployments/ada/x/course.yaml"}), shown
    assert len(asked) == 9
    for said in ('no lecturer "eve"', '"soon" is not a day', '"no" is not a number'):
        assert said in shown


def test_only_what_a_lecturer_may_use_is_offered(
    root: Path, command: Command, answers: Callable[..., list[str]]
) -> None:
    (root / "deployments/bob").mkdir()
    text = FILES["deployments/ada/lecturer.yaml"].replace("project: ada", "project: bob")
    (root / "deployments/bob/lecturer.yaml").write_text(text)
    asked = answers("ada/box", "code@1.0.0", "2099-01-01", "small", "k", "n")
    command("deployment")
    assert "Template (code@1.0.0)" in asked[1]
    asked = answers("bob/box", "x@1.0.0", "2099-01-01", "n")
    command("deployment")
    assert asked[1].startswith("Template:")


def test_a_person_who_says_no_leaves_nothing_behind(
    root: Path, command: Command, answers: Callable[..., list[str]]
) -> None:
    answers("n")
    code, shown = command(*f"course ada/web {COURSE}".split())
    assert (code, made(root)) == (3, set())
    assert "Nothing was written." in shown


def test_every_commented_example_of_a_course_is_valid() -> None:
    new = new_course(
        "ada/web",
        title="Web",
        term="2026w",
        timezone="Europe/Berlin",
        starts=date(2026, 10, 1),
        ends=date(2027, 2, 1),
        seats=30,
        spares=2,
    )
    text = new.edits[0].after.decode()
    shown = re.sub(r"(?m)^# (?=(  )*[a-z_]+: )", "", text).replace("# schedule:", "schedule:")
    assert all(key in shown for key in ("\ngrace:", "\ngroups:", "\nschedule:", "\nfreezes:"))
    tree = Tree({**TREE.files, new.edits[0].path: shown.encode()}, None, False)
    assert validate(tree, NOW).findings == validate(TREE, NOW).findings


def test_texts_of_people_cannot_become_yaml() -> None:
    new = new_course(
        "ada/web",
        title='x"\nends: 2030-01-01\n# \u2028 ',
        term="2026w",
        timezone="Europe/Berlin",
        starts=date(2026, 10, 1),
        ends=date(2027, 2, 1),
        seats=0,
        spares=0,
    )
    findings = with_new(new, TREE, NOW)
    assert isinstance(findings, tuple)
    assert {finding.path for finding in findings} == {"deployments/ada/web/course.yaml"}


def test_a_deployment_of_nobody_is_not_one() -> None:
    with pytest.raises(InvalidInput, match="is not a deployment"):
        new_deployment(
            "ada",
            template="code@1.0.0",
            audience=None,
            title=None,
            ends=None,
            base=False,
            parameters=(),
        )


NUMBERS = [
    (["1.0.0"], "1.0.0", "1.0.1"),
    (["1.0.0", "1.0.9", "1.0.10"], "1.0.0", "1.0.11"),
    (["1.2.0", "1.3.0", "2.0.0"], "1.2.0", "1.2.1"),
]


@pytest.mark.parametrize(("there", "copied", "number"), NUMBERS)
def test_the_next_number_is_free(there: list[str], copied: str, number: str) -> None:
    files = {f"catalog/code/{one}/version.yaml": b"changelog: [First]\n" for one in there}
    made = new_version(f"code@{copied}", None, "x", Tree(files, None, False))
    assert made.address == f"code@{number}"


def test_a_folder_that_cannot_be_read_whole_is_not_copied() -> None:
    link = Finding("catalog/code/1.0.0/link", 0, 0, "source/link", "This is a link.", "Copy it.")
    with pytest.raises(InvalidInput, match="link cannot be copied"):
        new_version("code@1.0.0", None, "x", replace(TREE, findings=(link,)))


CHANGELOGS = [
    ("timeout: 10\n", "timeout: 10\nchangelog: [New]\n"),
    ("changelog: [A, b]\ntimeout: 10\n", "changelog: [New]\ntimeout: 10\n"),
    ("changelog: [\n  A, # of a\n  b,\n]\n", "changelog: [New,\n]\n"),
    ("changelog:\n  - A\n  - b\ntimeout: 10 # m\n", "changelog:\n  - New\ntimeout: 10 # m\n"),
    ("changelog:\n- {en: A, de: B}\ntimeout: 10\n", "changelog:\n- New\ntimeout: 10\n"),
]


@pytest.mark.parametrize(("before", "after"), CHANGELOGS)
def test_only_the_changelog_differs_in_the_copy(before: str, after: str) -> None:
    assert with_changelog("v.yaml", before.encode(), "New").decode() == after


@pytest.mark.parametrize("text", ["changelog: []\n", "changelog: {a: b\n", "changelog: text\n"])
def test_a_changelog_that_cannot_be_replaced_is_said(text: str) -> None:
    with pytest.raises(InvalidInput):
        with_changelog("v.yaml", text.encode(), "New")
