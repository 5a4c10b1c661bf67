"""The verb `init`."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from appstore.cli.options import start_log, tree_of
from appstore.errors import InvalidInput

if TYPE_CHECKING:
    from appstore.registry.registry import Registry

Ended = Literal["written", "unchanged", "yours"]


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

    What a person wrote is never changed; run it again to get what is missing, and CODEOWNERS
    anew.

    Example: appstore init our-registry --forge gitlab
    --tool https://git.example.org/teaching/appstore.git@<commit>
    """
    start_log(log_json)
    from appstore.runs.init import registry_files
    from appstore.runs.pipelines import Tool

    if forge is not None and tool is None:
        raise InvalidInput(
            "Pipelines need to know where they get the tool.", "Add --tool URL@COMMIT."
        )
    pinned = Tool.parse(tool) if tool else None
    root = _folder(folder)
    wanted = registry_files(root.name, forge, pinned, _there(root))
    ended = {path: _settled(root, path, text) for path, text in wanted.items()}
    options = "".join(
        f" --{name} {shlex.quote(value)}"
        for name, value in (("forge", forge), ("tool", tool))
        if value
    )
    if as_json:
        click.echo(json.dumps(_result(ended), indent=2))
    for line in () if as_json else _told(root, options, ended):
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


def _there(root: Path) -> "Registry | None":
    """What a repository holds already; None in a new folder."""
    from appstore.registry.read import read_registry

    tree = tree_of(root, None) if (root / ".git").exists() else None
    return read_registry(tree.files, tree.findings) if tree and tree.files else None


def _settled(root: Path, path: str, text: str) -> Ended:
    """Write what is missing, and what says of itself that the tool writes it."""
    from appstore.runs.init import is_ours
    from appstore.source.writing import content_of, create_file, replace_file

    match content_of(root, path):
        case None:
            create_file(root, path, text.encode())
            return "written"
        case bytes() as before if before == text.encode():
            return "unchanged"
        case bytes() as before if is_ours(before, text):
            replace_file(root, path, before, text.encode())
            return "written"
        case _:
            return "yours"


def _result(ended: Mapping[str, Ended]) -> dict[Ended, list[str]]:
    words: tuple[Ended, ...] = ("written", "unchanged", "yours")
    return {word: sorted(path for path, end in ended.items() if end == word) for word in words}


def _told(root: Path, options: str, ended: Mapping[str, Ended]) -> Iterator[str]:
    result = _result(ended)
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
    if "--forge gitlab" in options and ".gitlab-ci.yml" in result["written"]:
        yield "On GitLab the pipeline belongs into a project that lecturers cannot write, and"
        yield "nobody may pass variables to it: README.md, For admins: on GitLab."
    if above is None:
        yield "Next:"
        yield f"  cd {shlex.quote(str(root))} && git init -b main"
        yield "  fill in deployments/site.yaml, then: appstore validate"
        yield "README.md tells the rest."


def _repository_around(root: Path) -> Path | None:
    from appstore.source.history import find_repository

    try:
        return find_repository(root)
    except InvalidInput:
        return None
