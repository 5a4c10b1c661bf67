"""The verb `schemas`."""

import click

from appstore.cli.options import repository


@click.command()
@click.option("--repo", metavar="DIR", help="The repository; default: the one around here.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file is stale.")
def schemas(repo: str | None, check: bool) -> int:
    """Write the JSON Schemas that editors use into schemas/.

    Example: appstore schemas --check
    """
    from appstore.documents.schemas import generate

    folder = repository(repo) / "schemas"
    stale = [
        name
        for name, text in generate().items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
    for name in stale:
        if not check:
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(generate()[name], encoding="utf-8")
        click.echo(f"{'stale' if check else 'wrote'} schemas/{name}")
    if not stale:
        click.echo("schemas/ is up to date")
    return 1 if check and stale else 0
