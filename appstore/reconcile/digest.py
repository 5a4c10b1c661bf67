"""The digest of a plan: what was reviewed, so that it can be compared with what is applied."""

import json
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from appstore.reconcile.decision import planned_act
from appstore.reconcile.plan import PLAN_FORMAT, Entry
from appstore.reconcile.scope import address
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.stacks import WantedStack


class Fingerprint(NamedTuple):
    """What makes two entries the same change; `id` is the instance's address."""

    id: str
    action: str
    spec: str | None
    generation: int | None
    live_id: str | None
    live_spec: str | None
    live_generation: int | None
    health: str


def fingerprint(entry: Entry, owner: str) -> Fingerprint | None:
    """The entry's change, None where nothing is done."""
    act = planned_act(entry.decision)
    if act is None:
        return None
    wanted = entry.subject if isinstance(entry.subject, WantedStack) else None
    tags = read_tags(entry.live.tags, owner) if entry.live else None
    lives = tags if isinstance(tags, Ours) else None
    return Fingerprint(
        address(entry),
        act.action,
        wanted.spec.digest if wanted else None,
        wanted.generation if wanted else None,
        entry.live.id if entry.live else None,
        lives.spec if lives else None,
        lives.generation if lives else None,
        entry.health,
    )


def plan_digest(owner: str, entries: Iterable[Entry]) -> str:
    """The digest over format, owner and the entries that act, in any order."""
    changes = (fingerprint(entry, owner) for entry in entries)
    return digest_of(owner, (change for change in changes if change is not None))


def digest_of(owner: str, changes: Iterable[Fingerprint]) -> str:
    """`<format>.<26 base32>`."""
    texts = sorted(json.dumps(change, separators=(",", ":")) for change in changes)
    whole = json.dumps([PLAN_FORMAT, owner, texts], separators=(",", ":"))
    return f"{PLAN_FORMAT}.{b32encode(sha256(whole.encode()).digest())[:26].decode().lower()}"
