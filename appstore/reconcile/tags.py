"""A stack's tags: the only memory outside git, and whose stack it is (README of appstore)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from appstore.wanted.identity import InstanceId
from appstore.wanted.spec import DIGEST_FORMAT
from appstore.wanted.stacks import WantedStack

MARK = "appstore"
_PREFIX = f"{MARK}:"
ADOPTED = f"{DIGEST_FORMAT}.adopted"
"""The spec of a stack just taken over: never equal, so that the next plan shows the update."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What our tags say; `tries` counts the repeats of this spec since `retry` was last raised.

    `base` is remembered because a base whose file is gone must still not be put to sleep.
    """

    id: InstanceId
    spec: str
    generation: int
    term: str | None = None
    retry: int = 0
    tries: int = 0
    ending: date | None = None
    rev: str | None = None
    template: str | None = None
    key: str | None = None
    base: bool = False


@dataclass(frozen=True, slots=True)
class Untagged:
    """No tags of ours, or such as cannot be read; RESTORE erases tags."""

    why: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Another installation's stack."""

    owner: str


Ownership = Ours | Untagged | Foreign


def read_tags(tags: Iterable[str], owner: str) -> Ownership:
    """Whose stack this is; tags are a set, and one value said twice cannot be read."""
    said: dict[str, str] = {}
    twice = ""
    for tag in tags:
        if tag.startswith(_PREFIX):
            key, _, value = tag.removeprefix(_PREFIX).partition("=")
            if key == "owner" and value != owner:
                return Foreign(value)
            if key in said:
                twice = key
            said[key] = value
    if "owner" not in said:
        return Untagged("it has no tags of this installation")
    if twice:
        return Untagged(f"its tag {MARK}:{twice} is there more than once")
    return _ours(said)


def _ours(said: Mapping[str, str]) -> Ours | Untagged:
    if missing := [key for key in ("id", "spec", "gen") if not said.get(key)]:
        return Untagged(f"its tag {MARK}:{missing[0]} is missing")
    id_ = InstanceId.parse(said["id"])
    if id_ is None:
        return _unreadable("id", said["id"])
    if not _is_spec(said["spec"]):
        return _unreadable("spec", said["spec"])
    generation = _number(said["gen"])
    if generation is None:
        return _unreadable("gen", said["gen"])
    retry, tries = (_number(part) for part in said.get("try", "0.0").partition(".")[::2])
    if retry is None or tries is None:
        return _unreadable("try", said["try"])
    try:
        ending = date.fromisoformat(said["ending"]) if "ending" in said else None
    except ValueError:
        return _unreadable("ending", said["ending"])
    return Ours(
        id=id_,
        spec=said["spec"],
        generation=generation,
        term=said.get("term"),
        retry=retry,
        tries=tries,
        ending=ending,
        rev=said.get("rev"),
        template=said.get("template"),
        key=said.get("key"),
        base="base" in said,
    )


def _is_spec(text: str) -> bool:
    format_, dot, digest = text.partition(".")
    return bool(dot and format_.isascii() and format_.isdigit() and digest.isalnum())


def _number(text: str) -> int | None:
    return int(text) if len(text) <= 9 and text.isascii() and text.isdigit() else None


def _unreadable(key: str, value: str) -> Untagged:
    return Untagged(f"its tag {MARK}:{key} has the unreadable value {value!r}")


def tags_for(
    owner: str,
    stack: WantedStack,
    rev: str | None,
    tries: int,
    live: Iterable[str] = (),
    key: str | None = None,
) -> frozenset[str]:
    """All tags of a create or an update: ours, and those on the live stack that are not ours.

    Each at most 80 characters, lower case, without a comma. A generation above the wanted one is
    kept, else writing the lower one would make a later repair of the file a reset.
    """
    return _build(owner, stack, stack.spec.digest, rev, tries, live, key)


def adopted_tags(
    owner: str, stack: WantedStack, rev: str | None, live: Iterable[str]
) -> frozenset[str]:
    """The tags of a stack that is taken over as it is."""
    return _build(owner, stack, ADOPTED, rev, 0, live, None)


def ending_tags(live: Iterable[str], today: date, rev: str | None) -> frozenset[str]:
    """The live tags with the day on which the end began."""
    return _again(live, rev) | {f"{MARK}:ending={today.isoformat()}"}


def revived_tags(live: Iterable[str], rev: str | None) -> frozenset[str]:
    """The live tags of a stack that is wanted again."""
    return _again(live, rev)


def _build(
    owner: str,
    stack: WantedStack,
    spec: str,
    rev: str | None,
    tries: int,
    live: Iterable[str],
    key: str | None,
) -> frozenset[str]:
    live = frozenset(live)
    match read_tags(live, owner):
        case Ours(generation=lived):
            generation = max(stack.generation, lived)
        case _:
            generation = stack.generation
    said = {
        "owner": owner,
        "id": str(stack.id),
        "term": stack.term,
        "spec": spec,
        "gen": str(generation),
        "try": f"{stack.retry}.{tries}",
        "key": key,
        "rev": rev,
        "template": stack.spec.version,
    }
    ours = {f"{MARK}:{name}={value}" for name, value in said.items() if value is not None}
    base = {f"{MARK}:base"} if stack.base else set()
    return frozenset(not_ours(live) | ours | base | {MARK})


def not_ours(tags: Iterable[str]) -> set[str]:
    """The tags that other people put on a stack; every write keeps them."""
    return {tag for tag in tags if tag and tag != MARK and not tag.startswith(_PREFIX)}


def _again(live: Iterable[str], rev: str | None) -> frozenset[str]:
    dropped = (f"{MARK}:ending=", f"{MARK}:rev=") if rev else (f"{MARK}:ending=",)
    kept = {tag for tag in live if tag and not tag.startswith(dropped)}
    return frozenset(kept | ({f"{MARK}:rev={rev}"} if rev else set()))
