"""The difference between a live stack and what an update would send."""

import json
from collections.abc import Mapping
from typing import cast

from appstore.documents.marks import JsonValue
from appstore.reconcile.changes import field_changes
from appstore.reconcile.difference import Difference, Effect, FieldChange, ResourceEffect
from appstore.reconcile.effects_losses import loss
from appstore.reconcile.effects_place import Place
from appstore.reconcile.effects_policies import GROUPS
from appstore.reconcile.effects_stack import EffectSearch, Schemas
from appstore.reconcile.hot.stack import Stack, hidden_parameters, nested_template, read_stack
from appstore.reconcile.hot.values import Budget, Secret, Unknown, Value, comparable
from appstore.reconcile.needs.count import declared, needs_of_stack
from appstore.reconcile.needs.needs import Needs
from appstore.reconcile.request import LiveContent
from appstore.wanted.digest import written_forms
from appstore.wanted.environment import written
from appstore.wanted.spec import SecretRef, Spec

TOO_LARGE = Difference(
    (FieldChange("template", None, "too large to compare"),),
    (ResourceEffect("*", "*", Effect.UNKNOWN, "the stack is too large to compare"),),
    ("it is not known what this update replaces: the stack is too large to compare",),
)


def difference(
    live: LiveContent,
    spec: Spec,
    values: Mapping[str, JsonValue],
    schemas: Schemas,
    failed: frozenset[str],
    half_done: bool = False,
) -> Difference:
    """What sending `spec` to a live stack changes, and what that does to each resource.

    `values` are the parameter values to be sent (those of secrets may be missing, they are never
    looked at), `schemas` is `update_allowed` by property for each of `needed_types` (None where
    Heat does not tell), `failed` are paths of failed resources as in `FailedResource.path`,
    `half_done` is whether the last update failed, so that not all of `live` may have arrived.
    Total: what cannot be computed is UNKNOWN, never UNCHANGED.
    """
    forms = written_forms(spec.parameters)
    if not comparable(
        *(live.template, live.environment, written(live.environment)),
        *(spec.template, spec.restrictions, values, forms),
    ):
        return TOO_LARGE
    budget = Budget()
    old, new = _stacks(live, spec, values, budget)
    search = EffectSearch(schemas, budget)
    place = Place(live.files, spec.files, failed, spec.restrictions, 0, half_done)
    search.stack(old, new, place)
    found = sorted(search.found, key=lambda one: one.effect.name)
    losses = (loss(one.effect, spec.version) for one in found if not one.kept)
    return Difference(
        field_changes(live, spec, values),
        tuple(one.effect for one in found),
        tuple(dict.fromkeys(sentence for sentence in losses if sentence)),
        _needs(old, new, spec),
    )


def _needs(old: Stack, new: Stack, spec: Spec) -> tuple[Needs, Needs] | None:
    """What of the quota changes; what the contract declares holds for both versions."""
    before, after = (declared(needs_of_stack(each, Budget()), spec) for each in (old, new))
    return None if before == after else (before, after)


def needed_types(live: LiveContent, spec: Spec) -> frozenset[str]:
    """The resource types that stand on both sides, in nested templates and groups as well.

    Their schemas are what `difference` needs; a type that comes or goes needs none.
    """
    if not comparable(live.template, spec.template):
        return frozenset()
    return _types(live.template, live.files) & _types(spec.template, spec.files)


def _stacks(
    live: LiveContent, spec: Spec, values: Mapping[str, JsonValue], budget: Budget
) -> tuple[Stack, Stack]:
    """Both sides evaluated; a hidden value stands for how it was written."""
    hidden = hidden_parameters(live.template)
    forms, new_forms = written(live.environment) or {}, written_forms(spec.parameters)
    old: dict[str, Value] = {}
    for section in ("parameter_defaults", "parameters"):
        given = live.environment.get(section)
        old.update(cast("dict[str, Value]", given) if isinstance(given, dict) else {})
    for name in hidden & old.keys():
        known = name in forms
        old[name] = _secret(forms[name]) if known else Unknown(f"{name} is hidden")
    new = dict(cast("Mapping[str, Value]", values))
    for name, parameter in spec.parameters.items():
        if isinstance(parameter, SecretRef) or name in hidden & spec.hidden:
            new[name] = _secret(new_forms[name])
    return (
        read_stack("", live.template, live.files, old, budget),
        read_stack("", spec.template, spec.files, new, budget),
    )


def _secret(form: JsonValue) -> Secret:
    return Secret(json.dumps(form, sort_keys=True))


def _types(template: Mapping[str, object], files: Mapping[str, str]) -> frozenset[str]:
    found: set[str] = set()
    waiting = _resources(template)
    while waiting:
        body = waiting.pop()
        kind = body.get("type") if isinstance(body, Mapping) else None
        if not isinstance(body, Mapping) or not isinstance(kind, str):
            continue
        properties = body.get("properties")
        if kind in GROUPS and isinstance(properties, Mapping):
            waiting.append(properties.get(GROUPS[kind]))
        if kind in files and kind not in found:
            waiting.extend(_resources(nested_template(files[kind]) or {}))
        found.add(kind)
    return frozenset(found - files.keys())


def _resources(template: Mapping[str, object]) -> list[object]:
    resources = template.get("resources")
    return list(resources.values()) if isinstance(resources, Mapping) else []
