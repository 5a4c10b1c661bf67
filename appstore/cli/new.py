"""The verb `new`: the files of a new lecturer, course, deployment, template or version."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from appstore.cli.editing import Act, Common, settle, writes
from appstore.cli.form import Form, as_day, as_number
from appstore.cli.options import repository, start_log, tree_of

if TYPE_CHECKING:
    from appstore.documents.marks import JsonValue
    from appstore.registry.registry import Registry
    from appstore.runs.new.new import New
    from appstore.runs.new.parameters import Wish
    from appstore.source.tree import Tree

NAME = click.argument("name", required=False)
TITLE = click.option("--title", metavar="TEXT", help="How it is shown to people.")


@click.group()
def new() -> None:
    """Write the files of a new lecturer, course, deployment, template or version.

    At a terminal you are asked for what is missing. Nothing is written that is not valid, and
    no file is overwritten. Example: appstore new course ada/net101
    """


@dataclass(frozen=True)
class Desk:
    """The registry as it lies there, with a person's edits."""

    root: Path
    tree: "Tree"

    @cached_property
    def registry(self) -> "Registry":
        """What can be read of it."""
        from appstore.registry.read import read_registry

        return read_registry(self.tree.files, self.tree.findings)

    def settle(self, act: Act, made: "New", **common: Unpack[Common]) -> int:
        """Check, show, ask, write."""
        from appstore.runs.new.new import with_new

        return settle(act, with_new(made, self.tree, datetime.now(UTC)), self.root, **common)


def desk(common: Common) -> Desk:
    """The registry that the verb is about."""
    start_log(common["log_json"])
    root = repository(common["repo"])
    return Desk(root, tree_of(root, None))


@new.command()
@NAME
@click.option("--tenant", metavar="T", help="Their faculty or location, of site.yaml.")
@click.option("--cloud", metavar="C", help="The cloud to deploy to, of site.yaml.")
@click.option("--project", metavar="P", help="Their own OpenStack project, by name or id.")
@TITLE
@click.option("--language", metavar="XX", default="en", show_default=True, help="Of notes.")
@click.option("--github", metavar="USER", multiple=True, help="Their user name on GitHub.")
@click.option("--gitlab", metavar="USER", multiple=True, help="Their user name on GitLab.")
@writes
def lecturer(
    name: str | None,
    tenant: str | None,
    cloud: str | None,
    project: str | None,
    title: str | None,
    language: str,
    github: tuple[str, ...],
    gitlab: tuple[str, ...],
    **common: Unpack[Common],
) -> int:
    """A lecturer with a project of their own; admins do this.

    Example: appstore new lecturer ada --tenant informatics --cloud campus --project teach-ada
    """
    from appstore.runs.new.choices import site_of
    from appstore.runs.new.new import new_lecturer

    here, form = desk(common), Form()
    site = site_of(here.registry)
    name = form.ask("NAME", name, "Short name, such as ada")
    tenant = form.ask("--tenant", tenant, "Tenant", list(site.tenants))
    allowed = site.tenants[tenant].clouds if tenant in site.tenants else ()
    cloud = form.ask("--cloud", cloud, "Cloud", allowed)
    project = form.ask("--project", project, "OpenStack project")
    form.complete()
    made = new_lecturer(
        name,
        tenant=tenant,
        cloud=cloud,
        project=project,
        title=title,
        language=language,
        accounts={"github": list(github), "gitlab": list(gitlab)},
    )
    return here.settle(_to_be_checked("New lecturer"), made, **common)


@new.command()
@click.argument("name", metavar="LECTURER/COURSE", required=False)
@TITLE
@click.option("--term", metavar="T", help="The term, such as 2026w.")
@click.option("--starts", metavar="DATE", help="The first day, YYYY-MM-DD.")
@click.option("--ends", metavar="DATE", help="The last day, YYYY-MM-DD.")
@click.option("--seats", metavar="N", help="How many take part; 0 for no seats.")
@click.option("--spares", metavar="N", default="0", help="Machines in reserve.")
@click.option("--timezone", metavar="ZONE", default="Europe/Berlin", show_default=True)
@writes
def course(
    name: str | None,
    title: str | None,
    term: str | None,
    starts: str | None,
    ends: str | None,
    seats: str | None,
    spares: str,
    timezone: str,
    **common: Unpack[Common],
) -> int:
    """A course: dates and seats, never names of people.

    Example: appstore new course ada/net101 --title "Networks 101" --term 2026w
    --starts 2026-10-12 --ends 2027-02-12 --seats 30
    """
    from appstore.runs.new.choices import lecturer_of
    from appstore.runs.new.new import new_course

    here, form = desk(common), Form()
    theirs = partial(lecturer_of, here.registry)
    name = form.ask("LECTURER/COURSE", name, "Course, as <lecturer>/<course>", reads=theirs)
    title = form.ask("--title", title, "Title")
    term = form.ask("--term", term, "Term, such as 2026w")
    starts = form.ask("--starts", starts, "First day, YYYY-MM-DD", reads=as_day)
    ends = form.ask("--ends", ends, "Last day, YYYY-MM-DD", reads=as_day)
    seats = form.ask("--seats", seats, "How many take part", reads=as_number)
    form.complete()
    theirs(name)
    made = new_course(
        name,
        title=title,
        term=term,
        timezone=timezone,
        starts=as_day(starts),
        ends=as_day(ends),
        seats=as_number(seats),
        spares=as_number(spares),
    )
    return here.settle(_to_be_checked("New course"), made, **common)


