"""Review sheets of new versions: as the values of review.json, and as text for a terminal."""

from collections.abc import Iterator

from appstore.documents.review_file import VersionSheet
from appstore.govern.sheet import FileDifference, Sheet, bare
from appstore.report.escape import plain
from appstore.report.wrapping import wrapped

_TITLES = {
    "resource_types": "makes",
    "open_ports": "opens",
    "images": "starts from",
    "downloads": "downloads",
    "footprint": "takes of the quota",
    "lasting": "leaves behind",
    "changed": "changes",
}


def sheet_values(sheet: Sheet) -> VersionSheet:
    """The sheet for review.json; what the version before did not have is marked as new."""
    holds = sheet.contents
    return VersionSheet(
        version=sheet.version,
        before=sheet.before,
        changed=(*sheet.parameters, *(_summary(file) for file in sheet.files)),
        resource_types=_marked(sheet, "resource_types", holds.resource_types),
        open_ports=_marked(sheet, "open_ports", holds.open_ports),
        images=_marked(sheet, "images", holds.images),
        downloads=_marked(sheet, "downloads", holds.downloads),
        footprint=_marked(sheet, "footprint", holds.footprint),
        lasting=_marked(sheet, "lasting", holds.lasting),
        difference=tuple(line for file in sheet.files for line in _difference(file)),
    )


def sheet_text(sheet: VersionSheet) -> Iterator[str]:
    """The sheet in 80 columns; the differences of files, as they are, come last."""
    than = f", compared with {sheet.before}" if sheet.before else ", the first one of its template"
    yield f"new version {plain(sheet.version)}{plain(than)}"
    for name, title in _TITLES.items():
        lines: tuple[str, ...] = getattr(sheet, name)
        if name != "changed" or sheet.before:
            yield f"  {title}:" + ("" if lines else " nothing")
        for line in lines:
            yield from wrapped(plain(line), "    ", "      ")
    for line in sheet.difference:
        yield f"  {plain(line)}"


def _marked(sheet: Sheet, name: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    new = sheet.new.get(name, frozenset())
    return tuple(f"{line} (new)" if bare(line) in new else line for line in lines)


def _difference(file: FileDifference) -> Iterator[str]:
    yield from file.lines
    if file.cut:
        yield f"... {file.path} differs in more lines"


def _summary(file: FileDifference) -> str:
    body = [line for line in file.lines if not line.startswith(("+++", "---", "@@"))]
    added = sum(line.startswith("+") for line in body)
    removed = sum(line.startswith("-") for line in body)
    more = " or more" if file.cut else ""
    return f"{file.path} {file.what}" + (f": +{added} -{removed} lines{more}" if body else "")
