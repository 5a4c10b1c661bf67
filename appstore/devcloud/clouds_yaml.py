"""`clouds.yaml`: how every OpenStack tool finds this cloud."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from appstore.devcloud.config import render
from appstore.devcloud.files import private_folder, write_private
from appstore.devcloud.settings import Settings
from appstore.devcloud.shape import APPLY_USER, PLAN_USER, PROJECTS, REGION

MARKER = "# written by `appstore devcloud up`; `down --wipe` removes it. State folder:"


@dataclass(frozen=True)
class Entry:
    """One cloud of the file: who one is and in which project."""

    name: str
    user: str
    project: str


ENTRIES = (
    Entry("devcloud", APPLY_USER, PROJECTS[0]),
    Entry("devcloud-plan", PLAN_USER, PROJECTS[0]),
    Entry("devcloud-admin", "admin", "admin"),
    *(Entry(name, name, name) for name in PROJECTS),
)


def text(state: Path, settings: Settings) -> str:
    """The file's content."""
    return render(
        "clouds.yaml",
        marker=f"{MARKER} {state}",
        entries=ENTRIES,
        settings=settings,
        region=REGION,
    )


def write(state: Path, settings: Settings) -> Path:
    """Write the state folder's own file."""
    path = state / "clouds.yaml"
    write_private(path, text(state, settings))
    return path


def first_line(path: Path) -> str | None:
    """The first line of a file, None where there is none."""
    try:
        with path.open(errors="replace") as file:
            return file.readline().rstrip("\n")
    except FileNotFoundError:
        return None


def owner(path: Path) -> str | None:
    """Whose file it is: the state folder of a cloud that still exists, "you", or None for nobody.

    What a cloud left that is gone belongs to nobody.
    """
    line = first_line(path)
    if line is None:
        return None
    if not line.startswith(MARKER):
        return "you"
    state = line.removeprefix(MARKER).strip()
    return state if (Path(state) / "clouds.yaml").exists() else None


def publish(state: Path, target: Path) -> str | None:
    """Copy our file to where clients look, and say who owns the place if that is somebody else.

    Neither a person's own file nor that of another living cloud is touched.
    """
    there = owner(target)
    if there not in (None, str(state)):
        return there
    private_folder(target.parent)
    write_private(target, (state / "clouds.yaml").read_bytes())
    return None


def withdraw(state: Path, target: Path) -> None:
    """Remove the published copy if it is that state folder's."""
    if first_line(target) == f"{MARKER} {state}":
        target.unlink()
