"""doctor: what is judged how, and what it says of the real Keystone and Heat."""

import subprocess
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from forge_stage import staged

from appstore.cli.ending import end
from appstore.cli.main import appstore
from appstore.cloud.credentials import Purpose
from appstore.cloud.permits import Act
from appstore.documents.site import Cloud
from appstore.errors import AppstoreError
from appstore.forge.protocol import Protection
from appstore.report.doctor import Check, Level, doctor_json, doctor_text
from appstore.report.wrapping import WIDTH
from appstore.runs.doctor.cloud import WRITES, cloud_checks
from appstore.runs.doctor.doctor import forge_checks, runner_checks, unlisted_checks
from appstore.runs.doctor.facts import CloudSeen, CredentialSeen, ProjectSeen

OK, WARNING, PROBLEM, UNKNOWN = Level
ROLES = {Purpose.READ: {"reader"}, Purpose.WRITE: {"member", "reader"}}
ENTRIES = {Purpose.READ: "campus-plan", Purpose.WRITE: "campus"}


def project(purpose: Purpose, **changes: Any) -> ProjectSeen:
    writes = dict.fromkeys(WRITES, purpose is Purpose.WRITE)
    fine: dict[str, Any] = {
        "roles": frozenset(ROLES[purpose]),
        "permits": {**writes, Act.CHECK: False},
        "stacks": 3,
        "unread": (),
    }
    return ProjectSeen(**fine | changes)


def credential(purpose: Purpose, **changes: Any) -> CredentialSeen:
    fine: dict[str, Any] = {
        "entry": ENTRIES[purpose],
        "user": "user 'someone'",
        "auth_url": "https://keystone.example.org:5000/v3",
        "bound": False,
        "offset": timedelta(seconds=1),
        "strangers": (),
        "projects": {"teach-ada": project(purpose)},
        "versions": frozenset(["2018-08-31", "2021-04-16"]),
    }
    return CredentialSeen(**fine | changes)


def judged(
    seen: Mapping[Purpose, CredentialSeen | AppstoreError], most: int | None = 100
) -> list[Check]:
    both = {purpose: seen.get(purpose) or credential(purpose) for purpose in Purpose}
    uses = frozenset(["2021-04-16"])
    return list(cloud_checks(CloudSeen("campus", both), Cloud(max_stacks=most), uses))


def test_a_cloud_as_it_should_be_is_all_ok() -> None:
    checks = judged({})
    assert {check.level for check in checks} == {OK}
    assert not any(check.remedy for check in checks)


READ, WRITE = Purpose.READ, Purpose.WRITE
TABLE: list[tuple[Purpose, dict[str, Any], Level, str]] = [
    (READ, {"entry": "campus"}, PROBLEM, "There is no entry campus-plan"),
    (WRITE, {"bound": True}, PROBLEM, "an application credential cannot create stacks"),
    (READ, {"auth_url": "http://keystone.example.org/v3"}, WARNING, "travels unencrypted"),
    (READ, {"offset": timedelta(seconds=-20)}, WARNING, "differ by 20 s"),
    (READ, {"offset": timedelta(seconds=90)}, PROBLEM, "differ by 90 s"),
    (READ, {"offset": None}, UNKNOWN, "does not tell its time"),
    (WRITE, {"projects": {}}, UNKNOWN, "No lecturer deploys here yet"),
    (WRITE, {"strangers": ("demo",)}, WARNING, "holds a role in demo"),
    (READ, {"versions": frozenset(["2018-08-31"])}, PROBLEM, "does not know heat_template_version"),
    (
        WRITE,
        {"projects": {"teach-ada": AppstoreError("It holds the role admin.", "Take it away.")}},
        PROBLEM,
        "It holds the role admin.",
    ),
    (
        WRITE,
        {"projects": {"teach-ada": project(READ)}},
        PROBLEM,
        "may not create, update, delete, suspend or resume stacks in teach-ada",
    ),
    (
        READ,
        {"projects": {"teach-ada": project(WRITE)}},
        PROBLEM,
        "may create, update, delete, suspend or resume stacks in teach-ada; plans",
    ),
    (
        READ,
        {"projects": {"p": project(READ, permits=dict.fromkeys(Act, None))}},
        UNKNOWN,
        "did not tell",
    ),
    (
        READ,
        {
            "projects": {
                "p": project(READ, permits=dict.fromkeys(WRITES, False) | {Act.CHECK: True})
            }
        },
        WARNING,
        "Heat's check",
    ),
    (
        READ,
        {"projects": {"p": project(READ, roles=frozenset(["reader", "operator"]))}},
        WARNING,
        "it also holds operator",
    ),
    (READ, {"projects": {"p": project(READ, unread=("No answer.",))}}, WARNING, "No answer."),
    (READ, {"projects": {"p": project(READ, stacks=95)}}, WARNING, "has 95 of at most 100"),
]


