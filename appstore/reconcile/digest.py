"""The digest of a plan: what was reviewed, so that it can be compared with what is applied."""

import json
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256

from appstore.reconcile.decision import planned_act
from appstore.reconcile.plan import PLAN_FORMAT, Entry
from appstore.reconcile.scope import address
from appstore.reconcile.tags import Ours, read_tags
from appstore.wanted.stacks import WantedStack

Fingerprint = tuple[str | int | None, ...]


def fingerprint(entry: Entry, owner: str) -> Fingerprint | None:
    """What makes two entries the same change (README of appstore); None where nothing is done.

    Id, action, wanted spec and generation, then the live stack's id, spec, generation and health.
    """
    act = planned_act(entry.decision)
    if act is None:
        return None
    wanted = entry.subject if isinstance(entry.subject, WantedStack) else None
    tags = read_tags(entry.live.tags, owner) if entry.live else None
    lives = tags if isinstance(tags, Ours) else None
    return (
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
    """`<format>.<26 base32>` over format, owner and the entries that act, in any order."""
    changes = sorted(
        json.dumps(change, separators=(",", ":"))
        for entry in entries
        if (change := fingerprint(entry, owner)) is not None
    )
    whole = json.dumps([PLAN_FORMAT, owner, changes], separators=(",", ":"))
    return f"{PLAN_FORMAT}.{b32encode(sha256(whole.encode()).digest())[:26].decode().lower()}"
