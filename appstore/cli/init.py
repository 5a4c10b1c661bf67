"""The verb `init`."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import click

from appstore.cli.options import start_log
from appstore.errors import InvalidInput


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--forge", type=click.Choice(["github", "gitlab"]), help="Whose pipelines to write.")
@click.option("--tool", metavar="URL@COMMIT", help="Where those pipelines get this tool.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--log-json", is_flag=True, help="Write the log to stderr, one JSON a line.")
def init(
    folder: str,
    forge: Literal["github", "gitlab"] | None,
    tool: str | None,
    as_json: bool,
    log_json: bool,
) -> int:
    """Make a registry repository for a university: files, pipelines, explanations.

    What is there already is never changed; run it again to get what is missing.

    Example: appstore init our-registry --forge gitlab
    --tool https://git.example.org/teaching/appstore.git@<commit>
    """
    start_log(log_json)
    from appstore.runs.init import registry_files
    from appstore.runs.pipelines import Tool
    from appstore.source.writing import create_file, same_file

    if forge is not None and tool is None:
        raise InvalidInput(
            "Pipelines need to know where they get the tool.", "Add --tool URL@COMMIT."
        )
    pinned = Tool.parse(tool) if tool else None
    root = _folder(folder)
    wanted = registry_files(root.name, forge, pinned)
    there = {path: same_file(root, path, text.encode()) for path, text in wanted.items()}
    for path in (path for path, same in there.items() if same is None):
        create_file(root, path, wanted[path].encode())
    if as_json:
        click.echo(json.dumps(_result(there), indent=2))
    options = "".join(
        f" --{name} {shlex.quote(value)}"
        for name, value in (("forge", forge), ("tool", tool))
        if value
    )
    for line in () if as_json else _told(root, options, there):
        click.echo(line)
    return 0


def _folder(folder: str) -> Path:
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        return path.resolve(strict=True)
    except OSError as error:
        raise InvalidInput(
            f"{folder} cannot be made or used: {error.strerror}.", "Name another folder."
        ) from error


def _repository_around(root: Path) -> Path | None:
    from appstore.source.history import find_repository

    try:
        return find_repository(root)
    except InvalidInput:
        return None


def _result(there: Mapping[str, bool | None]) -> dict[str, list[str]]:
    return {
        "written": sorted(path for path, same in there.items() if same is None),
        "unchanged": sorted(path for path, same in there.items() if same),
        "yours": sorted(path for path, same in there.items() if same is False),
    }


def _told(root: Path, options: str, there: Mapping[str, bool | None]) -> Iterator[str]:
    result = _result(there)
    for path in result["written"]:
        yield f"wrote {path}"
    if result["unchanged"]:
        yield f"{len(result['unchanged'])} as this version of the tool writes them"
    for path in result["yours"]:
        yield f"yours, left alone: {path}"
    if result["yours"]:
        yield "To compare with what this version of the tool would write there:"
        yield f"  appstore init SOME-EMPTY-FOLDER{options}"
    if "--forge" not in options:
        yield "No pipelines and no forms were written: add --forge github or --forge gitlab."
    if (above := _repository_around(root)) not in (None, root):
        yield f"This lies inside of the repository {above}; a forge reads pipelines at its root."
    if above is None:
        yield "Next:"
        yield f"  cd {shlex.quote(str(root))} && git init -b main"
        yield "  fill in deployments/site.yaml, then: appstore validate"
        yield "README.md tells the rest."
