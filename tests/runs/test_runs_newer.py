"""A run learns that the default branch has gone on, and minds no server that is silent."""

import shutil
import subprocess
from pathlib import Path

from appstore.runs.newer import newer_on


def git(at: Path, *words: str) -> str:
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    done = subprocess.run(
        ["git", "-C", str(at), *who, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_newer_is_what_origin_has_besides_our_commit(tmp_path: Path) -> None:
    server, people, run = (tmp_path / name for name in ("server", "people", "run"))
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(server)], check=True)
    subprocess.run(
        ["git", "clone", "-q", str(server), str(people)], check=True, capture_output=True
    )
    git(people, "commit", "-q", "--allow-empty", "-m", "one")
    git(people, "push", "-q", "origin", "HEAD:main")
    subprocess.run(["git", "clone", "-q", str(server), str(run)], check=True)
    newer = newer_on(run, "main", git(run, "rev-parse", "HEAD"), {})

    assert not newer()
    git(people, "push", "-q", "origin", "HEAD:appstore-records")
    assert not newer()
    git(people, "commit", "-q", "--allow-empty", "-m", "two")
    git(people, "push", "-q", "origin", "HEAD:main")
    assert newer()
    assert not newer_on(run, "trunk", git(run, "rev-parse", "HEAD"), {})()

    shutil.rmtree(server)
    assert not newer()
