"""An update that would replace a server or a volume which Heat is told to keep."""

from collections.abc import Iterator

from appstore.reconcile.decision import Act, Refuse
from appstore.reconcile.destructive import lost
from appstore.reconcile.difference import Effect
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.wanted.stacks import WantedStack


def replace_guard(entries: tuple[Entry, ...], rules: Rules) -> Iterator[Verdict]:
    """Heat would refuse it half-way, so it is refused here, with the ways out."""
    for entry in entries:
        match entry.subject, entry.decision:
            case WantedStack() as stack, Act() as act:
                names = [
                    effect.name
                    for effect in lost(act, entry.difference)
                    if effect.guarded and effect.effect is not Effect.DELETED
                ]
                if names:
                    yield entry, _refusal(stack, names)


def _refusal(stack: WantedStack, names: list[str]) -> Refuse:
    return Refuse(
        "replace-guard",
        f"the update would replace {', '.join(names)}, and what is stored there would be lost",
        f"Keep what it has, or accept the loss for the whole deployment with `accept_replace: "
        f"{stack.spec.version}` at {stack.path}:{stack.line}, or make single seats anew with "
        "`reset` there.",
    )
