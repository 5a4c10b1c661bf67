"""The order inside one project, as a table."""

from dataclasses import replace

import pytest
from apply_samples import LINE, entry, farewell, seat

from appstore.apply.waves import deployment, waves
from appstore.reconcile.decision import Act, Action, Step
from appstore.reconcile.difference import Difference
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Needs
from appstore.reconcile.plan import Entry
from appstore.wanted.states import Cause


def act(name: str, action: Action, cause: Cause | None = None, base: bool = False) -> Entry:
    return entry(seat(name, base=base), None, Act(action, (Step.DELETE,), "", cause))


BASE = act("base", Action.UPDATE, base=True)
BASE_DELETE = act("base", Action.DELETE, LINE, base=True)
CREATE = act("create", Action.CREATE)
RESET = act("reset", Action.RECREATE, LINE)
UPDATE = act("update", Action.UPDATE)
GROWTH = Difference((), (), (), (Needs(), Needs({Kind.PORTS: 1})))
GROW = replace(
    act("grow", Action.UPDATE),
    decision=Act(Action.UPDATE, (Step.UPDATE,), ""),
    difference=GROWTH,
)
END = act("end", Action.END)
ORDERED = act("ordered", Action.DELETE, LINE)
UNORDERED = act("unordered", Action.DELETE)


@pytest.mark.parametrize(
    ("entries", "order"),
    [
        ([], []),
        ([UPDATE], [[UPDATE]]),
        ([CREATE, BASE], [[BASE], [CREATE]]),
        ([BASE_DELETE, UPDATE, UNORDERED], [[UPDATE], [UNORDERED], [BASE_DELETE]]),
        ([CREATE, ORDERED, UNORDERED], [[ORDERED], [CREATE], [UNORDERED]]),
        ([RESET, ORDERED], [[ORDERED], [RESET]]),
        ([GROW, UPDATE, ORDERED], [[ORDERED], [GROW, UPDATE]]),
        # nothing needs room, so nobody waits for the deletes
        ([ORDERED, UNORDERED, UPDATE, END], [[UPDATE, END], [ORDERED, UNORDERED]]),
    ],
)
def test_waves(entries: list[Entry], order: list[list[Entry]]) -> None:
    found = [[each for _, each in wave] for wave in waves(list(enumerate(entries)))]
    assert found == order


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (seat("s01"), "cs101/web-lab"),
        (seat("s02", deployment="shell"), "cs101/shell"),
        (farewell("s01"), "cs101/web-lab"),
        (seat("net", base=True), "net"),
    ],
)
def test_deployment(subject: object, expected: str) -> None:
    assert deployment(entry(subject, None, Act(Action.CREATE, (), ""))) == expected  # type: ignore[arg-type]