@pytest.mark.parametrize(("purpose", "changes", "level", "said"), TABLE)
def test_each_fault_is_said_once_with_its_remedy(
    purpose: Purpose, changes: dict[str, Any], level: Level, said: str
) -> None:
    checks = judged({purpose: credential(purpose, **changes)})
    (found,) = [check for check in checks if said in check.what]
    assert found.level is level
    assert found.remedy
    assert {check.level for check in checks if check is not found} == {OK}


def test_a_limit_that_nobody_wrote_down_is_unknown() -> None:
    (found,) = [check for check in judged({}, most=None) if check.level is not OK]
    assert found.level is UNKNOWN
    assert "max_stacks" in found.remedy


def test_what_cannot_be_read_is_never_ok() -> None:
    nothing = dict.fromkeys(Purpose, AppstoreError("No way in.", "Ask."))
    assert {check.level for check in judged(nothing)} == {PROBLEM}
    told = [Protection("it is closed", holds, "Close it.") for holds in (True, False, None)]
    assert [check.level for check in forge_checks(told)] == [OK, PROBLEM, UNKNOWN]
    for kind in ("github", "gitlab"):
        assert {check.level for check in unlisted_checks(kind)} == {UNKNOWN}


VERSIONS = [
    ((3, 11, 0), (2, 38), [OK, OK]),
    ((3, 10, 9), (2, 37, 5), [PROBLEM, PROBLEM]),
    ((3, 13), (), [OK, UNKNOWN]),
]


@pytest.mark.parametrize(("python", "git", "levels"), VERSIONS)
def test_the_machine(python: tuple[int, ...], git: tuple[int, ...], levels: list[Level]) -> None:
    checks = list(runner_checks(python, git))
    assert [check.level for check in checks] == levels
    assert all(check.remedy for check in checks if check.level is not OK)


def test_the_text_fits_and_hostile_names_do_nothing() -> None:
    checks = [
        Check("cloud a", OK, "Fine."),
        Check("cloud a", PROBLEM, "Bad \x1b[31m news " + "about this " * 12, "Mend " + "it " * 40),
        Check("cloud b", PROBLEM, "Bad.", "Mend it."),
    ]
    lines = list(doctor_text(checks))
    assert [line for line in lines if line.startswith("cloud")] == ["cloud a", "cloud b"]
    assert max(map(len, lines)) <= WIDTH
    assert "\x1b" not in "".join(lines)
    assert lines[-1] == "1 ok, 2 problems"
    assert doctor_json(checks)[0] == {
        "about": "cloud a",
        "level": "ok",
        "what": "Fine.",
        "remedy": "",
    }


SITE = (
    "owner: doctor\nclouds: {devcloud: {max_stacks: 500}}\n"
    "tenants: {faculty: {title: Faculty, clouds: [devcloud]}}\nresource_types: []\n"
)

FORGES: list[tuple[str, dict[str, Any], int, list[str]]] = [
    (
        "github",
        {},
        1,
        ["problem Not so: the branch main is protected.", "unknown The token may not see whether"],
    ),
    (
        "github",
        {"protected": True, "workflow_permissions": "read"},
        0,
        ["ok The branch main is protected.", "unknown Which secrets there are is not looked at."],
    ),
    (
        "gitlab",
        {"ci_config_path": "", "open_variable": True},
        1,
        [
            "problem Not so: the CI configuration lies in another project.",
            "problem Not so: nobody may pass variables to a pipeline.",
            "problem Not so: every variable is protected.",
        ],
    ),
    (
        "gitlab",
        {"push_level": 0, "variables": "no_one_allowed"},
        0,
        ["ok Nobody may pass variables to a pipeline.", "unknown Whether a schedule runs"],
    ),
]


