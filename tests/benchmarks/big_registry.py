"""A registry of any size as files, made from this repository's own template and site."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def write(
    root: Path, courses: int, deployments: int, seats: int | None = None, lecturers: int = 3
) -> None:
    """`courses` courses of `deployments` deployments each, spread over the lecturers; committed.

    With `seats` every deployment is per student, otherwise one instance for the course.
    """
    shutil.copytree(HERE / "catalog", root / "catalog")
    (root / "deployments").mkdir(parents=True)
    shutil.copy(HERE / "deployments" / "site.yaml", root / "deployments" / "site.yaml")
    for number in range(courses):
        lecturer = f"lecturer-{'abcdefghijklmnopqrstuvwxyz'[number % lecturers]}"
        folder = root / "deployments" / lecturer
        folder.mkdir(exist_ok=True)
        (folder / "lecturer.yaml").write_text(
            f"tenant: informatics\ncloud: devcloud\nproject: {lecturer}\n"
        )
        course = folder / f"course{number}"
        course.mkdir()
        (course / "course.yaml").write_text(
            f"title: Course {number}\nterm: 2026w\nstarts: 2026-10-12\nends: 2099-02-12\n"
            f"roster: {{seats: {seats or 30}}}\n"
        )
        for each in range(deployments):
            (course / f"lab{each}.yaml").write_text(
                "template: access-code@1.0.0\n"
                f"for: {'student' if seats else 'course'}\n"
                f"title: Lab {each} of course {number}\n"
                f"parameters:\n  length: {8 + each % 20}\n"
            )
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qm", "bench"],
    ):
        subprocess.run(["git", "-C", str(root), *command], check=True)