@new.command()
@click.argument("name", metavar="LECTURER/COURSE/NAME", required=False)
@click.option("--template", metavar="NAME@VERSION", help="What to deploy, of the catalog.")
@click.option("--for", "audience", metavar="WHOM", help="course, group or student.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A parameter.")
@TITLE
@click.option("--ends", metavar="DATE", help="A last day of its own, YYYY-MM-DD.")
@click.option("--base", is_flag=True, help="The shared network of a project.")
@writes
def deployment(
    name: str | None,
    template: str | None,
    audience: str | None,
    settings: tuple[str, ...],
    title: str | None,
    ends: str | None,
    base: bool,
    **common: Unpack[Common],
) -> int:
    """A deployment of a template, in a course or on its own.

    Example: appstore new deployment ada/net101/lab --template web-lab@1.0.0 --for student
    --set size=small
    """
    from appstore.runs.new.choices import audiences, course_of, lecturer_of, usable, wishes_of
    from appstore.runs.new.new import new_deployment
    from appstore.runs.new.parameters import lines

    here, form = desk(common), Form()
    theirs = partial(lecturer_of, here.registry)
    question = "Deployment, as <lecturer>/<course>/<name>"
    name = form.ask("LECTURER/COURSE/NAME", name, question, reads=theirs)
    folder = theirs(name) if name else None
    offered = usable(here.registry, folder.name) if folder else ()
    template = form.ask("--template", template, "Template", offered)
    unit = course_of(folder, name) if folder else None
    if unit:
        audience = form.ask("--for", audience, "One machine for each", audiences(unit))
    elif not base:
        ends = form.ask("--ends", ends, "Last day, YYYY-MM-DD", reads=as_day)
    person = folder.document.model if folder else None
    wishes = wishes_of(here.registry, template, person) if template else ()
    given = _given(form, wishes, settings)
    form.complete()
    made = new_deployment(
        name,
        template=template,
        audience=audience,
        title=title,
        ends=as_day(ends) if ends else None,
        base=base,
        parameters=lines(wishes, given),
    )
    return here.settle(Act("New deployment"), made, **common)


@new.command()
@NAME
@TITLE
@click.option("--summary", metavar="TEXT", help="One sentence: what one gets.")
@click.option("--owner", metavar="WHO", help="The lecturer or tenant who looks after it.")
@writes
def template(
    name: str | None,
    title: str | None,
    summary: str | None,
    owner: str | None,
    **common: Unpack[Common],
) -> int:
    """A template with a first version to begin with.

    Example: appstore new template shell-lab --title "Shell lab"
    --summary "One shell per student." --owner ada
    """
    from appstore.runs.new.choices import site_of
    from appstore.runs.new.new import new_template

    here, form = desk(common), Form()
    owners = [*here.registry.lecturers, *site_of(here.registry).tenants]
    name = form.ask("NAME", name, "Name, such as web-lab")
    title = form.ask("--title", title, "Title")
    summary = form.ask("--summary", summary, "What one gets, in one sentence")
    owner = form.ask("--owner", owner, "Owner", owners)
    form.complete()
    made = new_template(name, title=title, summary=summary, owner=owner)
    return here.settle(_to_be_checked("New template"), made, **common)


@new.command()
@click.argument("name", metavar="NAME@VERSION", required=False)
@click.option("--as", "number", metavar="VERSION", help="Its number; default: the next patch.")
@click.option("--change", metavar="TEXT", help="What will be different, for the changelog.")
@writes
def version(
    name: str | None, number: str | None, change: str | None, **common: Unpack[Common]
) -> int:
    """A copy of a version under a new number, to be changed.

    Example: appstore new version web-lab@1.2.0 --change "A newer image"
    """
    from appstore.runs.new.choices import newest
    from appstore.runs.new.version import new_version

    here, form = desk(common), Form()
    name = form.ask("NAME@VERSION", name, "Version to copy", newest(here.registry))
    change = form.ask("--change", change, "What will be different")
    form.complete()
    made = new_version(name, number, change, here.tree)
    return here.settle(_to_be_checked("New version"), made, **common)


def _to_be_checked(name: str) -> Act:
    """What changes no machine by itself has no plan to look at."""
    return Act(name, "appstore validate", "checks every file once more")


def _given(
    form: Form, every: "tuple[Wish, ...]", settings: tuple[str, ...]
) -> "dict[str, JsonValue]":
    """The values that are set, and those that must be and are asked for."""
    from appstore.runs.new.parameters import texts_by_name, value_of

    texts = texts_by_name(every, settings)
    return {
        wish.name: value_of(wish, text)
        for wish in every
        if wish.name in texts or (wish.needed and not wish.rule.hot.hidden)
        if (
            text := form.ask(
                f"--set {wish.name}=VALUE", texts.get(wish.name), wish.explanation, wish.choices
            )
        )
    }
