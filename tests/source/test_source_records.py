"""The records branch, on a real bare repository: appended to, never changed, never half."""

import os
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from appstore.errors import AppstoreError, Refused
from appstore.source.records import RECORDS, TRIES, append


@pytest.fixture
def origin(repository, tmp_path: Path) -> Path:
    """A bare repository that the clone calls origin; the clone has edits that nobody committed."""
    repository.commit({"deployments/site.yaml": "1", "README.md": "r"})
    bare = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    repository.git("remote", "add", "origin", str(bare))
    repository.git("push", "-q", "origin", "main")
    repository.write({"deployments/site.yaml": "edited", "new.txt": "n"})
    return bare


def shown(bare: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(bare), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def paths(bare: Path) -> list[str]:
    return shown(bare, "ls-tree", "-r", "--name-only", RECORDS).split()


def record(repository, name: str, data: bytes = b"{}\n", pauses: list[float] | None = None) -> str:
    waited: list[float] = [] if pauses is None else pauses
    message = f"Run {name}\n\n[skip ci]\n"
    return append(repository.path, f"runs/2026/10/{name}.json", data, message, {}, waited.append)


def test_documents_are_added_one_commit_each(repository, origin):
    for name in ("a", "b"):
        record(repository, name, f'{{"n": "{name}"}}\n'.encode())
    assert paths(origin) == ["runs/2026/10/a.json", "runs/2026/10/b.json"]
    assert shown(origin, "show", f"{RECORDS}:runs/2026/10/b.json") == '{"n": "b"}'
    log = shown(origin, "log", "--format=%an|%s|%b|%P|%T", RECORDS).splitlines()
    assert shown(origin, "rev-list", "--count", RECORDS) == "2"
    assert "appstore|Run b|[skip ci]" in log[0]


def test_nothing_of_the_clone_is_touched(repository, origin):
    def state() -> tuple[str, ...]:
        return (
            repository.git("status", "--porcelain"),
            repository.git("for-each-ref", "refs/heads", "refs/tags"),
            repository.git("rev-parse", "HEAD"),
            repository.git("ls-files", "--stage"),
        )

    before = state()
    record(repository, "a")
    assert state() == before


def test_the_branch_shares_no_history_with_the_registry(repository, origin):
    commit = record(repository, "a")
    assert shown(origin, "rev-list", "--max-parents=0", commit) == commit


def test_the_same_document_again_changes_nothing(repository, origin):
    assert record(repository, "a") == record(repository, "a")
    assert shown(origin, "rev-list", "--count", RECORDS) == "1"


def test_a_record_is_never_changed(repository, origin):
    record(repository, "a")
    with pytest.raises(Refused, match="another document"):
        record(repository, "a", b"[]\n")
    assert shown(origin, "show", f"{RECORDS}:runs/2026/10/a.json") == "{}"


def test_writers_that_race_all_get_through(repository, origin, tmp_path):
    clones = []
    for number in range(3):
        clone = tmp_path / f"clone{number}"
        subprocess.run(["git", "clone", "-q", str(origin), str(clone)], check=True)
        clones.append(clone)
    failed: list[BaseException] = []
    turn = threading.Event()

    def write(clone: Path, name: str) -> None:
        try:
            append(clone, f"runs/2026/10/{name}.json", b"{}", "m [skip ci]", {}, turn.wait)
        except BaseException as error:
            failed.append(error)

    threads = [
        threading.Thread(target=write, args=(clone, f"r{number}"))
        for number, clone in enumerate(clones)
    ]
    for thread in threads:
        thread.start()
    turn.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert paths(origin) == [f"runs/2026/10/r{number}.json" for number in range(3)]


def refusing(origin: Path, script: str) -> None:
    hook = origin / "hooks" / "pre-receive"
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)


def test_it_tries_again_when_somebody_was_faster(repository, origin, tmp_path):
    """The hook lets another writer's commit in while ours is on its way, twice."""
    record(repository, "first")
    other = shown(origin, "rev-parse", RECORDS)
    count = tmp_path / "count"
    tree = shown(origin, "rev-parse", f"{RECORDS}^{{tree}}")
    refusing(
        origin,
        f"n=$(cat {count} 2>/dev/null || echo 0); echo $((n + 1)) > {count}\n"
        "[ $n -ge 2 ] && exit 0\n"
        "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
        "export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o\n"
        f"git update-ref refs/heads/{RECORDS} "
        f"$(git commit-tree {tree} -p $(git rev-parse {RECORDS}) -m other)",
    )
    pauses: list[float] = []
    record(repository, "second", pauses=pauses)
    assert pauses == [1, 2]
    assert "runs/2026/10/second.json" in paths(origin)
    assert other in shown(origin, "rev-list", RECORDS).split()


def test_it_gives_up_when_others_are_always_faster(repository, origin):
    record(repository, "first")
    tree = shown(origin, "rev-parse", f"{RECORDS}^{{tree}}")
    refusing(
        origin,
        "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
        "export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o\n"
        f"git update-ref refs/heads/{RECORDS} "
        f"$(git commit-tree {tree} -p $(git rev-parse {RECORDS}) -m other)",
    )
    pauses: list[float] = []
    with pytest.raises(AppstoreError, match="faster") as told:
        record(repository, "second", pauses=pauses)
    assert len(pauses) == TRIES - 1
    assert "again" in told.value.hint


def test_a_branch_that_may_not_be_written_is_said_at_once(repository, origin):
    refusing(origin, "echo protected; exit 1")
    pauses: list[float] = []
    with pytest.raises(AppstoreError, match="does not take the branch") as told:
        record(repository, "a", pauses=pauses)
    assert pauses == []
    assert told.value.hint


def test_a_server_that_is_not_there_is_said_without_the_login(repository, origin):
    repository.git("remote", "set-url", "origin", "https://user:hunter2@127.0.0.1:9/r.git")
    with pytest.raises(AppstoreError, match="could not be reached") as told:
        record(repository, "a")
    assert "hunter2" not in told.value.message + told.value.hint


def test_a_run_that_died_before_its_push_leaves_nothing_and_is_repeated(
    repository, origin, monkeypatch
):
    import appstore.source.records as records

    def died(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(records, "push", died)
        with pytest.raises(KeyboardInterrupt):
            record(repository, "a")
    assert shown(origin, "branch", "--list", RECORDS) == ""
    assert repository.git("fsck", "--no-dangling") == ""
    record(repository, "a")
    assert paths(origin) == ["runs/2026/10/a.json"]


def test_the_login_is_no_argument_of_any_process(repository, origin, tmp_path, monkeypatch):
    folder, log = tmp_path / "bin", tmp_path / "seen"
    folder.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout
    shim = folder / "git"
    shim.write_text(
        f'#!/bin/sh\nps -ww -o args= -p $PPID,$$ >> {log}\necho "$*" "$GIT_CONFIG_KEY_0" >> {log}\n'
        f'exec {real.strip()} "$@"\n'
    )
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    from appstore.source.remote import login

    under = login("https://forge.example", "oauth2", "tok-secret")
    append(repository.path, "runs/2026/10/a.json", b"{}", "m", under, lambda _: None)
    seen = log.read_text()
    assert "http.https://forge.example/.extraheader" in seen
    assert "tok-secret" not in seen
    assert under["GIT_CONFIG_VALUE_0"].split()[-1] not in seen
