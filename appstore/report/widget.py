"""The counts that GitLab's terraform widget shows on a merge request."""

from appstore.reconcile.decision import Action, planned_act
from appstore.reconcile.plan import Plan

_COUNTED = {
    Action.CREATE: ("create",),
    Action.RECREATE: ("create", "delete"),
    Action.DELETE: ("delete",),
}


def widget_json(plan: Plan) -> dict[str, int]:
    """Only these three numbers; a reset counts twice, all that keeps its machine as an update."""
    counts = {"create": 0, "update": 0, "delete": 0}
    for entry in plan.entries:
        if (act := planned_act(entry.decision)) is not None:
            for kind in _COUNTED.get(act.action, ("update",)):
                counts[kind] += 1
    return counts
