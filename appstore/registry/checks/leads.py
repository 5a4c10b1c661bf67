"""Whether the scheduled run comes often enough for machines to be awake when a class begins."""

from collections.abc import Iterator

from appstore.documents.findings import Finding, Severity
from appstore.documents.marks import Path
from appstore.registry.draft import Draft


def check_leads(draft: Draft) -> Iterator[Finding]:
    """One warning for each lead shorter than two intervals: one run may be late or fail."""
    if draft.site is None:
        return
    interval = draft.site.model.ci.schedule_minutes
    for course in draft.courses.values():
        leads: list[tuple[int, Path]] = []
        schedule = course.model.schedule
        if schedule is not None and schedule.classes:
            leads.append((schedule.lead, ("schedule", "lead")))
        freezes = enumerate(course.model.freezes)
        leads += [(freeze.lead, ("freezes", number, "lead")) for number, freeze in freezes]
        for lead, at in leads:
            if lead < 2 * interval:
                yield course.finding(
                    "registry/lead",
                    f"Machines are to be awake {lead} minutes before, but the scheduled run comes"
                    f" only every {interval} minutes and may be late once.",
                    f"Set `lead` to {2 * interval} or more, or ask the admins for a shorter"
                    " `schedule_minutes` in deployments/site.yaml.",
                    at,
                    Severity.WARNING,
                )
