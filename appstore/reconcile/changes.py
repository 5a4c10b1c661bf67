"""What an update changes, field by field: parameters, template, files, guards.

Equality is that of JSON: what Heat adds to an environment by itself is no change (README of
appstore, fact 4.2).
"""

import json
from collections.abc import Iterator, Mapping

from appstore.documents.marks import JsonValue
from appstore.reconcile.changes_text import lines_changed, shown, shown_pair
from appstore.reconcile.difference import SECRET, FieldChange
from appstore.reconcile.hot.evaluate import FUNCTION_NAMES
from appstore.reconcile.hot.stack import hidden_parameters
from appstore.reconcile.request import LiveContent
from appstore.wanted.digest import written_forms
from appstore.wanted.environment import OURS, written
from appstore.wanted.spec import SecretRef, Spec

Written = Mapping[str, JsonValue]


def field_changes(
    live: LiveContent, spec: Spec, values: Mapping[str, JsonValue]
) -> tuple[FieldChange, ...]:
    """Every changed field, parameters first; `values` are those to be sent, by parameter."""
    hidden = hidden_parameters(live.template) | spec.hidden
    return (
        *_parameters(live, spec, values, hidden),
        *_template(live.template, spec.template, hidden),
        *_files(live.files, spec.files),
        *_environment(live.environment, hidden),
        *_guards(_restrictions(live.environment), spec.restrictions),
    )


def same_json(one: object, other: object) -> bool:
    """Equality of JSON, in which 1, 1.0, true and "1" are four values."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _parameters(
    live: LiveContent, spec: Spec, values: Mapping[str, JsonValue], hidden: frozenset[str]
) -> Iterator[FieldChange]:
    sent = _mapping(live.environment.get("parameters"))
    before, after = written(live.environment), written_forms(spec.parameters)
    for name in sorted({*sent, *(before or {}), *after, *values}):
        secret = name in hidden or isinstance(spec.parameters.get(name), SecretRef)
        old, new = (before or {}).get(name), after.get(name)
        if secret or _is_secret(old):
            if not _seen_to_differ(name, before, sent, new):
                continue
            yield _change("parameters", name, *_masked(name in sent or old is not None, new))
        elif old is not None and new is not None and not same_json(old, new):
            yield _change("parameters", name, *shown_pair(_bare(old), _bare(new)))
        elif not same_json(sent.get(name), values.get(name)):
            yield _change("parameters", name, *shown_pair(sent.get(name), values.get(name)))


def _seen_to_differ(
    name: str, before: Written | None, sent: Mapping[str, JsonValue], new: JsonValue
) -> bool:
    """A hidden value is compared by how it was written, never by the mask that Heat returns."""
    if before is not None and name in before:
        return not same_json(before[name], new)
    return (name in sent) != (new is not None)


def _masked(was_there: bool, new: JsonValue) -> tuple[str | None, str | None]:
    return (SECRET if was_there else None), (SECRET if new is not None else None)


def _is_secret(form: JsonValue) -> bool:
    return isinstance(form, dict) and "secret" in form


def _bare(form: JsonValue) -> JsonValue:
    """`small` of `{size: small}`, `3` of `{value: 3}`."""
    if isinstance(form, dict) and len(form) == 1:
        return next(iter(form.values()))
    return form


def _template(
    old: Mapping[str, JsonValue], new: Mapping[str, JsonValue], hidden: frozenset[str]
) -> Iterator[FieldChange]:
    for section in sorted({*old, *new}):
        before, after = old.get(section), new.get(section)
        if section == "parameters":
            before, after = _without_secrets(before, hidden), _without_secrets(after, hidden)
        yield from _below(f"template.{section}", before, after)


def _without_secrets(section: JsonValue, hidden: frozenset[str]) -> JsonValue:
    """A hidden parameter's default is a value as well."""
    if not isinstance(section, dict):
        return section
    return {
        name: {key: SECRET if key == "default" else item for key, item in declared.items()}
        if name in hidden and isinstance(declared, dict)
        else declared
        for name, declared in section.items()
    }


def _below(field: str, old: JsonValue, new: JsonValue) -> Iterator[FieldChange]:
    """The changed leaves of two trees; lists and function calls are shown whole."""
    if same_json(old, new):
        return
    if _opens(old) and _opens(new):
        before, after = _mapping(old), _mapping(new)
        for name in sorted({*before, *after}):
            yield from _below(f"{field}.{shown(name)}", before.get(name), after.get(name))
        return
    yield FieldChange(field, *shown_pair(old, new))


def _opens(value: JsonValue) -> bool:
    return isinstance(value, dict) and not (len(value) == 1 and next(iter(value)) in FUNCTION_NAMES)


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FieldChange]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield _change("files", name, *lines_changed(old.get(name), new.get(name)))


def _environment(
    environment: Mapping[str, JsonValue], hidden: frozenset[str]
) -> Iterator[FieldChange]:
    """What our update takes out of an environment that somebody else had sent."""
    for name, value in sorted(_mapping(environment.get("parameter_defaults")).items()):
        if name not in OURS:
            old = SECRET if name in hidden else shown(value)
            yield _change("environment.parameter_defaults", name, old, None)
    for name, value in sorted(_mapping(environment.get("resource_registry")).items()):
        if name != "resources" and name != value:  # Heat adds nested.yaml: nested.yaml itself
            yield _change("environment.resource_registry", name, shown(value), None)


def _guards(
    old: Mapping[str, JsonValue], new: Mapping[str, JsonValue], path: str = "guards"
) -> Iterator[FieldChange]:
    """Changed `restricted_actions`, each under the path of its resource (`guards.group/*`)."""
    if not same_json(old.get("restricted_actions"), new.get("restricted_actions")):
        pair = shown_pair(old.get("restricted_actions"), new.get("restricted_actions"))
        yield FieldChange(path, *pair)
    separator = "." if path == "guards" else "/"
    for name in sorted({*old, *new} - {"restricted_actions"}):
        inner = f"{path}{separator}{shown(name)}"
        yield from _guards(_mapping(old.get(name)), _mapping(new.get(name)), inner)


def _restrictions(environment: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    return _mapping(_mapping(environment.get("resource_registry")).get("resources"))


def _change(field: str, name: str, old: str | None, new: str | None) -> FieldChange:
    return FieldChange(f"{field}.{shown(name)}", old, new)


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}
