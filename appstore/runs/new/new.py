"""new: the files of a new lecturer, course, deployment, template or version.

Nothing is written here. The new files are checked together with all others first, so what is
written is valid, or the person sees why not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from appstore.documents.edit import Edit
from appstore.documents.findings import Finding, Severity, brought
from appstore.documents.marks import JsonValue
from appstore.errors import InvalidInput
from appstore.runs.edit.orders import Edited, Order
from appstore.runs.new.files import (
    card_text,
    contract_text,
    course_text,
    deployment_text,
    heat_text,
    lecturer_text,
)
from appstore.runs.validate import validate
from appstore.source.tree import Tree


@dataclass(frozen=True, slots=True)
class New:
    """What is new: its address as people type it, what that means, and its files."""

    address: str
    meaning: str
    edits: tuple[Edit, ...]


def with_new(new: New, tree: Tree, now: datetime) -> Edited | tuple[Finding, ...]:
    """The edits that make it, or the findings that they would bring.

    Raises InvalidInput when one of the files is there already.
    """
    for edit in new.edits:
        if edit.path in tree.files:
            raise InvalidInput(
                f"{edit.path} is there already; nothing is written to it.",
                "Choose another name, or change the file itself.",
            )
    files = {**tree.files, **{edit.path: edit.after for edit in new.edits}}
    after = replace(tree, files=files)
    found = brought(validate(tree, now).findings, validate(after, now).findings)
    if errors := tuple(f for f in found if f.severity is Severity.ERROR):
        return errors
    order = Order(new.edits[0].path, (new.address,), (), new.meaning)
    return Edited((order,), new.edits, (), found)


def new_lecturer(
    name: str,
    *,
    tenant: str,
    cloud: str,
    project: str,
    title: str | None,
    language: str,
    accounts: Mapping[str, list[JsonValue]],
) -> New:
    """A lecturer with a project of their own; `accounts` are user names by forge."""
    path = f"deployments/{name}/lecturer.yaml"
    text = lecturer_text(
        path,
        title=title,
        tenant=tenant,
        cloud=cloud,
        project=project,
        language=language,
        accounts=accounts,
    )
    meaning = (
        f"From the merge on, {name} may have courses and deployments; they run in the project "
        f"{project} of {cloud}, which must exist: `appstore doctor` checks it."
    )
    return New(name, meaning, (_file(path, text),))


def new_course(
    address: str,
    *,
    title: str,
    term: str,
    timezone: str,
    starts: date,
    ends: date,
    seats: int,
    spares: int,
) -> New:
    """A course; `address` is `<lecturer>/<course>`, and 0 seats are no roster."""
    match address.split("/"):
        case [_, _]:
            path = f"deployments/{address}/course.yaml"
        case _:
            raise InvalidInput(f'"{address}" is not a course.', "Write it as <lecturer>/<course>.")
    text = course_text(
        path,
        title=title,
        term=term,
        timezone=timezone,
        starts=starts,
        ends=ends,
        seats=seats,
        spares=spares,
    )
    meaning = "A course without deployments makes no machine yet."
    return New(address, meaning, (_file(path, text),))


def new_deployment(
    address: str,
    *,
    template: str,
    audience: str | None,
    title: str | None,
    ends: date | None,
    base: bool,
    parameters: tuple[str, ...],
) -> New:
    """A deployment; `address` is `<lecturer>/<course>/<name>`, or `<lecturer>/<name>`.

    `parameters` are lines of YAML, from `parameter_lines`.
    """
    if address.count("/") not in (1, 2):
        raise InvalidInput(
            f'"{address}" is not a deployment.',
            "Write it as <lecturer>/<course>/<name>, or <lecturer>/<name> outside of a course.",
        )
    path = f"deployments/{address}.yaml"
    text = deployment_text(
        path,
        template=template,
        audience=audience,
        title=title,
        ends=ends,
        base=base,
        parameters=parameters,
    )
    meaning = "Once this is merged, its machines are made when their time has come."
    return New(address, meaning, (_file(path, text),))


def new_template(name: str, *, title: str, summary: str, owner: str) -> New:
    """A template with a first version that works and can be changed into what is wanted."""
    card = f"catalog/{name}/template.yaml"
    contract = f"catalog/{name}/1.0.0/version.yaml"
    meaning = (
        "Its first version gives a random code and needs nothing but Heat. Change heat.yaml and "
        "version.yaml until it is what you want; catalog/README.md explains both."
    )
    return New(
        name,
        meaning,
        (
            _file(card, card_text(card, title=title, summary=summary, owner=owner)),
            _file(contract, contract_text(contract)),
            _file(f"catalog/{name}/1.0.0/heat.yaml", heat_text()),
        ),
    )


def _file(path: str, text: str) -> Edit:
    return Edit(path, None, text.encode())
