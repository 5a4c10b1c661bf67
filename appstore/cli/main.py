"""The `appstore` command: finds the verb, runs it, and turns every end into an exit code."""

import sys
from importlib import import_module

import click

from appstore.cli.ending import end, say
from appstore.cli.streams import FAILED, go_on_unheard
from appstore.errors import InvalidInput

VERBS = {
    "validate": "Check every file of the registry; needs no cloud and no password.",
    "plan": "Show what would be done to make the cloud as the files want it.",
    "review": "Decide whether a merge request may be merged, and who has to look at it.",
    "apply": "Do what the plan shows, and wait until every instance has ended.",
    "status": "Show every instance: its state, why, since when, and who acts next.",
    "calendar": "Show what will happen when over the next weeks; needs no cloud.",
    "new": "Write the files of a new lecturer, course, deployment, template or version.",
    "approve": "Write an admin's consent to a version, for a tenant or for all.",
    "deprecate": "Let nothing new begin with a version; what runs stays.",
    "retire": "Close a version for good, once nobody uses it.",
    "revoke": "Stop the use of a version, such as for a vulnerability.",
    "reset": "Order machines to be deleted and made anew.",
    "hand-over": "Give a seat to another person, with a new machine.",
    "suspend": "Put a deployment to sleep; nothing is lost.",
    "resume": "Wake a deployment, or bring back what was removed.",
    "retry": "Try again what the tool has given up.",
    "extend": "Let a course or a deployment last longer.",
    "remove": "Order a deployment to be deleted, with its disks.",
    "init": "Make a registry repository for a university.",
    "doctor": "Check this machine, the clouds and the forge, and say what to mend.",
    "audit": "Show who asked for something, who approved it, and what was done when.",
    "ci": "What pipelines do on GitHub or GitLab; people need none of it.",
    "demo": "Start an embedded OpenStack and show the whole way from file to stack.",
    "devcloud": "Start, stop or look at the embedded OpenStack.",
    "owners": "Print CODEOWNERS for the forge, from who has which role.",
    "schemas": "Write the JSON Schemas that editors use.",
}
EDITS = frozenset(["reset", "hand-over", "suspend", "resume", "retry", "extend", "remove"])
"""The verbs that live together in `cli/edit.py`."""
LIVES = frozenset(["approve", "deprecate", "retire", "revoke"])
"""Those in `cli/approve.py`."""


class Verbs(click.Group):
    """Imports a verb's module only when that verb runs: `--help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs in the order of a working day."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command object of one verb, from the module of its name."""
        if name not in VERBS:
            return None
        attribute = name.replace("-", "_")
        home = "edit" if name in EDITS else "approve" if name in LIVES else attribute
        module = import_module(f"appstore.cli.{home}")
        command: click.Command = getattr(module, attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that is meant; for a typing error the one that is nearest is named."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], VERBS, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"There is no verb '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, from the table above instead of from every module."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="teaching-appstore", prog_name="appstore")
def appstore() -> None:
    """Teaching environments on OpenStack, from files in git.

    Lecturers describe deployments in YAML, admins merge them, and this command makes the cloud
    match. Example: appstore plan --repo my-registry
    """


def _run() -> object:
    for word in sys.argv[1:]:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            shown = word.encode(errors="replace").decode()
            raise InvalidInput(f"'{shown}' is not UTF-8 text.", "Set the terminal to UTF-8.")
    return appstore.main(standalone_mode=False)


def main() -> None:
    """Entry point of the console script; never lets a traceback reach a person."""
    go_on_unheard()
    code = end(_run)
    if sys.stdout is not None:
        sys.stdout.flush()
    if FAILED:
        say(f"error: The output cannot be written: {FAILED[0].strerror}.")
    sys.exit(code or int(bool(FAILED)))