@pytest.mark.parametrize(("kind", "settings", "code", "said"), FORGES)
def test_on_a_forge(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    settings: dict[str, Any],
    code: int,
    said: list[str],
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("GITHUB_REPOSITORY", "CI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with staged(kind) as stage:
        stage.world.settings = settings
        for name, value in stage.environment.items():
            monkeypatch.setenv(name, value)
        words = ["doctor", "--forge", "--repo", str(tmp_path)]
        ended = end(lambda: appstore.main(words, standalone_mode=False))
    shown = " ".join(capsys.readouterr().out.split())
    assert [sentence for sentence in said if sentence not in shown] == [], shown
    assert ended == code
    assert "cloud" not in shown


Doctor = Callable[..., tuple[int, str]]
Entries = dict[str, Any]


@pytest.fixture
def doctor(
    tmp_path: Path,
    cloud_env: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Doctor:
    """doctor on the real cloud, with credentials changed and for lecturers of these projects."""
    for name in ("GITHUB_REPOSITORY", "CI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "registry"
    entries = yaml.safe_load(cloud_env.clouds_yaml.read_text())["clouds"]

    def one(change: Callable[[Entries], object], *projects: str) -> tuple[int, str]:
        files = {f"deployments/{p}/lecturer.yaml": _lecturer(p) for p in projects}
        for path, text in {**files, "deployments/site.yaml": SITE}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        subprocess.run(["git", "init", "-q", str(root)], check=True)
        change(entries)
        (tmp_path / "clouds.yaml").write_text(yaml.safe_dump({"clouds": entries}))
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
        code = end(lambda: appstore.main(["doctor", "--repo", str(root)], standalone_mode=False))
        out, err = capsys.readouterr()
        assert max(map(len, out.splitlines())) <= WIDTH
        assert not any(entry["auth"]["password"] in out + err for entry in entries.values())
        return code, " ".join((out + err).split())

    return one


def _lecturer(project: str) -> str:
    return f"tenant: faculty\ncloud: devcloud\nproject: {project}\n"


def _wrong_password(entries: Entries) -> None:
    entries["devcloud-plan"]["auth"]["password"] = "not-the-password-of-anybody"


def _unreachable(entries: Entries) -> None:
    for entry in entries.values():
        entry["auth"]["auth_url"] = "http://127.0.0.1:9/v3"  # nothing listens there


def _as(name: str, entry: str) -> Callable[[Entries], object]:
    return lambda entries: entries.update({entry: entries[name]})


def _without_plan(entries: Entries) -> None:
    del entries["devcloud-plan"]


REAL: list[tuple[Callable[[Entries], object], tuple[str, ...], int, list[str]]] = [
    (
        lambda _: None,
        ("lecturer-a", "lecturer-b", "lecturer-c"),
        0,
        [
            "ok To apply: it may create, update, delete, suspend and resume stacks (3 projects;",
            "ok To plan: it may read and cannot create, update, delete, suspend or resume stacks",
            "ok To plan: no token holds the role admin (3 projects).",
            "warning To plan: it may start Heat's check",
            "ok The clocks here and of the cloud differ by",
            "unknown Nothing in the environment says which forge this is.",
        ],
    ),
    (
        _wrong_password,
        ("lecturer-a",),
        1,
        ["problem The credential to plan: Cloud 'devcloud' does not accept", "ok To apply: user"],
    ),
    (
        _as("devcloud-plan", "devcloud"),
        ("lecturer-a",),
        1,
        [
            "problem To apply: user 'appstore-plan' may not create, update, delete, suspend or "
            "resume stacks in lecturer-a. -> openstack role add"
        ],
    ),
    (
        _as("devcloud", "devcloud-plan"),
        ("lecturer-a",),
        1,
        ["problem To plan: user 'appstore-apply' may create, update, delete, suspend or resume"],
    ),
    (
        _as("lecturer-a", "devcloud"),
        ("lecturer-a", "lecturer-b"),
        1,
        ["problem Cloud 'devcloud' shows no project 'lecturer-b' to user 'lecturer-a'."],
    ),
    (
        _as("devcloud-admin", "devcloud"),
        ("admin",),
        1,
        ["problem In project 'admin' of cloud 'devcloud' user 'admin' holds the role admin"],
    ),
    (_without_plan, ("lecturer-a",), 1, ["problem There is no entry devcloud-plan"]),
    (_unreachable, ("lecturer-a",), 1, ["Cloud 'devcloud' refuses connections at 127.0.0.1:9."]),
    (lambda _: None, (), 0, ["unknown No lecturer deploys here yet", "warning To plan: it also"]),
]


@pytest.mark.cloud
@pytest.mark.parametrize(("change", "projects", "code", "said"), REAL)
def test_on_the_real_cloud(
    doctor: Doctor,
    change: Callable[[Entries], object],
    projects: tuple[str, ...],
    code: int,
    said: list[str],
) -> None:
    ended, shown = doctor(change, *projects)
    assert [sentence for sentence in said if sentence not in shown] == [], shown
    assert ended == code
