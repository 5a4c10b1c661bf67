"""Small real git repositories."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_WHO = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "T"), ("EMAIL", "t@example.org"), ("DATE", "2026-01-01T00:00Z"))
}


@dataclass(frozen=True)
class Repository:
    """A repository below tmp_path that a test fills."""

    path: Path

    def git(self, *arguments: str, given: bytes = b"") -> str:
        """Run git here; returns what it printed, without the last line break."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            input=given,
            capture_output=True,
            check=True,
            env=clean | _WHO | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"},
        )
        return done.stdout.decode().rstrip("\n")

    def write(self, files: dict[str, str]) -> None:
        """Put files into the work tree."""
        for path, text in files.items():
            (self.path / path).parent.mkdir(parents=True, exist_ok=True)
            (self.path / path).write_text(text)

    def commit(self, files: dict[str, str]) -> str:
        """Write and commit files; returns the commit's id."""
        self.write(files)
        self.git("add", "-A")
        return self.record()

    def record(self) -> str:
        """Commit what is in the index."""
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def stage(self, mode: str, oid: str, path: str) -> None:
        """Put an entry into the index that no work tree could hold."""
        self.git("update-index", "--add", "--index-info", given=f"{mode} {oid}\t{path}\n".encode())

    def blob(self, text: str) -> str:
        """Store a blob; returns its id."""
        return self.git("hash-object", "-w", "--stdin", given=text.encode())


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An empty repository on the branch main."""
    (tmp_path / "registry").mkdir()
    made = Repository(tmp_path / "registry")
    made.git("init", "-q", "-b", "main")
    return made


@pytest.fixture
def git_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Words of every git command started by the code under test, read when iterated."""
    folder, log = tmp_path / "bin", tmp_path / "git-calls"
    folder.mkdir()
    log.touch()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout
    shim = folder / "git"
    shim.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {real.strip()} "$@"\n')
    shim.chmod(0o755)
    import git  # so that GitPython's own look at git's version is not counted

    assert git.__version__
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    class Calls(list[str]):
        def __len__(self) -> int:
            return len(log.read_text().splitlines())

    return Calls()
