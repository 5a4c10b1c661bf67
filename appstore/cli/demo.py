"""The verb `demo`: the whole way from a file to stacks on a real Heat, on this machine."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from appstore.cli.main import appstore
from appstore.cli.options import repository, start_log
from appstore.errors import AppstoreError, InvalidInput
from appstore.report.escape import plain

if TYPE_CHECKING:
    from appstore.devcloud.cloud import Running


@dataclass(frozen=True, slots=True)
class Scene:
    """What the demo shows on one kind of cloud.

    `scope` are the ids it is about (none means all), `file` is edited from `old` to `new`, and
    the stack `deleted` of `project` is deleted by hand, which `watched` shows.
    """

    scope: tuple[str, ...]
    file: str
    old: str
    new: str
    project: str
    deleted: str
    watched: str


LITE = Scene(
    scope=("lecturer-a",),
    file="deployments/lecturer-a/net101/board.yaml",
    old="for: course\n",
    new="for: course\nparameters:\n  length: 20\n",
    project="lecturer-a",
    deleted="net101--board--course",
    watched="lecturer-a/net101/board",
)
FULL = Scene(
    scope=(),
    file="deployments/lecturer-c/sys301/server.yaml",
    old="size: medium\n",
    new="size: large\n",
    project="lecturer-b",
    deleted="web201--lab--s02",
    watched="lecturer-b/web201/lab",
)


@click.command()
@click.option("--lite", is_flag=True, help="Keystone and Heat alone, without servers.")
@click.option("--down/--keep", default=False, help="End the cloud afterwards, or leave it running.")
@click.option("--repo", metavar="DIR", help="A clone of the sample; default: the one around here.")
def demo(lite: bool, down: bool, repo: str | None) -> int:
    """Start an embedded OpenStack and show the whole way from file to stack.

    Works on a copy of the registry in the cloud's own folder, so that nothing of yours changes.
    May be run again, also after Ctrl-C at any moment.

    Example: appstore demo --lite
    """
    start_log(False)
    from appstore.devcloud import cloud
    from appstore.devcloud.places import state_folder
    from appstore.devcloud.shape import Variant
    from appstore.source.commits import commit_tree
    from appstore.source.practice import commit_files

    began = time.monotonic()
    sample = commit_tree(repository(repo), "HEAD")
    scene = LITE if lite else FULL
    if scene.file not in sample.files:
        raise InvalidInput(
            "The demo shows the sample registry, and this is another one.",
            "Run it inside a clone of the Teaching App Store.",
        )
    variant = Variant.LITE if lite else Variant.FULL
    state = state_folder(None, variant)
    said(f"1. An OpenStack on this machine ({variant}): real services, on loopback only")
    running = cloud.up(variant, state, lambda line: click.echo(f"   {line}", err=True))
    practice = state.with_name(f"{state.name}-registry")
    commit_files(sample, practice, "As in the checkout")
    with only_this_cloud(running), contextlib.chdir(practice):
        code = _story(scene, practice, running)
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    said(f"That was the demo, in {minutes} min {seconds} s.")
    if down:
        cloud.down(state)
        click.echo("The cloud is down; the next demo finds it as it was.")
    else:
        _what_next(practice, running, lite)
    return code


def _story(scene: Scene, practice: Path, running: "Running") -> int:
    from appstore.source.practice import commit_all

    said("2. What the files want and the cloud does not have yet")
    click.echo(f"   (a copy of the registry, in {practice})")
    verb("plan", *scene.scope)
    said("3. Do it")
    code = verb("apply", *scene.scope)
    said("4. How everything stands")
    verb("status", *scene.scope)
    _ask_the_ways_in(scene)
    said("5. Plan again: what is as wanted needs nothing")
    verb("plan", *scene.scope)
    said("6. A small change in one file, as a merge request would bring it")
    file = practice / scene.file
    file.write_text(file.read_text().replace(scene.old, scene.new))
    commit_all(practice, "A small change")
    click.echo(f"   {scene.file}: {scene.new.strip().splitlines()[-1].strip()}")
    verb("plan", *scene.scope)
    code = verb("apply", *scene.scope) or code
    said("7. Somebody deletes a stack by hand, past every review")
    _delete_by_hand(scene, running)
    verb("status", scene.watched)
    said("8. The next apply repairs it")
    return verb("apply", *scene.scope) or code


def verb(name: str, *arguments: str) -> int:
    """Run one verb as a person would, with its command line shown."""
    click.secho(f"$ {' '.join(('appstore', name, *arguments))}", dim=True)
    code = appstore.main([name, *arguments], standalone_mode=False)
    return code if isinstance(code, int) else 0


def _ask_the_ways_in(scene: Scene) -> None:
    """Try every address that the status names, as a student would."""
    from appstore.access.probe import Answers, probe
    from appstore.cli.session import clouds, order
    from appstore.cloud.credentials import Purpose
    from appstore.devcloud.waiting import until
    from appstore.runs.status import look
    from appstore.source.commits import commit_tree

    here = Path.cwd()
    with clouds(Purpose.READ) as open_cloud:
        seen = look(order(here, commit_tree(here, "HEAD"), scene.scope), open_cloud)
    ways = [(one.id, way.address) for one in seen.shown for way in one.ways]
    if not ways:
        return
    click.echo("   Do the ways in answer?")
    for id_, address in ways:
        # The stand-in guests look at Nova every two to three seconds.
        until(partial(_answers, address), 15)
        match probe(address):
            case Answers(said=text):
                click.echo(f"   {id_}: {address} answers: {plain(text, 60)}")
            case silent:
                click.echo(f"   {id_}: {address} does not answer: {plain(silent.why, 60)}")
    if os.geteuid():
        click.echo("   (The guests of this cloud cannot open ports below 1024 without root.)")


def _answers(address: str) -> bool:
    from appstore.access.probe import Answers, probe

    # Without root port 22 stays closed, and there is nothing to wait for.
    return isinstance(probe(address), Answers) or (os.geteuid() != 0 and "ssh" in address)


def said(title: str) -> None:
    """The heading of one step."""
    click.echo()
    click.secho(title, bold=True)


def _delete_by_hand(scene: Scene, running: "Running") -> None:
    command = [
        str(running.openstack),
        *("--os-cloud", "devcloud", "--os-project-name", scene.project),
        *("stack", "delete", "--yes", "--wait", scene.deleted),
    ]
    click.secho(f"$ openstack {' '.join(command[1:])}", dim=True)
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise AppstoreError(
            f"The openstack client could not delete the stack: {ended.stderr.strip()[-200:]}",
            "Run the demo again.",
        )


@contextlib.contextmanager
def only_this_cloud(running: "Running") -> Iterator[None]:
    """The environment in which every OpenStack tool finds the embedded cloud and nothing else."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("OS_")]:
        del os.environ[name]
    os.environ["OS_CLIENT_CONFIG_FILE"] = str(running.clouds_yaml)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _what_next(practice: Path, running: "Running", lite: bool) -> None:
    own = Path(sys.argv[0]).absolute()
    flag = " --lite" if lite else ""
    click.echo(
        f"""The cloud goes on running. To look around:
  export OS_CLIENT_CONFIG_FILE={running.clouds_yaml}
  cd {practice}
  {own} status
Change a file below deployments/, commit it, then: {own} plan; {own} apply
To end the cloud, or to forget it altogether:
  {own} devcloud down{flag}
  {own} devcloud down{flag} --wipe && rm -r {practice}"""
    )
