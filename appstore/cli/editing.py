"""What the verbs that edit share: show, ask, write, and say what comes next."""

import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from appstore.cli.options import F, repository, shared_by_edits, start_log, tree_of

if TYPE_CHECKING:
    from appstore.documents.edit import Edit
    from appstore.documents.findings import Finding
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.orders import Edited


class Common(TypedDict):
    """The options of every verb that edits."""

    repo: str | None
    yes: bool
    propose: bool
    as_json: bool
    log_json: bool


def writes(function: F) -> F:
    """The options of `Common` on a verb that edits."""
    propose = click.option(
        "--propose", is_flag=True, help="Write nothing here: open a merge request with the edits."
    )
    yes = click.option("--yes", is_flag=True, help="Write without asking.")
    return yes(propose(shared_by_edits(function)))


@dataclass(frozen=True, slots=True)
class Act:
    """What the verb is called in its commit, and the command that shows what its edits will do.

    `look` may hold `{about}`, the ids that the edits are about.
    """

    name: str
    look: str = "appstore plan {about}"
    shows: str = "shows what this will do"


def carry_out(name: str, asked: "Asked", **common: Unpack[Common]) -> int:
    """A verb that changes what a file says, from what was asked to what is written."""
    start_log(common["log_json"])
    from appstore.runs.edit.edit import edit

    root = repository(common["repo"])
    return settle(Act(name), edit(asked, tree_of(root, None), datetime.now(UTC)), root, **common)


def settle(
    act: Act, edited: "Edited | tuple[Finding, ...]", root: Path, **common: Unpack[Common]
) -> int:
    """Show what the verb would write and what that means, ask, write, say what comes next."""
    as_json = common["as_json"]
    from appstore.report.findings import findings_json, findings_text

    if isinstance(edited, tuple):
        if as_json:
            click.echo(json.dumps({"findings": findings_json(edited)}, indent=2))
        for line in () if as_json else findings_text(edited):
            click.echo(line)
        click.echo("Nothing was written.", err=True)
        return 2
    if not edited.orders:
        if as_json:
            click.echo(json.dumps(_edited_json(edited), indent=2))
        for line in () if as_json else _left_out(edited):
            click.echo(line)
        return 3
    asking = sys.stdin.isatty() and not common["yes"]
    for line in _shown(edited) if asking or not as_json else ():
        click.echo(line, err=as_json)
    question = "Propose this?" if common["propose"] else "Write this?"
    if asking and not click.confirm(question, err=True):
        click.echo("Nothing was written.", err=True)
        return 3
    if common["propose"]:
        return _proposed(act, edited, root, as_json)
    for each in edited.edits:
        _write(root, each)
        click.echo(f"wrote {each.path}", err=True)  # of several, a later one may yet fail
    if as_json:
        click.echo(json.dumps(_edited_json(edited), indent=2))
    for line in () if as_json else _next_steps(act, edited):
        click.echo(line)
    return 0


def _proposed(act: Act, edited: "Edited", root: Path, as_json: bool) -> int:
    """The merge request instead of the files; exit code 0 though a person may have to open it."""
    from appstore.cli.propose import propose_edits

    about = _together([address for order in edited.orders for address in order.addresses])
    meanings = [f"{', '.join(each.addresses)}: {each.meaning}" for each in edited.orders]
    made = propose_edits(root, edited.edits, f"{act.name} {about}".rstrip(), meanings)
    if as_json:
        proposed = {"branch": made.branch, "url": made.url, "opened": made.opened}
        click.echo(json.dumps({**_edited_json(edited), "proposed": proposed}, indent=2))
        return 0
    click.echo("Nothing has happened to any machine yet, and no file was changed here.")
    if made.opened:
        click.echo(f"The merge request is open: {made.url}")
    else:
        click.echo(f"Pushed as {made.branch}. Open the merge request: {made.url or 'by hand'}")
    return 0


def _write(root: Path, edit: "Edit") -> None:
    from appstore.source.writing import create_file, replace_file

    if edit.before is None:
        create_file(root, edit.path, edit.after)
    else:
        replace_file(root, edit.path, edit.before, edit.after)


def _edited_json(edited: "Edited") -> dict[str, object]:
    from appstore.report.edits import edit_json
    from appstore.report.findings import findings_json

    return {
        "orders": [{"ids": each.addresses, "meaning": each.meaning} for each in edited.orders],
        "edits": [edit_json(each) for each in edited.edits],
        "left_out": [
            {"id": one.address, "why": one.why, "hint": one.hint} for one in edited.passed
        ],
        "findings": findings_json(edited.warnings),
    }


def _shown(edited: "Edited") -> Iterator[str]:
    """What it is about and what would be lost, then the difference of every file."""
    from appstore.report.edits import diff_text
    from appstore.report.findings import findings_text

    for order in edited.orders:
        yield from _wrapped(", ".join(order.addresses))
        yield from _wrapped(order.meaning, "  ")
    yield from _left_out(edited)
    for each in edited.edits:
        yield ""
        yield from diff_text(each)
    yield ""
    yield from findings_text(edited.warnings)


def _left_out(edited: "Edited") -> Iterator[str]:
    for one in edited.passed:
        yield from _wrapped(f"Not written: {one.address} {one.why}.")
        yield from _wrapped(one.hint, "  -> ", "     ")


def _wrapped(text: str, first: str = "", more: str = "  ") -> Sequence[str]:
    from appstore.report.escape import plain
    from appstore.report.wrapping import wrapped

    return wrapped(plain(text, 10_000), first, more)


def _next_steps(act: Act, edited: "Edited") -> Iterator[str]:
    """The way from an edited file to a changed machine."""
    about = _together([address for order in edited.orders for address in order.addresses])
    yield "Nothing has happened to any machine yet. Next:"
    yield f"  {act.look.format(about=about)}".rstrip()
    yield f"      {act.shows}"
    new = [each.path for each in edited.edits if each.before is None]
    if new:
        yield f"  git add{_paths(new)}"
    yield (
        f"  git commit -m {shlex.quote(f'{act.name} {about}'.rstrip())}"
        f"{_paths([each.path for each in edited.edits])}"
    )
    yield "      then propose it as a merge request: merging that is the order"


def _paths(paths: Sequence[str]) -> str:
    """Arguments of a command, one a line."""
    return "".join(f" \\\n      {shlex.quote(path)}" for path in paths)


def _together(addresses: Sequence[str]) -> str:
    """The one address, or the nearest thing that all of them are part of; maybe nothing."""
    levels = zip(*(address.split("/") for address in addresses), strict=False)
    return "/".join(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))
