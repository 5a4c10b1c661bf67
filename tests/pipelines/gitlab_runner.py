"""GitLab's pipeline, run by gitlab-ci-local: each job a shell in a copy of the clone.

It comes from npm as `.ci/package-lock.json` pins it, and it needs rsync: the machine's own, else
Debian's package, which is unpacked beside it without root.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

LOCKED = Path(__file__).parents[2] / ".ci"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "teaching-appstore"


@dataclass(frozen=True)
class Pipeline:
    """How a pipeline ended: `code` of the runner, what it printed, and the folder of its state."""

    code: int
    log: str
    state: Path

    def artifact(self, job: str, path: str) -> Path:
        """A file that a job kept."""
        return self.state / "artifacts" / job / path

    def report(self, job: str, path: str) -> Path:
        """A file that a job names in `artifacts:reports`; gitlab-ci-local leaves it where it is."""
        return self.state / "builds" / job / path

    @property
    def jobs(self) -> set[str]:
        """Which jobs ran; those of a child pipeline too."""
        return {file.stem for file in (self.state / "output").glob("*.log")}


@dataclass(frozen=True)
class Gitlab:
    """A GitLab with one project.

    `programs` holds gitlab-ci-local and rsync; `variables` are the project's, by environment scope
    and name, as in its settings; those that are a `Path` are of type File.
    """

    programs: Path
    folder: Path
    variables: Mapping[str, Mapping[str, str | Path]]

    def run(self, clone: Path, file: str, predefined: Mapping[str, str]) -> Pipeline:
        """Run the pipeline of this file on what is checked out in `clone`.

        `predefined` are the variables that GitLab sets, beside those that are known from git.
        """
        settings: dict[str, dict[str, object]] = {}
        for scope, values in self.variables.items():
            for name, value in values.items():
                kind = {"type": "file"} if isinstance(value, Path) else {"type": "variable"}
                text = value.read_text() if isinstance(value, Path) else value
                known = settings.setdefault(name, {**kind, "values": {}})["values"]
                assert isinstance(known, dict)
                known[scope] = text
        home = self.folder / "home"
        (home / ".gitlab-ci-local").mkdir(parents=True, exist_ok=True)
        stored = home / ".gitlab-ci-local" / "variables.yml"
        stored.write_text(yaml.safe_dump({"global": settings}))
        state = clone / ".gitlab-ci-local"
        shutil.rmtree(state, ignore_errors=True)
        ended = subprocess.run(
            [
                *(str(self.programs / "node_modules/.bin/gitlab-ci-local"),),
                *("--home", str(home), "--file", file, "--force-shell-executor"),
                *("--shell-isolation", "--no-artifacts-to-source", "--no-color"),
                *(f"--variable={name}={value}" for name, value in predefined.items()),
            ],
            cwd=clone,
            env={"PATH": f"{self.programs}:{os.environ['PATH']}", "HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Pipeline(ended.returncode, ended.stdout, state)


def install() -> Path:
    """The folder with both programs; made once for a user and a lock file."""
    lock = (LOCKED / "package-lock.json").read_bytes()
    place = CACHE / f"gitlab-ci-local-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (place / "complete").exists():
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCKED / name, fresh)
        _call(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], fresh)
        if not shutil.which("rsync"):
            _unpack_rsync(fresh)
        (fresh / "complete").touch()
        shutil.rmtree(place, ignore_errors=True)
        fresh.rename(place)
    return place


def _unpack_rsync(place: Path) -> None:
    """Debian's package and the one library that a small system lacks, checked by apt."""
    apt = place / "apt"
    (apt / "lists/partial").mkdir(parents=True)
    (apt / "cache/archives/partial").mkdir(parents=True)
    own = [f"-oDir::State::Lists={apt}/lists", f"-oDir::Cache={apt}/cache"]
    _call(["apt-get", "-q", *own, "update"], apt)
    _call(["apt-get", "-q", *own, "download", "rsync", "libpopt0"], apt)
    for package in apt.glob("*.deb"):
        _call(["dpkg", "-x", str(package), str(place / "debian")], apt)
    (library,) = {file.parent for file in (place / "debian").rglob("libpopt.so.0")}
    here = '$(dirname "$0")'
    script = f'exec "{here}/debian/usr/bin/rsync" "$@"\n'
    (place / "rsync").write_text(
        f'#!/bin/sh\nexport LD_LIBRARY_PATH="{here}/{library.relative_to(place)}"\n{script}'
    )
    (place / "rsync").chmod(0o755)
    shutil.rmtree(apt)


def _call(command: list[str], folder: Path) -> None:
    """Raises with what the program said: without it the pipeline cannot be run at all."""
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        raise RuntimeError(
            f"{command[0]} is missing; the GitLab pipeline is run by gitlab-ci-local, which needs"
            " Node 18 or newer with npm, and rsync (apt-get install nodejs npm rsync)."
        ) from None
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{ended.stdout}{ended.stderr}")
