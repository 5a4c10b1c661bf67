"""What pipelines do with a merge request, on real git and both forges."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from forge_servers import BOT, TOKEN, Fault
from runs_forge import ABSENT, LAB, RESET, SITE, OnForge

from appstore.cli.ending import end
from appstore.cli.logs import LOGGER
from appstore.cli.main import appstore

ONE_FORGE = pytest.mark.parametrize("place", ["github"], indirect=True)
RUN = "req-12345678-1234-4234-8234-123456789abc"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Ci = Callable[..., Ended]


@pytest.fixture
def ci(place: OnForge, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Ci:
    """`ci("review", "--request", "4")`: one command of a pipeline; it never tells the token."""
    log = tmp_path / "state" / "teaching-appstore" / "appstore.log"

    def run(*words: str) -> Ended:
        capfd.readouterr()
        arguments = ["ci", *words, "--repo", str(place.clone), "--log-json"]
        code = end(lambda: appstore.main(arguments, standalone_mode=False))
        for handler in list(LOGGER.handlers):
            handler.close()
            LOGGER.removeHandler(handler)
        ended = Ended(code, *capfd.readouterr())
        assert TOKEN not in ended.out + ended.err + "".join(place.world.asked) + log.read_text()
        return ended

    return run


def outcome(commit: str, *results: str, lecturer: str = "ada", run: str = RUN) -> dict[str, object]:
    """What an apply leaves behind; one instance for each result."""
    return {
        "format": "1",
        "run": run,
        "commit": commit,
        "plan": "7KQ2M4XA9WTE",
        "started": "2026-10-04T08:15:00+00:00",
        "ended": "2026-10-04T08:16:00+00:00",
        "outcomes": [
            {
                "id": f"{lecturer}/net/lab/s{at:02}",
                "stack": f"net--lab--s{at:02}",
                "action": "create",
                "result": result,
                "why": "" if result == "done" else "There is no room for it.",
                "owner": "" if result == "done" else "admin",
            }
            for at, result in enumerate(results, 1)
        ],
        "already": [],
        "findings": [],
    }


def written(folder: Path, document: object) -> str:
    path = folder / "outcome.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_review_says_what_is_missing_until_it_is_there(
    place: OnForge, ci: Ci, tmp_path: Path
) -> None:
    place.propose(4, ABSENT, author="bob")
    file = tmp_path / "review.json"
    first = ci("review", "--request", "4", "--out", str(file))
    assert first.code == 3
    assert json.loads(file.read_text())["verdict"] == "missing"
    assert place.world.statuses[-1]["state"] == "pending"
    assert place.world.statuses[-1]["commit"] == place.world.proposals[4].head

    place.approve(4, "lea")
    second = ci("review", "--request", "4", "--out", str(file))
    assert second.code == 0
    assert json.loads(file.read_text())["needs"][0]["given_by"] == ["lea"]
    last = place.world.statuses[-1]
    assert (last["context"], last["state"]) == ("appstore/review", "success")


def test_review_of_files_that_are_wrong(place: OnForge, ci: Ci) -> None:
    place.propose(4, {LAB: "template: nothing@1.0.0\nfor: student\n"})
    assert ci("review", "--request", "4").code == 2
    assert place.world.statuses[-1]["state"] in ("failure", "failed")


@ONE_FORGE
def test_policy_is_that_of_the_default_branch(place: OnForge, ci: Ci) -> None:
    site = (place.clone / SITE).read_text().replace("root, rita", "mallory")
    place.propose(4, {SITE: site}, author="mallory")
    place.approve(4, "mallory")
    assert ci("review", "--request", "4").code == 3


@pytest.mark.parametrize("verb", ["review", "merge"])
def test_a_request_that_is_not_to_be_decided(place: OnForge, ci: Ci, verb: str) -> None:
    one = place.propose(4, RESET)
    one.base = "other"
    assert ci(verb, "--request", "4").code == 3
    one.base, one.state = "main", "closed"
    assert ci(verb, "--request", "4").code == 3
    assert ci(verb, "--request", "5").code == 1
    assert place.world.statuses == []


def test_merge_merges_what_needs_nobody(place: OnForge, ci: Ci) -> None:
    one = place.propose(4, RESET)
    ended = ci("merge", "--request", "4")
    assert (ended.code, ended.out) == (0, f"merged as {'d' * 40}\n")
    assert one.state == "merged"


def test_merge_leaves_the_rest_to_people(place: OnForge, ci: Ci) -> None:
    one = place.propose(4, ABSENT, author="bob")
    assert ci("merge", "--request", "4").out == "not merged: Reviews are missing.\n"
    wrong = place.propose(5, {LAB: "template: nothing@1.0.0\nfor: student\n"})
    assert ci("merge", "--request", "5").out == "not merged: Its files have findings.\n"
    assert (one.state, wrong.state) == ("open", "open")


@ONE_FORGE
def test_merge_trusts_no_file_of_another_job(place: OnForge, ci: Ci, tmp_path: Path) -> None:
    one = place.propose(4, ABSENT, author="bob")
    review = tmp_path / "review.json"
    ci("review", "--request", "4", "--out", str(review))
    forged = json.loads(review.read_text()) | {"verdict": "enough", "merge_alone": True}
    (place.clone / "review.json").write_text(json.dumps(forged))
    ci("merge", "--request", "4")
    assert one.state == "open"


def test_the_note_is_in_the_language_of_whoever_proposes(
    place: OnForge, ci: Ci, tmp_path: Path
) -> None:
    one = place.propose(4, ABSENT)
    review = str(tmp_path / "review.json")
    ci("review", "--request", "4", "--out", review)
    for _ in range(2):
        assert ci("note", "--request", "4", "--plan", "gone.json", "--review", review).code == 0
    assert [note.account for note in one.notes] == [BOT]
    assert one.notes[0].body.startswith("<!-- appstore:note -->")
    assert "**Freigaben:**" in one.notes[0].body


@ONE_FORGE
def test_a_note_about_nothing(place: OnForge, ci: Ci) -> None:
    place.propose(4, ABSENT)
    assert ci("note", "--request", "4").code == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "2"}', "\x00"])
@ONE_FORGE
def test_documents_of_other_jobs_are_checked(
    place: OnForge, ci: Ci, tmp_path: Path, text: str
) -> None:
    place.propose(4, ABSENT)
    file = tmp_path / "file.json"
    file.write_text(text)
    for words in (
        ("note", "--request", "4", "--plan", str(file)),
        ("note", "--request", "4", "--review", str(file)),
        ("report", "--outcome", str(file)),
        ("record", "--outcome", str(file)),
    ):
        ended = ci(*words)
        assert (ended.code, "document of this tool" in ended.err) == (2, True)


def test_report_goes_into_the_same_note_and_to_the_commit(
    place: OnForge, ci: Ci, tmp_path: Path
) -> None:
    one = place.propose(4, RESET)
    review = str(tmp_path / "review.json")
    ci("review", "--request", "4", "--out", review)
    ci("note", "--request", "4", "--review", review)
    landed = place.merge(4)
    file = written(tmp_path, outcome(landed, "done", "done by another run", "waiting", "failed"))
    assert ci("report", "--outcome", file).code == 0
    (note,) = one.notes
    assert "There is no room for it" in note.body
    last = place.world.statuses[-1]
    assert (last["commit"], last["context"]) == (landed, "appstore/apply/ada")
    assert last["state"] in ("failure", "failed")
    assert last["description"] == "3 well, 1 not"


def test_lecturers_side_by_side_do_not_write_over_each_other(
    place: OnForge, ci: Ci, tmp_path: Path
) -> None:
    site = (place.clone / SITE).read_text() + "# a comment\n"
    one = place.propose(4, {SITE: site}, author="root")
    landed = place.merge(4)
    for lecturer in ("ada", "bob"):
        document = outcome(landed, "done", lecturer=lecturer)
        assert ci("report", "--outcome", written(tmp_path, document)).code == 0
    assert len(one.notes) == 2
    assert {note.body.split(" -->")[0] for note in one.notes} == {
        "<!-- appstore:note:ada",
        "<!-- appstore:note:bob",
    }


def test_lecturers_of_one_job_are_told_one_by_one(place: OnForge, ci: Ci, tmp_path: Path) -> None:
    site = (place.clone / SITE).read_text() + "# a comment\n"
    one = place.propose(4, {SITE: site}, author="root")
    landed = place.merge(4)
    both = outcome(landed, "failed", lecturer="ada")
    both["outcomes"] = [
        each
        for part in (both, outcome(landed, "done", "done", lecturer="bob"))
        for each in cast(list[object], part["outcomes"])
    ]

    assert ci("report", "--outcome", written(tmp_path, both)).code == 0

    told = {last["context"]: last["description"] for last in place.world.statuses[-2:]}
    assert told == {
        "appstore/apply/ada": "0 well, 1 not",
        "appstore/apply/bob": "2 well, 0 not",
    }
    ada, bob = sorted(note.body for note in one.notes)
    assert ada.startswith("<!-- appstore:note:ada -->")
    assert "There is no room for it" in ada
    assert bob.startswith("<!-- appstore:note:bob -->")
    assert "ada" not in bob


def test_report_of_a_commit_that_no_request_brought(place: OnForge, ci: Ci, tmp_path: Path) -> None:
    pushed = place.commit(RESET)
    ended = ci("report", "--outcome", written(tmp_path, outcome(pushed, "done")))
    assert (ended.code, "no merge request" in ended.out) == (0, True)
    assert place.world.statuses[-1]["state"] == "success"


def test_record_appends_one_document(place: OnForge, ci: Ci, tmp_path: Path) -> None:
    commit = place.git("rev-parse", "HEAD")
    for _ in range(2):
        ended = ci("record", "--outcome", written(tmp_path, outcome(commit, "done")))
        assert ended.code == 0
    path = f"runs/2026/10/{RUN}.json"
    shown = place.git("show", f"appstore-records:{path}", where=place.origin)
    assert json.loads(shown)["commit"] == commit
    log = place.git("log", "--format=%B", "appstore-records", where=place.origin)
    assert log.endswith("[skip ci]")
    assert place.git("rev-list", "--count", "appstore-records", where=place.origin) == "1"


@pytest.mark.parametrize(
    "change",
    [
        {"run": "../../x"},
        {"run": "req-x"},
        {"commit": "HEAD"},
        {"commit": "../../user"},
        {"started": "x"},
        {"extra": 1},
        {"outcomes": [{"id": "--><b>/x", "stack": "s", "action": "", "result": "done"}]},
    ],
)
@ONE_FORGE
def test_a_document_whose_names_are_none(
    place: OnForge, ci: Ci, tmp_path: Path, change: dict[str, object]
) -> None:
    document = outcome("a" * 40, "done") | change
    for verb in ("record", "report"):
        assert ci(verb, "--outcome", written(tmp_path, document)).code == 2
    assert place.world.asked == []
    assert place.git("branch", "--list", "appstore-records", where=place.origin) == ""


@pytest.mark.parametrize("verb", ["review", "merge"])
def test_a_forge_that_fails_ends_the_job(place: OnForge, ci: Ci, verb: str) -> None:
    one = place.propose(4, RESET)
    place.world.faults = [Fault(401)] * 9
    ended = ci(verb, "--request", "4")
    assert (ended.code, "does not accept the token" in ended.err) == (1, True)
    assert one.state == "open"


def test_a_head_that_the_clone_lacks_is_fetched_and_nothing_checked_out(
    place: OnForge, ci: Ci
) -> None:
    place.propose(4, RESET)
    place.forget()
    assert ci("review", "--request", "4").code == 0
    assert place.git("status", "--porcelain") == ""
    assert place.git("for-each-ref", "--format=%(refname)", "refs/heads") == "refs/heads/main"
