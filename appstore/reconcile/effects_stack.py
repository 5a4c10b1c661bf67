"""What an update does to each resource, stack inside stack."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from appstore.reconcile.changes_text import shown
from appstore.reconcile.difference import Effect, ResourceEffect
from appstore.reconcile.effects_attributes import fate, given_by_both, moves
from appstore.reconcile.effects_groups import (
    failed_members,
    in_order,
    index_range,
    member_count,
    member_of,
    value_of,
)
from appstore.reconcile.effects_place import Found, Place
from appstore.reconcile.effects_policies import (
    COUNTS,
    GROUPS,
    INERT,
    OPAQUE,
    heals,
    perhaps,
    property_effect,
    worst,
)
from appstore.reconcile.hot.compare import compare, references
from appstore.reconcile.hot.fates import UNTOLD, Fate, Sameness
from appstore.reconcile.hot.stack import Resource, Stack, nested_template, read_stack
from appstore.reconcile.hot.values import Budget, Symbol, Value

MAX_LEVEL = 5  # Heat's max_nested_stack_depth
RESOURCE_COST = 100  # what judging one resource costs beside evaluating it
Schemas = Mapping[str, Mapping[str, bool] | None]
Judgement = tuple[Effect, str]
Differing = Mapping[str, Sameness]


class EffectSearch:
    """Goes through both stacks in the order of their references and notes what is not unchanged."""

    def __init__(self, schemas: Schemas, budget: Budget) -> None:
        self.schemas = schemas
        self.fates: dict[str, Fate] = {}
        self._moved: set[str] = set()
        self.found: list[Found] = []
        self._budget = budget

    def stack(self, old: Stack, new: Stack, place: Place) -> bool:
        """Judge every resource of two versions of one stack; True when something changes."""
        noted = len(self.found)
        for name in in_order(old, new):
            self.resource(
                new.path + name, name, old.resources.get(name), new.resources.get(name), place
            )
        return len(self.found) > noted

    def resource(
        self, path: str, name: str, old: Resource | None, new: Resource | None, place: Place
    ) -> None:
        """Judge one resource; `name` is its key among the guards of its place."""
        self.fates[path] = Fate(Effect.UNCHANGED)
        before: bool | Symbol = old.enabled if old else False
        after: bool | Symbol = new.enabled if new else False
        match before, after:
            case False, False:
                self.fates[path] = Fate(Effect.DELETED)
            case True, False if old:
                self.whole(path, name, old, Effect.DELETED, "is no longer in the template", place)
            case False, True if new:
                self.note(path, name, new, Effect.ADDED, "is new in the template", place)
            case _ if old and new and (before is after or self._same(before, after)):
                self._changed(path, name, old, new, place)
            case _:
                kind = new or old
                why = "whether it exists depends on a condition that only Heat can evaluate"
                if kind:
                    self.whole(path, name, kind, Effect.UNKNOWN, why, place)

    def note(
        self, path: str, name: str, resource: Resource, effect: Effect, why: str, place: Place
    ) -> None:
        """Remember an effect, for the result and for the resources that refer to this one.

        `resource` is the old one where there is one: its deletion policy decides what is kept.
        """
        self.fates[path] = Fate(effect)
        if effect is not Effect.UNCHANGED:
            seen = ResourceEffect(path, resource.type, effect, why, place.guarded(name))
            gone = effect in (Effect.REPLACED, Effect.DELETED)
            self.found.append(Found(seen, gone and resource.deletion_policy == "Retain"))

    def whole(
        self, path: str, name: str, resource: Resource, effect: Effect, why: str, place: Place
    ) -> None:
        """The same effect for a resource and for everything inside it."""
        self.note(path, name, resource, effect, why, place)
        for inner_path, inner_name, inner in self._inside(path, resource, place):
            if inner.enabled is not False:
                self.whole(inner_path, inner_name, inner, effect, why, place.inside(name))

    def _changed(self, path: str, name: str, old: Resource, new: Resource, place: Place) -> None:
        if old.type in place.old_files and new.type in place.new_files:
            self._nested(path, name, old, new, place)
        elif old.type != new.type:
            why = f"its type changes from {shown(old.type)} to {shown(new.type)}"
            self.whole(path, name, old, Effect.REPLACED, why, place)
        elif new.type in GROUPS:
            self._group(path, name, old, new, place)
        else:
            differing = self._differing(old.properties, new.properties)
            effect, why = self._judge(path, old, new, differing, place)
            self.note(path, name, old, effect, why, place)
            self._leave(path, old, new, effect, differing)

    def _leave(
        self, path: str, old: Resource, new: Resource, effect: Effect, differing: Differing
    ) -> None:
        """Remember what the resources that refer to this one will find."""
        if moves(differing) or not self._moved.isdisjoint(references(new.properties)):
            self._moved.add(path)
        given = given_by_both(old.properties, new.properties)
        self.fates[path] = fate(new.type, effect, differing, given, path in self._moved)

    def _nested(self, path: str, name: str, old: Resource, new: Resource, place: Place) -> None:
        """A template as a resource: its properties are the parameters of the stack inside."""
        if path in place.failed:  # a failed stack inside is told by its own failed resources
            self.whole(path, name, old, Effect.REPLACED, "it is failed", place)
            return
        same = self._same(old.properties, new.properties)
        before = self._read(path, old, place.old_files, place.level)
        after = self._read(path, new, place.new_files, place.level)
        if before is None or after is None:
            if not same or place.old_files != place.new_files:
                why = "the template inside cannot be compared"
                self.note(path, name, new, Effect.UNKNOWN, why, place)
            return
        inside = self.stack(before, after, place.inside(name))
        outputs = self._same(dict(before.outputs), dict(after.outputs))
        if inside or not same or not outputs:
            self.note(path, name, new, Effect.UPDATED, "the stack inside is updated", place)
            given = {
                key: compare(before.outputs.get(key), after.outputs[key], self.fates)
                for key in after.outputs
            }
            # `get_resource` gives the output OS::stack_id where there is one.
            self.fates[path] = Fate(Effect.UPDATED, given.get("OS::stack_id"), given)

    def _read(
        self, path: str, resource: Resource, files: Mapping[str, str], level: int
    ) -> Stack | None:
        """The stack inside; None where its template is unreadable or there is too much of it."""
        given = resource.properties
        if self._budget.left <= 0 or level >= MAX_LEVEL or not isinstance(given, dict):
            return None
        template = nested_template(files[resource.type])
        if template is None:
            return None
        stack = read_stack(path + "/", template, files, given, self._budget)
        self._budget.spend(RESOURCE_COST * (1 + len(stack.resources)))
        return stack

    def _inside(
        self, path: str, resource: Resource, place: Place
    ) -> Iterator[tuple[str, str, Resource]]:
        """Path, guard name and definition of what stands directly inside a resource."""
        if resource.type in GROUPS and (member := member_of(resource)):
            yield f"{path}[*]", "*", member
        if resource.type in place.old_files:
            inner = self._read(path, resource, place.old_files, place.level)
            for name, child in sorted(inner.resources.items()) if inner else ():
                yield path + "/" + name, name, child

    def _group(self, path: str, name: str, old: Resource, new: Resource, place: Place) -> None:
        """A group of resources made after one definition; members are judged as `group[*]`."""
        differing = self._differing(old.properties, new.properties)
        effect, why = self._judge(path, old, new, differing, place)
        before, after = member_of(old), member_of(new)
        if effect is not Effect.UNCHANGED and (before is None or after is None):
            effect, why = Effect.UNKNOWN, "the definition of its members is computed by Heat"
        if effect is Effect.REPLACED or before is None or after is None:
            self.whole(path, name, old, effect, why, place)
            return
        noted = len(self.found)
        members = place.inside(name)
        kept = self._members(path, old, new, members)
        if kept != 0:
            self.resource(f"{path}[*]", "*", before, after, members)
        for index, failed in failed_members(path, place.failed):
            if kept is None or int(index) < kept:
                at = replace(members, failed=failed)
                guards = index if index in members.guards else "*"
                self.resource(f"{path}[{index}]", guards, before, after, at)
        if effect is Effect.UNCHANGED and len(self.found) > noted:
            effect, why = Effect.UPDATED, "its members change"
        self.note(path, name, new, effect, why, place)
        self._leave(path, old, new, effect, differing)

    def _members(self, path: str, old: Resource, new: Resource, place: Place) -> int | None:
        """Note members that come and go; returns how many stay, None where that is unknown."""
        member, gone = member_of(new), member_of(old)
        counts = member_count(old), member_count(new)
        same = all(self._same(value_of(old, key), value_of(new, key)) for key in COUNTS[new.type])
        match counts:
            case (int(before), int(after)) if same:
                return min(before, after)
            case (int(before), int(after)) if value_of(old, "removal_policies") == value_of(
                new, "removal_policies"
            ):
                why = f"the number of members changes from {before} to {after}"
                at = f"{path}[{index_range(before, after)}]"
                if after > before and member:
                    self.note(at, "*", member, Effect.ADDED, why, place)
                elif gone and after < before:
                    self.whole(at, "*", gone, Effect.DELETED, why, place)
                return min(before, after)
            case _ if not same and gone:
                why = "which members are added or removed is known only to Heat"
                self.whole(f"{path}[?]", "*", gone, Effect.UNKNOWN, why, place)
        return None

    def _judge(
        self, path: str, old: Resource, new: Resource, differing: Differing, place: Place
    ) -> Judgement:
        """The effect on a resource by its own properties, its state and what it refers to."""
        if new.type in INERT:
            return Effect.UNCHANGED, ""
        reasons: list[Judgement] = []
        if path in place.failed:
            if heals(new.type):
                why = "it is failed: Heat replaces it unless it finds it in order"
                reasons.append((Effect.UNKNOWN, why))
            else:
                reasons.append((Effect.REPLACED, "it is failed"))
        reasons.extend(
            perhaps(*each) if place.half_done else each
            for each in self._properties(old, new, differing)
        )
        reasons.extend(
            (Effect.UPDATED, f"its {field} changes")
            for field in ("metadata", "update_policy", "deletion_policy")
            if not self._same(getattr(old, field), getattr(new, field))
        )
        if not self._same(old.external_id, new.external_id):
            reasons.append((Effect.UNKNOWN, "its external_id changes"))
        return worst(reasons)

    def _differing(self, old: Value, new: Value) -> Differing:
        """The properties that are not the same; none where Heat computes them as a whole."""
        if not isinstance(old, dict) or not isinstance(new, dict):
            return {}
        compared = {
            name: compare(old.get(name), new.get(name), self.fates)
            for name in sorted(old.keys() | new.keys())
        }
        return {name: same for name, same in compared.items() if same is not Sameness.SAME}

    def _properties(
        self, old: Resource, new: Resource, differing: Differing
    ) -> Iterator[Judgement]:
        if not isinstance(old.properties, dict) or not isinstance(new.properties, dict):
            if not self._same(old.properties, new.properties):
                yield Effect.UNKNOWN, "its properties are computed as a whole by Heat"
            return
        schema = self.schemas.get(new.type)
        for name, same in differing.items():
            before, after = old.properties.get(name), new.properties.get(name)
            if schema is None or new.type in OPAQUE:
                effect, words = Effect.UNKNOWN, "changes, and what that does is not known"
            else:
                effect, words = property_effect(
                    new.type, name, same, old.properties, new.properties, schema
                )
            if same is Sameness.MAYBE:
                words = "may change"
            yield effect, f"{shown(name)} {words}{self._because(before, after)}"

    def _because(self, before: Value, after: Value) -> str:
        """The resources that a value refers to, where only they make the difference."""
        calm = dict.fromkeys(references(before) | references(after), Fate(Effect.UNCHANGED))
        if compare(before, after, calm) is not Sameness.SAME:
            return ""
        causes = (
            f'"{shown(path)}" {self.fates.get(path, UNTOLD).effect}'
            for path in sorted(references(after))
            if self.fates.get(path, UNTOLD).effect is not Effect.UNCHANGED
        )
        return f" ({', '.join(causes)})"

    def _same(self, old: Value, new: Value) -> bool:
        return compare(old, new, self.fates) is Sameness.SAME
