"""A new version of a template: a copy of the folder under the next number, to be changed."""

import re
from collections.abc import Mapping

from appstore.documents.edit import Edit, put
from appstore.documents.edit_spans import HolderSpan, spans_of
from appstore.documents.edit_writing import written
from appstore.documents.names import VERSION_NUMBER, VERSION_REF
from appstore.documents.strict import OURS, load
from appstore.errors import InvalidInput
from appstore.govern.content import APPROVAL
from appstore.govern.life import next_patch
from appstore.registry.nearest import known_instead
from appstore.runs.new.new import New
from appstore.source.tree import Tree


def new_version(ref: str, number: str | None, change: str, tree: Tree) -> New:
    """The copy of `ref` as `number`, without it as the next patch; its changelog says `change`.

    An approval is not copied: it is for what was approved. Raises InvalidInput where there is no
    such version, the number is taken, or a part of the folder could not be read.
    """
    files = tree.files
    folders = _folders(files)
    if ref not in folders:
        raise InvalidInput(f'There is no version "{ref}".', known_instead(ref, folders))
    template, old = ref.split("@")
    taken = {one.split("@")[1] for one in folders if one.startswith(f"{template}@")}
    number = number or next_patch(old, taken)
    if not re.fullmatch(VERSION_NUMBER, number):
        raise InvalidInput(
            f'"{number}" is not a version number.', "Write three numbers, such as 1.3.0."
        )
    if f"{template}@{number}" in folders:
        raise InvalidInput(
            f"{template}@{number} is there already.",
            "Versions never change; leave out --as to get the next free number.",
        )
    source = f"catalog/{template}/{old}/"
    if unread := [finding.path for finding in tree.findings if finding.path.startswith(source)]:
        raise InvalidInput(f"{unread[0]} cannot be copied.", "See why with: appstore validate")
    copies = {
        path: f"catalog/{template}/{number}/{path.removeprefix(source)}"
        for path in sorted(files)
        if path.startswith(source) and path != f"{source}{APPROVAL}"
    }
    contract = f"{source}version.yaml"
    edits = [
        Edit(copy, None, files[path], copy_of=path)
        for path, copy in copies.items()
        if path != contract
    ]
    if contract in copies:
        after = with_changelog(contract, files[contract], change)
        edits.insert(0, Edit(copies[contract], None, after))
    meaning = (
        f"A copy of {ref} to be changed; nobody uses it before a deployment names "
        f"{template}@{number}, and {ref} stays as it is."
    )
    return New(f"{template}@{number}", meaning, tuple(edits))


def with_changelog(path: str, data: bytes, change: str) -> bytes:
    """The contract with this one line as its changelog; every other byte stays.

    Raises InvalidInput where that cannot be done without touching more.
    """
    loaded = load(path, data, OURS)
    if not isinstance(loaded.value, dict) or loaded.findings:
        raise InvalidInput(
            f"{path} has findings, so it cannot be copied.", "See them with: appstore validate"
        )
    text = data.decode()
    span = spans_of(text).get(("changelog",))
    if span is None:
        changed = put(path, data, ("changelog",), [change])
        after = changed if isinstance(changed, bytes) else b""
    elif isinstance(span, HolderSpan) and span.end is not None:
        line = f"{'' if span.flow else '- '}{written(change)}"
        start = span.start + 1 if span.flow else span.start
        after = (text[:start] + line + text[span.end :]).encode()
    else:
        after = b""
    again = load(path, after, OURS)
    if again.findings or again.value != {**loaded.value, "changelog": [change]}:
        raise InvalidInput(
            f"The changelog in {path} cannot be replaced as it is written there.",
            f"Copy the folder by hand, without {APPROVAL}, and write the changelog anew.",
        )
    return after


def _folders(files: Mapping[str, bytes]) -> frozenset[str]:
    """The versions that have a folder."""
    parts = (path.split("/") for path in files if path.startswith("catalog/"))
    refs = {f"{part[1]}@{part[2]}" for part in parts if len(part) > 3}
    return frozenset(ref for ref in refs if re.fullmatch(VERSION_REF, ref))
