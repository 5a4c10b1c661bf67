"""The verbs that edit: what a lecturer types, what the file says then, and what they are told."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from appstore.cli.ending import end
from appstore.cli.logs import LOGGER
from appstore.cli.main import EDITS, appstore
from appstore.report.wrapping import WIDTH

COURSE = """\
title: Networks   # English is enough
term: 2026w
starts: 2026-01-01
ends: 2099-02-12   # the exam is on 2099-02-10
roster:
  seats: 30
groups: {red: [s01, s02]}
"""
LAB = """\
# Ada's lab. Ask before changing it.
template: probe@1.0.0
for: student

parameters:
  size: small  # enough
  # memory: large

# the end
"""
FILES = {
    "deployments/ada/net/course.yaml": COURSE,
    "deployments/ada/net/lab.yaml": LAB,
    "deployments/ada/net/team.yaml": "template: probe@1.0.0\nfor: group\nstate: suspended\n",
    "deployments/ada/net/exam.yaml": "template: probe@1.0.0\nfor: student\nprotect: true\n",
    "deployments/ada/net/old.yaml": "template: probe@1.0.0\nfor: student\nstate: absent\n",
    "deployments/ada/box.yaml": "template: probe@1.0.0\nends: 2098-01-01\n",
    "deployments/ada/base.yaml": "template: probe@1.0.0\nbase: true\n",
    "deployments/bob/other/course.yaml": COURSE,
    "deployments/bob/other/lab.yaml": "template: probe@1.0.0\nfor: student\n",
}
LAB_FILE = "deployments/ada/net/lab.yaml"


@dataclass(frozen=True, slots=True)
class Desk:
    """A registry as it lies on a lecturer's desk."""

    root: Path
    command: Callable[..., tuple[int, str]]

    def __call__(self, *words: str) -> tuple[int, str]:
        return self.command(*words, "--repo", str(self.root))

    def text(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def changed(self) -> dict[str, tuple[str, str]]:
        """Each file that differs from the first version, by its name: lines gone, lines new."""
        differing = {}
        for path, before in FILES.items():
            old, new = before.splitlines(), self.text(path).splitlines()
            if old != new:
                gone = "\n".join(line for line in old if line not in new)
                differing[Path(path).stem] = gone, "\n".join(n for n in new if n not in old)
        return differing


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "registry"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    subprocess.run(["git", "init", "-q", str(root)], check=True)

    def command(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = end(lambda: appstore.main(list(words), standalone_mode=False))
        for handler in list(LOGGER.handlers):
            handler.close()
            LOGGER.removeHandler(handler)
        out, err = capsys.readouterr()
        return code, out + err

    return Desk(root, command)


WRITES: list[tuple[str, dict[str, tuple[str, str]], str]] = [
    ("reset ada/net/lab/s07", {"lab": ("", "reset: {s07: 1}")}, "machine of s07 is deleted"),
    (
        "reset ada/net/lab --member s07",
        {"lab": ("", "reset: {s07: 1}")},
        "disks is lost",
    ),
    ("reset ada/net/lab", {"lab": ("", "reset: {all: 1}")}, "All 30 machines are deleted"),
    ("reset ada/net/lab/s0[1-3]", {"lab": ("", "reset: {s01: 1, s02: 1, s03: 1}")}, "s01..s03 are"),
    (
        "reset ada/*/s30",
        {
            "lab": ("", "reset: {s30: 1}"),
            "exam": ("", "reset: {s30: 1}"),
        },
        "until `protect` is removed",
    ),
    ("suspend ada/net/lab", {"lab": ("", "state: suspended")}, "Nothing is lost"),
    ("resume ada/net/team", {"team": ("state: suspended", "state: running")}, "Nothing is lost"),
    ("resume ada/net/old", {"old": ("state: absent", "state: running")}, "comes back empty"),
    ("remove ada/net/lab", {"lab": ("", "state: absent")}, "Everything on the disks is lost"),
    ("remove ada/net/team", {"team": ("state: suspended", "state: absent")}, "without a grace"),
    ("retry ada/net/lab", {"lab": ("", "retry: 1")}, "What is well is not touched"),
    (
        "extend ada/net --until 2099-03-01",
        {
            "course": (
                "ends: 2099-02-12   # the exam is on 2099-02-10",
                "ends: 2099-03-01   # the exam is on 2099-02-10",
            )
        },
        "moves from 2099-02-12 to 2099-03-01",
    ),
    (
        "extend ada/box --until 2098-01-02",
        {"box": ("ends: 2098-01-01", "ends: 2098-01-02")},
        "moves",
    ),
    (
        "hand-over ada/net/s05",
        {"lab": ("", "reset: {s05: 1}"), "exam": ("", "reset: {s05: 1}")},
        "The next person starts afresh",
    ),
    (
        "hand-over ada/net/lab/s01",
        {"lab": ("", "reset: {s01: 1}"), "exam": ("", "reset: {s01: 1}")},
        "ada/net/team/red is a group's machine",
    ),
    (
        "suspend ada/net/*",
        {"lab": ("", "state: suspended"), "exam": ("", "state: suspended")},
        "ada/net/team is suspended already",
    ),
]


@pytest.mark.parametrize(("words", "changed", "told"), WRITES, ids=[one[0] for one in WRITES])
def test_each_verb_changes_these_lines_and_no_other(
    desk: Desk, words: str, changed: dict[str, tuple[str, str]], told: str
) -> None:
    code, shown = desk(*words.split())
    assert code == 0, shown
    assert desk.changed() == changed
    as_one = " ".join(shown.split())
    assert told in as_one, shown
    for old, new in changed.values():
        assert all(f"\n-{line}\n" in shown for line in old.splitlines())
        assert all(f"\n+{line}\n" in shown for line in new.splitlines())
    assert "appstore plan" in shown
    assert "git commit" in shown
    assert max(map(len, shown.splitlines())) <= WIDTH


REFUSES: list[tuple[str, int, str]] = [
    ("reset ada/net/lap", 2, 'Did you mean "ada/net/lab"?'),
    ("reset adda/net/lab", 2, "A name is LECTURER/COURSE/DEPLOYMENT"),
    ("reset lab", 2, "A name is LECTURER/COURSE/DEPLOYMENT"),
    ("reset ada/net/lab/s31", 2, 'has no member "s31"'),
    ("reset ada/net/lab --member s3", 2, "Did you mean"),
    ("reset ada/net/lab/s02 --member s03", 2, 'has no member "s03"'),
    ("reset ada/box/s01", 2, "one machine without members"),
    ("reset ada/net/old", 3, "ordered to be absent"),
    ("suspend ada/net/team", 3, "is suspended already"),
    ("suspend ada/net/old", 3, "First: appstore resume ada/net/old"),
    ("suspend ada/net/lab/s01", 3, "Name all of it: ada/net/lab"),
    ("suspend ada/base", 2, "A base is never suspended"),
    ("resume ada/net/lab", 3, "is running already"),
    ("remove ada/net/lab/s30", 3, "decided by `roster` in deployments/ada/net/course.yaml:5"),
    ("remove ada/net/team/red", 3, "decided by `groups` in deployments/ada/net/course.yaml:7"),
    ("remove ada/net/exam", 2, "registry/protected"),
    ("retry ada/net/lab/s01", 3, "What is well is not touched"),
    ("retry ada/net/old", 3, "nothing to try again"),
    ("extend ada/net --until 2099-01-01", 3, "would end it earlier"),
    ("extend ada/net --until 2099-02-12", 3, "lasts until 2099-02-12 already"),
    ("extend ada/net --until 2020-01-01", 3, "That day is over"),
    ("extend ada/net/lab --until 2099-03-01", 3, "appstore extend ada/net --until 2099-03-01"),
    ("extend ada/base --until 2099-03-01", 3, "has no last day"),
    ("extend ada/net --until tomorrow", 2, '"tomorrow" is not a day'),
    ("extend ada/net --until 2199-01-01", 2, "2000 and 2100"),
    ("hand-over ada/net/s31", 2, 'Did you mean "ada/net/s'),
    ("hand-over ada/net/team/red", 2, "No seat is called"),
    ("reset ada/net/lab --during-exam broken", 2, "one seat of one deployment"),
    ("reset ada/net/old/s01 --during-exam broken", 3, "ordered to be absent"),
    ("reset ada/net/lab/s0[12] --during-exam broken", 2, "one seat of one deployment"),
]


@pytest.mark.parametrize(("words", "code", "told"), REFUSES, ids=[one[0] for one in REFUSES])
def test_what_must_not_be_is_refused_with_the_way_out(
    desk: Desk, words: str, code: int, told: str
) -> None:
    ended, shown = desk(*words.split())
    assert (ended, desk.changed()) == (code, {}), shown
    assert told in " ".join(shown.split())
    assert "Traceback" not in shown


def test_counters_only_grow(desk: Desk) -> None:
    for _ in range(3):
        assert desk("reset", "ada/net/lab/s07")[0] == 0
        assert desk("retry", "ada/net/lab")[0] == 0
    assert desk("reset", "ada/net/lab")[0] == 0
    assert desk.changed()["lab"][1].splitlines() == ["reset: {s07: 3, all: 1}", "retry: 3"]


def test_comments_order_and_the_way_of_writing_stay(desk: Desk) -> None:
    path = desk.root / LAB_FILE
    before = (
        "# top\r\n\r\nfor: 'student'  # all of them\r\ntemplate:   probe@1.0.0\r\n"
        "reset:   # only up\r\n    all: 1   # in May\r\n    # s07 broke it\r\n    s07: 2\r\n"
        "# bottom"
    )
    path.write_bytes(before.encode())
    assert desk("reset", "ada/net/lab/s0[78]")[0] == 0
    after = before.replace("s07: 2\r\n", "s07: 3\r\n    s08: 1\r\n")
    assert path.read_bytes() == after.encode()


def test_an_exam_reset_is_on_record_in_the_course(desk: Desk) -> None:
    path = desk.root / "deployments/ada/net/course.yaml"
    words = ["reset", "ada/net/lab", "--member", "s07", "--during-exam", 'Disk: "full" #1']
    code, shown = desk(*words)
    assert (code, desk.changed()) == (2, {})
    assert "has no exam on 20" in shown

    now = datetime.now(ZoneInfo("Europe/Berlin"))
    begins, ends = (f"{now + timedelta(days=days):%Y-%m-%dT%H:%M}" for days in (-1, 1))
    exam = f"freezes: [{{from: {begins}, to: {ends}}}]  # midterm\n"
    path.write_text(COURSE + exam)
    assert desk(*words)[0] == 0
    assert desk.changed()["lab"] == ("", "reset: {s07: 1}")
    reason = r'"Disk: \\"full\\" #1"'
    entry = rf"{{deployment: lab, member: s07, reason: {reason}, on: {now:%Y-%m}-\d\d}}"
    text = path.read_text()
    assert text.startswith(COURSE + exam)
    assert re.fullmatch(rf"exam_resets: \[{entry}\]\n", text.removeprefix(COURSE + exam)), text
    assert desk(*words)[0] == 0
    assert path.read_text().count("member: s07") == 2
    assert desk.changed()["lab"] == ("", "reset: {s07: 2}")


def test_json_gives_path_and_both_texts_with_their_lines(desk: Desk) -> None:
    code, shown = desk("reset", "ada/net/lab/s07", "--json")
    assert shown.endswith(f"wrote {LAB_FILE}\n")
    told = json.loads(shown.removesuffix(f"wrote {LAB_FILE}\n"))
    assert code == 0
    assert told["orders"][0]["ids"] == ["ada/net/lab/s07"]
    assert told["edits"] == [
        {
            "path": LAB_FILE,
            "changes": [
                {"old": {"line": 8, "text": ""}, "new": {"line": 8, "text": "reset: {s07: 1}\n"}}
            ],
        }
    ]
    refused = json.loads(desk("resume", "ada/net/lab", "--json")[1])
    assert refused["left_out"][0]["id"] == "ada/net/lab"
    assert refused["edits"] == []


def test_a_person_at_a_terminal_is_asked_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["n", "y"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(answers))
    code, shown = desk("reset", "ada/net/lab/s07")
    assert (code, desk.changed()) == (3, {})
    assert "is lost" in shown
    assert "Nothing was written." in shown
    assert desk("reset", "ada/net/lab/s07")[0] == 0
    assert desk("reset", "ada/net/lab/s08", "--yes")[0] == 0
    assert desk.changed()["lab"][1] == "reset: {s07: 1, s08: 1}"


def test_a_broken_file_is_named_and_left_alone(desk: Desk) -> None:
    (desk.root / LAB_FILE).write_text(LAB + "stat: x\n")
    code, shown = desk("suspend", "ada/net/lab")
    assert code == 2
    assert f"{LAB_FILE}:10:1: error [document/" in shown
    assert desk.text(LAB_FILE) == LAB + "stat: x\n"
    assert desk("suspend", "ada/net/exam")[0] == 0, "the file beside it can be edited"
    assert desk("hand-over", "ada/net/s03")[0] == 2, "a seat's machine could be in it"


def test_the_mode_is_kept_and_nothing_is_left_beside_the_file(desk: Desk) -> None:
    path = desk.root / LAB_FILE
    path.chmod(0o640)
    assert desk("suspend", "ada/net/lab")[0] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(path.parent)) == sorted(
        Path(p).name for p in FILES if p.startswith("deployments/ada/net/")
    )


def test_every_edit_is_found_by_its_verb() -> None:
    import appstore.cli.edit as module

    names = {c.name for c in vars(module).values() if hasattr(c, "name") and hasattr(c, "params")}
    assert names == EDITS


def test_editing_touches_no_cloud_library(desk: Desk) -> None:
    words = ["appstore", "reset", "ada/net/lab/s07", "--repo", str(desk.root)]
    code = (
        f"import sys; from appstore.cli.main import main; sys.argv = {words!r}\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ended.stderr.split())
    assert "yaml" in loaded
    assert loaded.isdisjoint({"openstack", "keystoneauth1", "heatclient", "requests", "rich"})
