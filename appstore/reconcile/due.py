"""For whom there is something to do."""

from appstore.reconcile.decision import Act
from appstore.reconcile.plan import Plan


def due_lecturers(plan: Plan) -> tuple[str, ...]:
    """The lecturers with at least one change that may be made now, by name.

    What waits, is refused or is held for a person is no work for a run.
    """
    acting = {entry.lecturer for entry in plan.allowed() if isinstance(entry.decision, Act)}
    return tuple(sorted(acting))
