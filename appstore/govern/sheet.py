"""The review sheet of a new version: what it holds, and what differs from the one before."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from itertools import islice

from appstore.documents.site import Site
from appstore.govern.sheet_contents import Contents, contents
from appstore.registry.checks.catalog import release_order
from appstore.registry.registry import CatalogTemplate, Registry, TemplateVersion
from appstore.wanted.hot import mapping

MOST_LINES = 200
"""Of one file's difference; who wants the rest compares the two folders."""


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file of the folder: `added`, `removed` or `changed`, and the unified difference.

    `lines` is empty where a side is no text; `cut` when there are more lines than are shown.
    """

    path: str
    what: str
    lines: tuple[str, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One new version. `new` holds, by section of `contents`, the lines that the version before
    does not have; `parameters` are sentences. Without a version before nothing differs."""

    version: str
    before: str | None
    contents: Contents
    parameters: tuple[str, ...] = ()
    files: tuple[FileDifference, ...] = ()
    new: Mapping[str, frozenset[str]] = field(default_factory=dict)


def sheets_of(base: Registry, merged: Registry) -> Iterator[Sheet]:
    """A sheet for every version that a merge brings or changes; the site is that of its target."""
    site = base.site or merged.site
    known = {version.ref: version.content for version in base.versions()}
    for template in merged.templates.values():
        for version in template.versions.values():
            if site is not None and known.get(version.ref) != version.content:
                yield sheet_of(version, version_before(template, version), site.model)


def version_before(template: CatalogTemplate, version: TemplateVersion) -> TemplateVersion | None:
    """The highest version of this template below this one."""
    number = release_order(version.ref)
    lower = [one for one in template.versions.values() if release_order(one.ref) < number]
    return max(lower, key=lambda one: release_order(one.ref), default=None)


def sheet_of(new: TemplateVersion, before: TemplateVersion | None, site: Site) -> Sheet:
    """The sheet of a version whose files could be read; `site` names the images."""
    now = contents(new, site)
    if before is None:
        return Sheet(new.ref, None, now)
    then = contents(before, site)
    sections = ("resource_types", "open_ports", "images", "downloads", "footprint", "lasting")
    return Sheet(
        version=new.ref,
        before=before.ref,
        contents=now,
        parameters=tuple(_parameters(_form(before), _form(new))),
        files=tuple(_files(before.content, new.content)),
        new={
            name: frozenset(_bare(getattr(now, name))) - frozenset(_bare(getattr(then, name)))
            for name in sections
        },
    )


def bare(line: str) -> str:
    """The line without the place at its end, which moves when a line is put in above it."""
    return line.rpartition(" (")[0] if line.endswith(")") and ":" in line else line


def _bare(lines: Sequence[str]) -> Iterator[str]:
    return map(bare, lines)


def _form(version: TemplateVersion) -> dict[str, dict[str, object]]:
    """By parameter what decides about its values; titles and help are for people."""
    hot = mapping(version.heat.model.get("parameters"))
    said = version.contract.model.parameters
    form: dict[str, dict[str, object]] = {}
    for name, body in hot.items():
        rules: dict[str, object] = {
            key: value
            for key, value in mapping(body).items()
            if key in ("type", "default", "constraints", "hidden")
        }
        if (parameter := said.get(name)) is not None:
            told = parameter.model_dump(exclude_defaults=True, exclude={"title", "help"})
            narrow = told.pop("narrow", {})
            rules |= {f"contract {key}": value for key, value in told.items()}
            rules |= {f"narrow {key}": value for key, value in narrow.items()}
        form[name] = rules
    return form


def _parameters(
    old: Mapping[str, Mapping[str, object]], new: Mapping[str, Mapping[str, object]]
) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in old:
            known = {"default", "contract default", "contract fixed"} & {*new[name]}
            yield f"parameter {name} is new" + ("" if known else ", and deployments must set it")
        elif name not in new:
            yield f"parameter {name} is gone"
        else:
            for key in sorted({*old[name], *new[name]}):
                was, now = old[name].get(key), new[name].get(key)
                if was != now:
                    yield f"parameter {name}: {key} {_shown(was)} -> {_shown(now)}"


def _shown(value: object) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[FileDifference]:
    for path in sorted({*old, *new}):
        was, now = old.get(path), new.get(path)
        if was != now:
            what = "added" if was is None else "removed" if now is None else "changed"
            yield _difference(path, what, was or b"", now or b"")


def _difference(path: str, what: str, was: bytes, now: bytes) -> FileDifference:
    try:
        old, new = was.decode().split("\n"), now.decode().split("\n")
    except UnicodeDecodeError:
        return FileDifference(path, what, ())
    lines = unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="", n=2)
    shown = tuple(islice(lines, MOST_LINES))
    return FileDifference(path, what, shown, cut=next(lines, None) is not None)
