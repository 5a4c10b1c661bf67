"""Rail 9: a stack that a newer commit wrote is not taken back by an older one."""

from collections.abc import Iterator

from appstore.reconcile.decision import Act, Refuse
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.exceptions import SITE, how_to_except
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.scope import address
from appstore.reconcile.tags import Ours, read_tags


def newer_run(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Refuses the instance, not the run, where our commit does not build on the stack's."""
    for entry in entries:
        if not isinstance(entry.decision, Act) or entry.live is None:
            continue
        match read_tags(entry.live.tags, rules.owner):
            case Ours(rev=str(rev)) if rev not in rules.ancestors:
                if not rules.excepted("newer-run", entry):
                    yield entry, _refusal(rev, address(entry))


def _refusal(rev: str, scope: str) -> Refuse:
    return Refuse(
        "newer-run",
        f"it was last written from commit {rev[:12]}, which this commit does not build on",
        "Run from the newest commit of the default branch. After a rewritten history "
        + how_to_except(SITE, "newer-run", scope),
    )
