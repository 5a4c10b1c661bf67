"""`appstore devcloud`: an OpenStack of one's own on this machine."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click

STATE = click.option(
    "--state",
    metavar="DIR",
    help="Where this cloud keeps everything (or $APPSTORE_DEVCLOUD_STATE).",
)
LITE = click.option("--lite", is_flag=True, help="Keystone and Heat alone: enough for stacks.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def devcloud() -> None:
    """An OpenStack of one's own on this machine.

    Real services from the Python package index, listening on loopback, with nothing behind them
    that would need a hypervisor. No root, no containers.

    \b
    Example:
      appstore devcloud up --lite
      openstack --os-cloud devcloud stack list
      appstore devcloud down
    """


def _progress(line: str) -> None:
    click.echo(f"devcloud: {line}", err=True)


def _folder(state: str | None, lite: bool) -> Path:
    """The state folder; a bare `status` or `down` means the lite cloud where it is the only one."""
    from appstore.devcloud.places import state_folder
    from appstore.devcloud.shape import Variant

    full = state_folder(state, Variant.FULL)
    light = state_folder(state, Variant.LITE)
    return light if lite or (light.exists() and not full.exists()) else full


@devcloud.command()
@LITE
@STATE
@JSON
def up(lite: bool, state: str | None, as_json: bool) -> None:
    """Bring the cloud up; on a cloud that is up, do nothing.

    The first time on a machine this downloads OpenStack (half a minute to two). Also mends: what
    has died is started again, what lives is left alone.

    \b
    Example: appstore devcloud up --lite
    """
    from appstore.devcloud import cloud, clouds_yaml
    from appstore.devcloud.places import own_clouds_yaml, state_folder
    from appstore.devcloud.shape import Variant

    variant = Variant.LITE if lite else Variant.FULL
    running = cloud.up(variant, state_folder(state, variant), _progress)
    owner = clouds_yaml.publish(running.state, own_clouds_yaml())
    if as_json:
        click.echo(_as_json(running.services))
        return
    click.echo(f"The {variant} cloud is up; its state is in {running.state}.")
    if owner:
        whose = "yours" if owner == "you" else f"for the cloud in {owner}"
        click.echo(f"{own_clouds_yaml()} is {whose} and stays as it is. To reach this cloud:")
        click.echo(f"  export OS_CLIENT_CONFIG_FILE={shlex.quote(str(running.clouds_yaml))}")
    click.echo(f"Try: {shlex.quote(str(running.openstack))} --os-cloud devcloud stack list")


@devcloud.command()
@LITE
@STATE
@click.option("--wipe", is_flag=True, help="Forget the cloud too: databases, passwords, logs.")
def down(lite: bool, state: str | None, wipe: bool) -> None:
    """Stop every process of the cloud; what it knows is kept for the next `up`.

    \b
    Example: appstore devcloud down --wipe
    """
    from appstore.devcloud import cloud

    folder = _folder(state, lite)
    cloud.down(folder, wipe, _progress)
    click.echo(f"The cloud in {folder} is {'gone' if wipe else 'down'}.")


@devcloud.command()
@LITE
@STATE
@JSON
@click.pass_context
def status(context: click.Context, lite: bool, state: str | None, as_json: bool) -> None:
    """Show each service and whether it answers; exit code 1 if one does not.

    \b
    Example: appstore devcloud status --json
    """
    from appstore.devcloud import cloud

    folder = _folder(state, lite)
    services = cloud.status(folder)
    if as_json:
        click.echo(_as_json(services))
    elif not services:
        click.echo(f"There is no cloud in {folder}; `appstore devcloud up` makes one.")
    for one in () if as_json else services:
        health = "answers" if one.healthy else one.trouble
        pid = one.pid or "-"
        click.echo(f"{one.name:<10} pid {pid:<8} port {one.port:<6} {health:<10} {one.log}")
        if one.note:
            click.echo(f"{'':<10} note: {one.note}")
    if not services or not all(one.healthy for one in services):
        context.exit(1)


def _as_json(services: tuple[object, ...]) -> str:
    return json.dumps({"services": [vars(one) for one in services]}, indent=2, default=str)
