"""Rail 10: what a plan adds must fit into what the project's quota has left.

A deployment is taken whole or not at all, in the plan's order; a later one that still fits comes
in. Half a class with machines helps nobody to teach, and the change that makes all fit (a smaller
size, fewer seats) is one line in a file while nothing of it lives, but a resize of running machines
afterwards. Who wants to begin with some names them: a filtered run is judged by what it carries
out. So a deployment is refused only when it truly does not fit beside those before it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from appstore.reconcile.decision import Act, Action, Refuse
from appstore.reconcile.needs.claims import Claim, claims, is_base, makes_room
from appstore.reconcile.needs.count import needs_of_spec
from appstore.reconcile.needs.kinds import Kind, words
from appstore.reconcile.needs.room import Room
from appstore.reconcile.needs.shortage import Missing, Shortage, Use
from appstore.reconcile.plan import Entry
from appstore.reconcile.rails.rules import Rules, Verdict
from appstore.reconcile.scope import address
from appstore.wanted.spec import Logical
from appstore.wanted.stacks import WantedStack

Amounts = Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What does not fit, what could not be judged (sentences by stack name), what is missing.

    `uses` is what all of it adds, whether it fits or not.
    """

    verdicts: tuple[Verdict, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shortages: tuple[Shortage, ...] = ()
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """What one deployment adds: `each` in the order of its claims."""

    claims: tuple[Claim, ...]
    each: tuple[Amounts, ...]

    @property
    def path(self) -> str:
        """The deployment's file."""
        subject = self.claims[0].entry.subject
        return subject.path if isinstance(subject, WantedStack) else ""

    @property
    def total(self) -> Counter[Kind]:
        """All of it together."""
        return _sum(self.each)


def quota(entries: tuple[Entry, ...], rules: Rules) -> Fitted:
    """Judge the entries of one project that will be carried out as far as other rails let them."""
    run = [e for e in entries if rules.choice is None or rules.choice.takes(e)]
    room = rules.rooms.get((run[0].cloud, run[0].project)) if run else None
    if room is None:
        return Fitted()
    added = claims(run)
    excepted = _excepted(added, rules)
    units = _units((each for each in added if each not in excepted), room)
    freed = _sum(
        room.frees[e.live.id].amounts(room.flavors)
        for e in run
        if makes_room(e) and e.live and e.live.id in room.frees
    )
    tried = _sum(each.amounts(room) for each in excepted)
    left = _taken(room.left(), tried)
    uses = _uses(run[0], room, _sum([tried, *(unit.total for unit in units)]))
    refused: list[tuple[Unit, Amounts]] = []
    for bases in (True, False):  # a base acts before anything is deleted
        for unit in units:
            if is_base(unit.claims[0].entry) is not bases:
                continue
            if _fits(unit.total, left):
                left = _taken(left, unit.total)
            else:
                refused.append((unit, left))
        if bases:
            left = {kind: number + freed[kind] for kind, number in left.items()}
    warnings = {each.entry.subject.name: w for each in added if (w := _unsure(each, room))}
    if not refused:
        return Fitted((), warnings, (), uses)
    shortage = _shortage(run[0], room, freed, tried, units)
    verdicts = tuple(
        (each.entry, refusal)
        for unit, at in refused
        for refusal in [_refusal(unit, at, room, shortage)]
        for each in unit.claims
    )
    return Fitted(verdicts, warnings, (shortage,), uses)


def _uses(entry: Entry, room: Room, added: Amounts) -> tuple[Use, ...]:
    left = room.left()
    return tuple(
        Use(entry.cloud, entry.project, kind, added[kind], left[kind], limit.limit)
        for kind, limit in room.limits.items()
        if added.get(kind, 0) > 0
    )


def _units(claims: Iterable[Claim], room: Room) -> list[Unit]:
    found: dict[str, list[Claim]] = {}
    for each in claims:
        assert isinstance(each.entry.subject, WantedStack)  # nothing else is made or updated
        found.setdefault(each.entry.subject.path, []).append(each)
    return [
        Unit(tuple(alike), tuple(each.amounts(room) for each in alike)) for alike in found.values()
    ]


def _excepted(claims: Iterable[Claim], rules: Rules) -> list[Claim]:
    """What an admin lets be tried; an exception for fewer than there are is none."""
    found: list[Claim] = []
    for exception in rules.exceptions:
        if exception.rule == "quota":
            covered = [each for each in claims if exception.covers(address(each.entry))]
            if exception.max is None or len(covered) <= exception.max:
                found += (each for each in covered if each not in found)
    return found


def _unsure(each: Claim, room: Room) -> tuple[str, ...]:
    return tuple(f"its share of the quota: {why}" for why in (*each.unknown(room), *room.unread))


def _fits(added: Amounts, left: Amounts) -> bool:
    return not any(_lacking(added, left))


def _lacking(added: Amounts, left: Amounts) -> Iterator[Kind]:
    return (kind for kind in Kind if kind in left and 0 < added.get(kind, 0) > left[kind])


def _taken(left: Amounts, added: Amounts) -> dict[Kind, int]:
    return {kind: number - added.get(kind, 0) for kind, number in left.items()}


def _sum(amounts: Iterable[Amounts]) -> Counter[Kind]:
    total: Counter[Kind] = Counter()
    for each in amounts:
        total.update(each)
    return total


def _shortage(
    entry: Entry, room: Room, freed: Amounts, tried: Amounts, units: Iterable[Unit]
) -> Shortage:
    """The limits with which every deployment of the plan fits."""
    left = _taken(room.left(), tried)
    base = _sum(unit.total for unit in units if is_base(unit.claims[0].entry))
    total = _sum(unit.total for unit in units)
    missing = []
    for kind in room.limits:
        lacks = max(total[kind] - left[kind] - freed.get(kind, 0), base[kind] - left[kind])
        if lacks > 0 and total[kind] > 0:
            limit = room.limits[kind]
            missing.append(Missing(kind, limit, limit.limit + lacks))
    return Shortage(entry.cloud, entry.project, tuple(missing))


def _refusal(unit: Unit, left: Amounts, room: Room, shortage: Shortage) -> Refuse:
    many, fit = len(unit.claims), _how_many(unit, left)
    lacking = "; ".join(
        f"{words(kind)}: {unit.total[kind]} more needed, {max(0, left[kind])} left of "
        f"{room.limits[kind].limit}"
        for kind in _lacking(unit.total, left)
    )
    return Refuse(
        "quota",
        f"{fit} of {many} fit into the quota of project {shortage.project} ({lacking})",
        "\n".join(_ways_out(unit, left, room, fit, shortage)),
    )


def _ways_out(unit: Unit, left: Amounts, room: Room, fit: int, shortage: Shortage) -> Iterator[str]:
    first, many = unit.claims[0].entry, len(unit.claims)
    if found := _smaller(unit, left, room):
        every = f"all {many} fit" if many > 1 else "it fits"
        yield f"Write `{found[0]}: {found[1]}` in {unit.path}: then {every}."
    if fit:
        yield (
            f"Ask for {fit} instead of {many}, or begin with some of them by name: "
            f"appstore apply {address(first)}"
        )
    yield f"Have the OpenStack admin raise the quota: {'; '.join(shortage.commands)}"


def _how_many(unit: Unit, left: Amounts) -> int:
    """How many of its instances fit, counted in the plan's order."""
    number = 0
    for each in unit.each:
        if _fits(each, left):
            left = _taken(left, each)
            number += 1
    return number


def _smaller(unit: Unit, left: Amounts, room: Room) -> tuple[str, str] | None:
    """The largest other size with which all of a deployment's creates fit, and its parameter."""
    stack = unit.claims[0].entry.subject
    creates = (_creates(each.entry) for each in unit.claims)
    if not isinstance(stack, WantedStack) or not all(creates):
        return None
    found: list[tuple[int, int, str, str]] = []
    for parameter, sizes in stack.spec.sizes.items():
        for size in sizes:
            if size == stack.spec.parameters.get(parameter) or size.resolved not in room.flavors:
                continue
            total = _times(_amounts_with(stack, parameter, size, room), len(unit.claims))
            if _fits(total, left):
                flavor = room.flavors[size.resolved]
                found.append((flavor.cores, flavor.ram, parameter, size.name))
    return max(found)[2:] if found else None


def _amounts_with(stack: WantedStack, parameter: str, size: Logical, room: Room) -> Amounts:
    parameters = {**stack.spec.parameters, parameter: size}
    needs = needs_of_spec(replace(stack.spec, parameters=parameters))
    return {**needs.amounts(room.flavors), Kind.STACKS: 1}


def _times(amounts: Amounts, times: int) -> Amounts:
    return {kind: number * times for kind, number in amounts.items()}


def _creates(entry: Entry) -> bool:
    return isinstance(entry.decision, Act) and entry.decision.action is Action.CREATE
