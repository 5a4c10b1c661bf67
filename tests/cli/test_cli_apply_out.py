"""What `apply --out` writes holds no value that the run was given as a secret."""

import json
from pathlib import Path

import pytest

from appstore.cli.apply import _write
from appstore.documents.outcome_file import InstanceOutcome, OutcomeFile

SECRET = 'pa"ss\\wörd'


def test_a_secret_that_openstack_repeats_is_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPSTORE_SECRET_ADA__DB", SECRET)
    one = InstanceOutcome(
        id="ada/net/lab/s01",
        stack="net--lab--s01",
        action="create",
        result="failed",
        why=f"The password {SECRET} is too short.",
    )
    outcome = OutcomeFile(
        format="1",
        run="req-12345678-1234-4234-8234-123456789abc",
        commit="a" * 40,
        plan="1.d",
        started="2026-10-01T08:15:00+00:00",
        ended="2026-10-01T08:16:00+00:00",
        outcomes=(one,),
        already=(),
        findings=(),
    )
    file = tmp_path / "outcome.json"
    _write(str(file), outcome)
    text = file.read_text(encoding="utf-8")
    assert SECRET not in json.loads(text)["outcomes"][0]["why"]
    assert json.loads(text)["outcomes"][0]["why"] == "The password (secret) is too short."
