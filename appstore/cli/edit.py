"""The verbs that change what is wanted: each edits files and shows what that means."""

from typing import Unpack

import click

from appstore.cli.editing import Common, carry_out, writes
from appstore.cli.options import F


def editing(function: F) -> F:
    """`ID ...` and the options of every verb that edits."""
    return click.argument("ids", metavar="ID...", nargs=-1, required=True)(writes(function))


@click.command()
@click.option("--member", metavar="M", help="Only this member, such as s07.")
@click.option("--during-exam", metavar="REASON", help="One seat, in an exam; kept on record.")
@editing
def reset(
    ids: tuple[str, ...], member: str | None, during_exam: str | None, **common: Unpack[Common]
) -> int:
    """Order machines to be deleted and made anew; their disks are lost.

    ID is <lecturer>/<course>/<deployment>[/<member>], shell patterns allowed. Writes one counter
    per member; nothing happens before that is merged.

    Example: appstore reset lecturer-a/net101/signup --member s03
    """
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import Reset

    return carry_out("Reset", Asked(Reset(during_exam), ids, member), **common)


@click.command()
@editing
def suspend(ids: tuple[str, ...], **common: Unpack[Common]) -> int:
    """Put a deployment to sleep until it is resumed; nothing is lost.

    Example: appstore suspend lecturer-a/net101/signup
    """
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import SetState

    return carry_out("Suspend", Asked(SetState("suspended"), ids), **common)


@click.command()
@editing
def resume(ids: tuple[str, ...], **common: Unpack[Common]) -> int:
    """Wake a deployment that sleeps, or bring one back that was removed.

    Example: appstore resume lecturer-a/net101/signup
    """
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import SetState

    return carry_out("Resume", Asked(SetState("running"), ids), **common)


@click.command()
@editing
def remove(ids: tuple[str, ...], **common: Unpack[Common]) -> int:
    """Order a whole deployment to be deleted, with all its disks.

    Writes `state: absent`. Single seats come and go with the course's roster.

    Example: appstore remove lecturer-a/net101/signup
    """
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import SetState

    return carry_out("Remove", Asked(SetState("absent"), ids), **common)


@click.command()
@editing
def retry(ids: tuple[str, ...], **common: Unpack[Common]) -> int:
    """Try again what the tool has given up, after the cause was mended.

    Example: appstore retry lecturer-a/net101/signup
    """
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import Retry

    return carry_out("Retry", Asked(Retry(), ids), **common)


@click.command()
@click.option(
    "--until",
    metavar="DATE",
    required=True,
    help="The new last day, YYYY-MM-DD.",
)
@editing
def extend(ids: tuple[str, ...], until: str, **common: Unpack[Common]) -> int:
    """Let a course or a deployment last longer.

    ID is <lecturer>/<course>, or a deployment with an end date of its own.

    Example: appstore extend lecturer-a/net101 --until 2027-03-31
    """
    from appstore.cli.form import as_day
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import Extend

    return carry_out("Extend", Asked(Extend(as_day(until)), ids), **common)


@click.command("hand-over")
@editing
def hand_over(ids: tuple[str, ...], **common: Unpack[Common]) -> int:
    """Give a seat to another person: every machine of the seat is made anew.

    ID is <lecturer>/<course>/<seat>. Nobody ever gets a machine that was somebody else's.

    Example: appstore hand-over lecturer-a/net101/s03
    """
    from appstore.runs.edit.edit import Asked
    from appstore.runs.edit.verbs import HandOver

    return carry_out("Hand over", Asked(HandOver(), ids), **common)
