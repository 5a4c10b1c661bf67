"""The verb `owners`."""

from typing import TYPE_CHECKING

import click

from appstore.cli.options import repository, tree_of

if TYPE_CHECKING:
    from appstore.govern.people import ForgeName


@click.command()
@click.option("--repo", metavar="DIR", help="The repository; default: the one around here.")
@click.option("--rev", metavar="REV", help="Read this commit instead of the files as they lie.")
@click.option(
    "--forge",
    type=click.Choice(["github", "gitlab"]),
    help="Whose account names are written; default: those of both.",
)
def owners(repo: str | None, rev: str | None, forge: "ForgeName | None") -> None:
    """Print CODEOWNERS, for forges that ask the owners of changed files for their review.

    What a merge request needs is decided by `appstore review`; this only asks the right people.

    Example: appstore owners --forge github > .github/CODEOWNERS
    """
    from appstore.govern.owners import codeowners
    from appstore.registry.read import read_registry

    tree = tree_of(repository(repo), rev)
    click.echo(codeowners(read_registry(tree.files, tree.findings), forge), nl=False)
