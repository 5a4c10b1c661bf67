"""The bodies of the requests that carry a spec or tags, as values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from appstore.apply.lifting import without
from appstore.documents.marks import Document, JsonValue
from appstore.documents.strict import HEAT, load
from appstore.reconcile.request import (
    LiveContent,
    StackRequest,
    TagRequest,
    stack_request,
    tag_request,
)
from appstore.wanted.environment import values_to_send
from appstore.wanted.guards import guards
from appstore.wanted.hot import Template
from appstore.wanted.stacks import WantedStack


def create(stack: WantedStack, secrets: Mapping[str, str], tags: frozenset[str]) -> StackRequest:
    """A new stack: every logical name means what it means today."""
    return stack_request(stack, values_to_send(stack.spec, secrets, None), tags)


def update(
    stack: WantedStack,
    secrets: Mapping[str, str],
    tags: frozenset[str],
    live: Mapping[str, JsonValue],
    unguarded: Iterable[str],
) -> StackRequest:
    """The whole wanted state; `live` is the environment as last sent, whose resolved values stay.

    `unguarded` are the paths of resources that never served anybody: they may be replaced.
    """
    spec = replace(stack.spec, restrictions=without(stack.spec.restrictions, unguarded))
    values = values_to_send(spec, secrets, live)
    return stack_request(replace(stack, spec=spec), values, tags)


def patch(content: LiveContent, tags: frozenset[str]) -> TagRequest:
    """Tags, and guards on all that lives: a PATCH repairs, and must not replace while it does."""
    nested: Mapping[str, Template] = defaultdict(
        lambda: Document("", {}, {}),
        {
            name: Document(name, value, {})
            for name, text in content.files.items()
            if (value := load(name, text.encode(), HEAT).value) is not None
        },
    )
    return tag_request(guards(Document("", content.template, {}), nested), tags)
