"""The needs of a stack: every resource of its evaluated template, groups and nested ones too."""

from collections import Counter
from collections.abc import Mapping
from typing import cast

from appstore.reconcile.effects_groups import member_of, value_of
from appstore.reconcile.effects_policies import GROUPS
from appstore.reconcile.hot.stack import Resource, Stack, nested_template, read_stack
from appstore.reconcile.hot.values import SYMBOLS, Budget, Secret, Value, comparable
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Needs
from appstore.reconcile.needs.resources import SERVER, CannotTell, counts, number
from appstore.reconcile.request import LiveContent
from appstore.wanted.extent import MAX_DEPTH
from appstore.wanted.spec import Logical, Plain, SecretRef, Spec

TOO_LARGE = Needs(unknown=("the template is too large to count",))


def needs_of_spec(spec: Spec) -> Needs:
    """What one instance takes that is made now; where the template cannot tell, as declared."""
    values: dict[str, Value] = {}
    for name, parameter in spec.parameters.items():
        match parameter:
            case Plain(value):
                values[name] = cast(Value, value)
            case Logical(resolved=resolved):
                values[name] = resolved
            case SecretRef():
                values[name] = Secret(name)
    return declared(needs_of_template(spec.template, spec.files, values), spec)


def needs_of_content(live: LiveContent) -> Needs:
    """What a live stack takes by what it was last sent."""
    given = live.environment.get("parameters")
    values = cast("dict[str, Value]", given) if isinstance(given, dict) else {}
    return needs_of_template(live.template, live.files, values)


def needs_of_template(
    template: Mapping[str, object], files: Mapping[str, str], values: Mapping[str, Value]
) -> Needs:
    """The needs of a template with these parameter values; never raises."""
    if not comparable(template, values):
        return TOO_LARGE
    budget = Budget()
    return needs_of_stack(read_stack("", template, files, values, budget), budget)


def needs_of_stack(stack: Stack, budget: Budget) -> Needs:
    """The needs of an evaluated stack; `budget` bounds what nested templates may cost."""
    count = _Count(budget)
    count.stack(stack, 1, 0)
    return Needs(+count.counts, +count.flavors, tuple(count.unknown))


def declared(needs: Needs, spec: Spec) -> Needs:
    """What the contract declares takes the place of what the template does not say.

    Networks and the like are not declared: of those what can be counted still counts.
    """
    if not needs.unknown or (told := spec.footprint) is None:
        return needs
    said = {
        Kind.INSTANCES: told.instances,
        Kind.CORES: told.cores,
        Kind.RAM: told.ram_mb,
        Kind.FLOATING_IPS: told.floating_ips,
    }
    return Needs({**needs.counts, **said})


class _Count:
    def __init__(self, budget: Budget) -> None:
        self.counts: Counter[Kind] = Counter()
        self.flavors: Counter[str] = Counter()
        self.unknown: dict[str, None] = {}
        self._budget = budget

    def stack(self, stack: Stack, times: int, level: int) -> None:
        for name, resource in stack.resources.items():
            external = resource.external_id
            outside = external is not None and not isinstance(external, SYMBOLS)
            if outside or resource.enabled is False:
                continue
            if external is not None or resource.enabled is not True:
                self._say(stack.path + name, "existence")
            else:
                self._resource(stack.path + name, resource, stack.files, times, level)

    def _resource(
        self, path: str, resource: Resource, files: Mapping[str, str], times: int, level: int
    ) -> None:
        if not self._budget.spend(1) or level > MAX_DEPTH:
            self._say(path, "extent")
            return
        properties = resource.properties
        if not isinstance(properties, dict):
            self._say(path, "properties")
            return
        try:
            if resource.type in GROUPS:
                self._group(path, resource, files, times, level)
            elif resource.type in files:
                self._nested(path, resource.type, properties, files, times, level)
            else:
                for kind, count in counts(resource.type, properties).items():
                    self.counts[kind] += times * count
                if resource.type == SERVER:
                    self.flavors[_flavor(resource)] += times
        except CannotTell as reason:
            self._say(path, str(reason))

    def _group(
        self, path: str, group: Resource, files: Mapping[str, str], times: int, level: int
    ) -> None:
        member = member_of(group)
        if member is None:
            raise CannotTell("members")
        many = times * _members(group)
        if many:
            self._resource(f"{path}[*]", member, files, many, level + 1)

    def _nested(
        self,
        path: str,
        key: str,
        given: Mapping[str, Value],
        files: Mapping[str, str],
        times: int,
        level: int,
    ) -> None:
        template = nested_template(files[key])
        if template is None:
            raise CannotTell("contents")
        inner = read_stack(f"{path}/", template, files, given, self._budget)
        self.stack(inner, times, level + 1)

    def _say(self, path: str, what: str) -> None:
        self.unknown[f"the {what} of {path} cannot be told from the template"] = None


def _members(group: Resource) -> int:
    if group.type == "OS::Heat::ResourceGroup":
        written = value_of(group, "count")
        return 1 if written is None else number(written, "count")
    wished = value_of(group, "desired_capacity")
    least = value_of(group, "min_size")
    return number(least if wished is None else wished, "number of members")


def _flavor(server: Resource) -> str:
    flavor = value_of(server, "flavor")
    if isinstance(flavor, str | int):
        return str(flavor)
    raise CannotTell("flavor")
