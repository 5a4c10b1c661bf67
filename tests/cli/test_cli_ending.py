"""Every end of a run is a sentence and an exit code."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from appstore.cli import logs
from appstore.cli.ending import end, worst
from appstore.cli.runid import RUN_ID
from appstore.errors import AppstoreError, InvalidInput, Refused


@pytest.fixture(autouse=True)
def own_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test has a log of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def raising(error: BaseException) -> Callable[[], object]:
    def verb() -> object:
        raise error

    return verb


@pytest.mark.parametrize(
    ("codes", "code"),
    [((), 0), ((0, 0), 0), ((0, 4), 4), ((4, 3), 3), ((3, 1, 4), 1), ((1, 2, 3, 4), 2)],
)
def test_the_worst_code_counts(codes: tuple[int, ...], code: int) -> None:
    assert worst(codes) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AppstoreError("The cloud did not answer.", "Check the network."), 1),
        (InvalidInput("No such file."), 2),
        (Refused("A newer run was here."), 3),
        (click.UsageError("no such option"), 2),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("bug"), 1),
    ],
)
def test_no_error_ends_in_a_traceback(
    error: BaseException,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert end(raising(error)) == code
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    if not isinstance(error, click.UsageError):
        assert RUN_ID in shown


def test_a_long_message_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    path = "/a" * 60
    end(raising(InvalidInput(f"{'word ' * 30}{path}.", "the way out " * 12)))
    lines = capsys.readouterr().err.splitlines()
    assert f"  {path}." in lines  # can be copied
    assert all(len(line) <= 80 for line in lines if path not in line)
    assert sum("way" in line for line in lines) == 2


def test_a_bug_is_in_the_log_with_its_run_id_and_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OS_PASSWORD", 'tops"ecret')
    end(raising(ValueError('tops"ecret in a foreign message')))
    lines = [json.loads(line) for line in logs.log_file().read_text().splitlines()]
    assert {line["run"] for line in lines} == {RUN_ID}
    assert lines[-1]["level"] == "error"
    assert "ValueError: (secret) in a foreign message" in lines[-1]["traceback"]
    assert str(logs.log_file()) in capsys.readouterr().err


def test_the_run_id_has_the_form_that_heat_accepts() -> None:
    assert re.fullmatch(
        r"req-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", RUN_ID
    )
