"""A lead shorter than twice the interval of the scheduled run is a warning."""

import pytest
from registry_samples import COURSE, SITE, added, registry_of

from appstore.documents.findings import Severity

CLASS = "classes: [{day: monday, from: 08:15, to: 09:45}]"
EXAM = "from: 2027-02-10T09:00, to: 2027-02-10T12:00"


@pytest.mark.parametrize(
    ("minutes", "course", "line"),
    [
        (15, f"schedule:\n  {CLASS}\n", None),  # the default lead is three intervals
        (15, f"schedule:\n  {CLASS}\n  lead: 30\n", None),
        (15, f"schedule:\n  {CLASS}\n  lead: 29\n", 13),
        (60, f"schedule:\n  {CLASS}\n", 11),
        (60, "schedule:\n  homework: [{day: daily, from: 18:00, to: 20:00}]\n  lead: 0\n", None),
        (60, f"freezes:\n- {{{EXAM}}}\n", None),
        (60, f"freezes:\n- {{{EXAM}, lead: 119}}\n", 12),
        (5, f"schedule:\n  {CLASS}\n  lead: 10\nfreezes: [{{{EXAM}, lead: 10}}]\n", None),
    ],
)
def test_a_lead_is_long_enough_for_one_late_run(minutes, course, line) -> None:
    site = added(SITE, f"ci: {{schedule_minutes: {minutes}}}\n")
    found = registry_of({**site, **added(COURSE, course)}).findings

    assert [(f.path, f.line, f.rule, f.severity) for f in found] == (
        [(COURSE, line, "registry/lead", Severity.WARNING)] if line else []
    )
    if found:
        assert f"every {minutes} minutes" in found[0].message
        assert f"{2 * minutes} or more" in found[0].hint
