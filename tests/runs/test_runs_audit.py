"""Who asked, who approved, what ran and what happened: from git, the forge, records and Heat."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flow_registry import FlowRegistry

from appstore.cloud.errors import CloudError
from appstore.errors import InvalidInput
from appstore.forge.errors import ForgeError
from appstore.forge.protocol import Request, State
from appstore.report.audit import Audit, audit_json, audit_text, exit_code
from appstore.runs.audit.audit import audit, subject_of
from appstore.runs.audit.subject import OfCourse, OfInstances, OfVersion, Sources

NOBODY = "The forge was not asked."


@dataclass
class Forge:
    """Merge requests by the commit that they became; the adapters have tests of their own."""

    requests: Mapping[str, Request] = field(default_factory=dict)
    error: ForgeError | None = None
    asked: list[str] = field(default_factory=list)

    def request_of(self, commit: str) -> Request | None:
        self.asked.append(commit)
        if self.error:
            raise self.error
        return self.requests.get(commit)


def request(number: int, author: str, *reviewers: str) -> Request:
    return Request(number, author, "main", "0" * 40, State.MERGED, None, "t", "u", reviewers)


def no_cloud(name: str) -> Any:
    raise CloudError(f"The cloud {name} cannot be reached.", "Try again.")


@contextmanager
def nothing_lives() -> Iterator[Any]:
    project = SimpleNamespace(stacks=())
    yield lambda name: SimpleNamespace(
        project=lambda asked: asked, listings=lambda all_: dict.fromkeys(all_, project)
    )


@pytest.fixture
def registry(tmp_path: Path) -> FlowRegistry:
    return FlowRegistry.make(tmp_path / "registry", "net101")


def head(registry: FlowRegistry) -> str:
    return git(registry, "rev-parse", "HEAD")


def git(registry: FlowRegistry, *words: str, given: str = "") -> str:
    command = ["git", "-C", str(registry.root), *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def record(registry: FlowRegistry, run: str, commit: str, ended: str, *outcomes: object) -> None:
    """Append one record as plain git does it."""
    document = {
        "format": "1", "run": run, "commit": commit, "plan": f"1.{run}", "started": ended,
        "ended": ended, "outcomes": list(outcomes), "already": [], "findings": [],
    }  # fmt: skip
    put_record(registry, run, json.dumps(document))


def record_of_creation(registry: FlowRegistry) -> None:
    """What the first run leaves: s01 was made."""
    ended = "2030-01-01T08:00:00+00:00"
    record(registry, "req-1", head(registry), ended, did("s01", "create", "done"))


def put_record(registry: FlowRegistry, run: str, text: str) -> None:
    ref = "refs/remotes/origin/appstore-records"  # as an ordinary clone has it
    blob = git(registry, "hash-object", "-w", "--stdin", given=text)
    old = git(registry, "for-each-ref", "--format=%(objectname)", ref)
    listed = git(registry, "ls-tree", old) if old else ""
    tree = git(registry, "mktree", given=f"{listed}\n100644 blob {blob}\t{run}.json\n".lstrip())
    who = ["-c", "user.name=ci", "-c", "user.email=ci@example.org"]
    commit = git(registry, *who, "commit-tree", "-m", "x", *(["-p", old] if old else []), tree)
    git(registry, "update-ref", ref, commit)


def did(member: str, action: str, result: str, why: str = "") -> dict[str, str]:
    stack = f"net101--lab--{member}"
    id_ = f"ada/net101/lab/{member}"
    return {"id": id_, "stack": stack, "action": action, "result": result, "why": why}


def audited(
    registry: FlowRegistry, name: str | None, course: str | None = None, forge: Any = NOBODY
) -> Audit:
    with nothing_lives() as open_cloud:
        sources = Sources(registry.root, "HEAD", open_cloud, forge)
        return audit(subject_of(name, course), sources)


def told(found: Audit) -> list[str]:
    """The facts as a person reads them, without the times."""
    return [line.strip().split("  ", 1)[-1] for line in audit_text(found)][1:]


def test_one_member_from_the_request_to_the_end(registry: FlowRegistry) -> None:
    first = head(registry)
    record(registry, "req-1", first, "2030-01-01T08:00:00+00:00", did("s01", "create", "done"))
    registry.lab("state: absent")
    second = head(registry)
    record(
        registry,
        "req-2",
        second,
        "2030-01-02T08:00:00+00:00",
        did("s01", "delete", "failed", "a port is in the way"),
        did("s02", "delete", "done"),
    )
    forge = Forge({first: request(7, "ada-k", "boss"), second: request(9, "ada-k")})

    lines = told(audited(registry, "ada/net101/lab/s01", forge=forge))

    assert f"merged {first[:7]} as merge request 7" in lines
    assert "asked by ada-k, approved by boss" in lines
    assert "asked by ada-k, approved by nobody else" in lines
    assert lines[-7:] == [
        "run req-1",
        "ada/net101/lab/s01 create: done",
        f"commit {first[:7]}, plan 1.req-1",
        "run req-2",
        "ada/net101/lab/s01 delete: failed",
        "a port is in the way",
        f"commit {second[:7]}, plan 1.req-2",
    ]
    assert not any("s02" in line for line in lines)


def test_what_is_gone_from_the_files_is_still_told(registry: FlowRegistry) -> None:
    record_of_creation(registry)
    registry.remove("deployments/ada/net101/lab.yaml")

    lines = told(audited(registry, "ada/net101/lab"))

    assert "files: deployments/ada/net101/lab.yaml" in lines
    assert "ada/net101/lab/s01 create: done" in lines


def test_a_course_is_all_that_ever_lay_in_its_folder(registry: FlowRegistry) -> None:
    registry.write("deployments/ada/net101/extra.yaml", "template: probe@1.0.0\nfor: course\n")
    registry.commit("extra")
    registry.remove("deployments/ada/net101/extra.yaml")
    record_of_creation(registry)

    lines = told(audited(registry, None, "ada/net101"))

    assert lines.count("files: deployments/ada/net101/extra.yaml") == 2
    assert "run req-1" in lines


def test_a_version_lists_its_consents_and_only_runs_that_used_it(registry: FlowRegistry) -> None:
    one = head(registry)
    record(registry, "req-1", one, "2030-01-01T08:00:00+00:00", did("s01", "create", "done"))
    for name in ("version.yaml", "heat.yaml"):
        text = (registry.root / "catalog/probe/1.0.0" / name).read_text()
        registry.write(f"catalog/probe/1.1.0/{name}", text)
    registry.change("deployments/ada/net101/lab.yaml", "probe@1.0.0", "probe@1.1.0")
    two = head(registry)
    record(registry, "req-2", two, "2030-01-02T08:00:00+00:00", did("s01", "update", "done"))
    approval = (
        "digest: 1.abc\nvisibility: global\napprover: boss\ndate: 2026-10-01\nnote: Looks fine\n"
    )
    registry.write("catalog/probe/1.0.0/approval.yaml", approval)
    registry.commit("approve")
    revoked = "revoked: {by: chief, date: 2026-11-01, reason: A hole}\n"
    registry.write("catalog/probe/1.0.0/approval.yaml", approval + revoked)
    registry.commit("revoke")

    lines = told(audited(registry, "probe@1.0.0"))

    assert "run req-1" in lines
    assert "run req-2" not in lines
    assert "probe@1.0.0 approved for everybody (Looks fine)" in lines
    assert lines[lines.index("probe@1.0.0 revoked: A hole") + 1] == "by chief"
    assert "run req-2" in told(audited(registry, "probe@1.1.0"))


def test_people_are_as_git_names_them_where_no_forge_is_known(registry: FlowRegistry) -> None:
    found = audited(registry, "ada/net101/lab")
    assert "by flow, as git says" in told(found)
    assert f"not read: {NOBODY}" in list(audit_text(found))
    assert exit_code(found) == 0


def test_a_forge_that_fails_is_asked_once_and_said_once(registry: FlowRegistry) -> None:
    registry.lab("state: absent")
    forge = Forge(error=ForgeError("GitLab is away.", "Wait."))
    found = audited(registry, "ada/net101/lab", forge=forge)
    assert [one.why for one in found.unread if not one.expected] == ["GitLab is away. Wait."]
    assert len(forge.asked) == 1
    assert exit_code(found) == 1


def test_a_cloud_that_cannot_be_asked_leaves_the_rest(registry: FlowRegistry) -> None:
    sources = Sources(registry.root, "HEAD", no_cloud, NOBODY)
    found = audit(OfInstances("ada/net101/lab"), sources)
    assert found.facts
    assert "The cloud devcloud cannot be reached. Try again." in [o.why for o in found.unread]
    assert exit_code(found) == 1


@pytest.mark.parametrize("text", ["{}", "no json", '{"format": "2"}', "[" * 100_000])
def test_a_broken_record_is_said_and_hides_no_other(registry: FlowRegistry, text: str) -> None:
    record_of_creation(registry)
    put_record(registry, "req-2", text)
    found = audited(registry, "ada/net101/lab")
    assert "run req-1" in told(found)
    assert any("req-2.json" in one.why for one in found.unread)
    assert exit_code(found) == 1


def test_hostile_text_of_others_stays_on_its_line(registry: FlowRegistry) -> None:
    registry.write("deployments/ada/net101/lab.yaml", "template: probe@1.0.0\nfor: course\n")
    registry.commit("evil\x1b[2J\u202e title")
    why = "no\n2030-01-01 08:00  run req-forged"
    record(
        registry,
        "req-1",
        head(registry),
        "2030-01-01T08:00:00+00:00",
        did("s01", "create", "failed", why),
    )
    lines = list(audit_text(audited(registry, "ada/net101/lab")))
    assert not any(line.endswith("run req-forged") and line.startswith("2030") for line in lines)
    assert all(line.isprintable() for line in lines)


def test_a_clone_without_the_records_is_told_how_to_get_them(registry: FlowRegistry) -> None:
    found = audited(registry, "ada/net101/lab")
    assert any("lacks the branch appstore-records" in one.why for one in found.unread)
    assert exit_code(found) == 0


def test_json_holds_what_the_text_does(registry: FlowRegistry) -> None:
    record_of_creation(registry)
    values = json.loads(json.dumps(audit_json(audited(registry, "ada/net101/lab"))))
    assert [fact["kind"] for fact in values["facts"]] == ["merged", "ran"]
    assert values["facts"][1]["run"] == "req-1"
    assert values["facts"][0]["files"] == [
        "deployments/ada/net101/course.yaml",
        "deployments/ada/net101/lab.yaml",
    ]


@pytest.mark.parametrize(
    ("name", "course", "subject"),
    [
        ("ada/net101/lab/s01", None, OfInstances("ada/net101/lab/s01")),
        ("ada/base", None, OfInstances("ada/base")),
        ("web-lab@1.0.0", None, OfVersion("web-lab@1.0.0")),
        (None, "ada/net101", OfCourse("ada/net101")),
    ],
)
def test_what_can_be_asked_about(name: str | None, course: str | None, subject: object) -> None:
    assert subject_of(name, course) == subject


@pytest.mark.parametrize(
    ("name", "course"),
    [
        (None, None),
        ("ada", None),
        ("ada/net101", "ada/net101"),
        ("web-lab@1.0", None),
        ("../../etc/passwd", None),
        ("--upload-pack=x", None),
        (None, "ada"),
        ("ada/net101/lab/s01/x", None),
    ],
)
def test_what_cannot(name: str | None, course: str | None) -> None:
    with pytest.raises(InvalidInput, match="An audit is about"):
        subject_of(name, course)


def test_a_name_that_was_never_there_is_invalid(registry: FlowRegistry) -> None:
    with pytest.raises(InvalidInput, match="Nothing is known about ada/net101/labb"):
        audited(registry, "ada/net101/labb")
