"""All stacks of one project, or an error; never a part of them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from keystoneauth1.adapter import Adapter

from appstore.cloud.errors import CloudError, UnsafeCredential
from appstore.cloud.projects import Project
from appstore.cloud.translate import translated
from appstore.reconcile.live import LiveProject, LiveStack

# 1.25 s for Heat, which needs two SQL queries per stack (README of appstore, fact 1.1).
PAGE = 500
MOST_PAGES = 200

# Rows of Heat's JSON; Any because each field is checked when it is read.
Row = Mapping[str, Any]


def read_listing(heat: Adapter, cloud: str, project: Project) -> LiveProject:
    """Every root stack of the project, oldest first, hidden ones too: they hold their names.

    One request for each 500 stacks. `with_count` proves that nothing is missing: a proxy or a
    cloud that caps pages makes them short as well, so a short page alone proves nothing. The count
    is taken after the rows, thus a stack that appears meanwhile costs one page more, one that
    vanishes costs nothing. So only the second empty page in a row proves that stacks are missing.
    Raises CloudError when the listing does not end properly and UnsafeCredential when it shows
    another project's stacks.
    """
    with translated(cloud, f"the listing of project '{project.name}'"):
        stacks = tuple(live_stack(row) for row in _rows(heat, cloud, project))
    return LiveProject(cloud, project.id, project.name, stacks)


def _rows(heat: Adapter, cloud: str, project: Project) -> Iterator[Row]:
    seen: dict[str, None] = {}
    was_empty = False
    for _ in range(MOST_PAGES):
        page, count = _page(heat, next(reversed(seen), None))
        for row in page:
            _check_project(row, cloud, project)
            # Heat answers an unknown marker with the first page again.
            if row["id"] in seen:
                raise _improper(cloud, project, "a page came twice")
            seen[row["id"]] = None
            yield row
        if len(page) < PAGE and len(seen) >= count:
            return
        if was_empty and not page:
            raise _improper(cloud, project, f"it ended after {len(seen)} of {count} stacks")
        was_empty = not page
    raise _improper(cloud, project, f"it has more than {MOST_PAGES} pages")


def _page(heat: Adapter, marker: str | None) -> tuple[list[Row], int]:
    params: dict[str, str | int] = {
        "limit": PAGE,
        "sort_keys": "creation_time",
        "sort_dir": "asc",
        "with_count": "True",
        "show_hidden": "True",
    }
    if marker:
        params["marker"] = marker
    body = heat.get("/stacks", params=params).json()
    return list(body["stacks"]), int(body["count"])


def _check_project(row: Row, cloud: str, project: Project) -> None:
    """A row's own address is `.../v1/<project id>/stacks/<name>/<id>`."""
    href = next(link["href"] for link in row["links"] if link["rel"] == "self")
    owner = urlsplit(href).path.split("/stacks/")[0].rsplit("/", 1)[-1]
    if owner != project.id:
        raise UnsafeCredential(
            f"Cloud '{cloud}' lists stacks of project {owner} to project '{project.name}'.",
            "The service user must hold no role that sees other projects' stacks.",
        )


def _improper(cloud: str, project: Project, what: str) -> CloudError:
    return CloudError(
        f"The listing of project '{project.name}' in cloud '{cloud}' did not end properly: {what}.",
        "Run again; nothing was planned for this project.",
    )


def live_stack(row: Row) -> LiveStack:
    """One row of a listing, or the `stack` of a GET."""
    return LiveStack(
        id=str(row["id"]),
        name=str(row["stack_name"]),
        status=str(row["stack_status"]),
        reason=str(row["stack_status_reason"] or ""),
        tags=frozenset(row["tags"] or ()),
        created=moment(row["creation_time"]),
        updated=moment(row["updated_time"]) if row["updated_time"] else None,
    )


def moment(text: str) -> datetime:
    """Heat's time, which is UTC also where it does not say so."""
    time = datetime.fromisoformat(text)
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
