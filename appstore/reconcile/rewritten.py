"""What Heat keeps quiet: `openstack stack update --existing` keeps our tags and ends well (pure).

So nothing in a listing gives it away (README of appstore, fact 1.2). What the stack was last sent
does: it is not what the files say, though its digest claims so.
"""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appstore.documents.marks import JsonValue
from appstore.reconcile.changes import field_changes
from appstore.reconcile.deep import at_rest
from appstore.reconcile.difference import FieldChange
from appstore.reconcile.live import LiveStack
from appstore.reconcile.plan import Entry
from appstore.reconcile.request import LiveContent
from appstore.reconcile.ruling import same_spec
from appstore.reconcile.scope import address
from appstore.reconcile.tags import Ours, read_tags
from appstore.reconcile.timing import last_action
from appstore.reconcile.vocabulary import Owner, Standing, Word
from appstore.wanted.environment import values_to_send, without_secrets
from appstore.wanted.spec import SecretRef
from appstore.wanted.stacks import WantedStack

NAMED = 3
LONGEST = 300
"""Characters of a command; a report cuts longer lines, and half a command is none."""


@dataclass(frozen=True, slots=True)
class Touched:
    """A stack that says to be as written, and in which something was done since its creation."""

    entry: Entry
    wanted: WantedStack
    live: LiveStack

    def standing(self, content: LiveContent) -> Standing | None:
        """How it stands by what it was last sent; None where that is what the files say."""
        values = self._values(content)
        changes = [
            each
            for each in field_changes(content, self.wanted.spec, values)
            # A PATCH of ours sends other guards than an update, and each update sends all anew.
            if each.field.partition(".")[0] != "guards"
        ]
        if not changes:
            return None
        told = [_told(each) for each in changes[:NAMED]]
        if len(changes) > NAMED:
            told.append(f"and {len(changes) - NAMED} more")
        return Standing(
            Word.DRIFTED,
            f"somebody updated it by hand: {'; '.join(told)}",
            Owner.LECTURER,
            "\n".join(self._ways_back(content, values, changes)),
            last_action(self.live),
        )

    def _values(self, content: LiveContent) -> Mapping[str, JsonValue]:
        """What an update would send, in the form that the stack has: `8` for "8" is no change."""
        spec, sent = self.wanted.spec, _sent(content)
        values = values_to_send(spec, without_secrets(spec), content.environment)
        return {
            name: sent[name] if name in sent and _text(sent[name]) == _text(value) else value
            for name, value in values.items()
        }

    def _ways_back(
        self, content: LiveContent, values: Mapping[str, JsonValue], changes: Iterable[FieldChange]
    ) -> Iterator[str]:
        options = list(self._options(_sent(content), values))
        line = shlex.join(["openstack", "stack", "update", "--existing", *options, self.live.name])
        told_whole = bool(options) and line.isprintable() and len(line) <= LONGEST
        if told_whole and all(each.field.startswith("parameters.") for each in changes):
            yield line
        else:
            yield (
                f"any change of it in {self.wanted.path}: its update sends all anew, "
                "and the plan shows what that does"
            )
        yield f"or, if nothing on it has to stay: appstore reset {address(self.entry)}"

    def _options(
        self, sent: Mapping[str, JsonValue], values: Mapping[str, JsonValue]
    ) -> Iterator[str]:
        """What gives its parameters their values back; what is hidden is never told."""
        spec = self.wanted.spec
        for name, value in sorted(values.items()):
            secret = name in spec.hidden or isinstance(spec.parameters.get(name), SecretRef)
            if not secret and (name not in sent or sent[name] != value):
                yield f"--parameter={name}={_text(value)}"
        for name in sorted(sent.keys() - values.keys()):
            yield f"--clear-parameter={name}"


def touched(entries: Iterable[Entry], owner: str) -> tuple[Touched, ...]:
    """The stacks at rest whose last change may have been somebody else's.

    One that says to differ from the files is left out: the plan reads and shows it anyway.
    """
    return tuple(
        Touched(entry, wanted, live)
        for entry, wanted, live in at_rest(entries)
        if live.updated is not None
        and isinstance(tags := read_tags(live.tags, owner), Ours)
        and same_spec(wanted, tags)
    )


def _told(change: FieldChange) -> str:
    now = "is not there" if change.old is None else f"is {change.old}"
    written = "do not have it" if change.new is None else f"say {change.new}"
    return f"{change.field} {now}, the files {written}"


def _sent(content: LiveContent) -> Mapping[str, JsonValue]:
    sent = content.environment.get("parameters")
    return sent if isinstance(sent, dict) else {}


def _text(value: JsonValue) -> str:
    """As a person hands it to `openstack`, which sends every value as text."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
