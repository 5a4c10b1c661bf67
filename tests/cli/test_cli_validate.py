"""validate in CI: files and lines that the forges read."""

import re
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from flow_registry import FlowRegistry

from appstore.cli.ending import end
from appstore.cli.main import appstore


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry with one wrong file, whose text is a command of GitHub's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    registry = FlowRegistry.make(tmp_path / "registry", "net101")
    registry.lab('"::add-mask::x": 1')
    return registry.root


def validate(root: Path, *options: str) -> int:
    words = ["validate", *options, "--repo", str(root)]
    return end(lambda: appstore.main(words, standalone_mode=False))


def test_annotations_follow_the_text_in_which_commands_are_off(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert validate(root, "--annotations") == 2
    lines = capsys.readouterr().out.splitlines()
    stop = re.fullmatch("::stop-commands::([0-9a-f]{32})", lines[0])
    assert stop is not None
    after = lines.index(f"::{stop[1]}::")
    assert any("deployments/ada/net101/lab.yaml:3:" in line for line in lines[1:after])
    (command,) = lines[after + 1 :]
    assert command.startswith("::error file=deployments/ada/net101/lab.yaml,title=")


def test_junit_names_every_file_and_fails_the_wrong_one(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.xml"
    assert validate(root, "--junit", str(report)) == 2
    cases = parse(report).findall("testsuite/testcase")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert failed == ["deployments/ada/net101/lab.yaml"]
    read = {
        str(p.relative_to(root)) for p in root.rglob("*") if p.is_file() and ".git/" not in str(p)
    }
    assert {case.get("name") for case in cases} == read
    capsys.readouterr()


def test_a_report_that_cannot_be_written_says_so(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "no" / "report.xml")
    assert validate(root, "--junit", missing) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"{missing} cannot be written: No such file or directory." in said
