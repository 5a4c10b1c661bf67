"""Writes this repository's own pipelines anew: python tests/pipelines/write.py"""

from pathlib import Path

from appstore.govern.people import ForgeName
from appstore.runs.pipelines import pipeline_files

FORGES: tuple[ForgeName, ...] = ("github", "gitlab")


def main() -> None:
    """Overwrite the files in .github/workflows and .gitlab-ci.yml."""
    root = Path(__file__).parents[2]
    for forge in FORGES:
        for path, text in pipeline_files(forge, None).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)


if __name__ == "__main__":
    main()
