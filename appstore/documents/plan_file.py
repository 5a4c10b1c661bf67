"""What `plan --out` writes and `apply --reviewed` reads; its schema is published with the others.

`format` grows when a reader of the former one would misread it.
"""

from typing import Annotated, Literal

from pydantic import Field

from appstore.documents.base import Model
from appstore.documents.findings import Finding, Severity

Strings = Annotated[tuple[str, ...], Field(strict=False)]


class PlannedAct(Model):
    """What is done to one instance."""

    action: Annotated[str, Field(description="The word for it, such as create or update.")]
    steps: Annotated[Strings, Field(description="The requests to Heat, in order.")]
    why: Annotated[str, Field(description="Why it is done; empty where that is plain.")]
    cause: Annotated[str | None, Field(description="The line that orders it, as path:line.")]


class WantedState(Model):
    """What the files want of one instance."""

    spec: Annotated[str, Field(description="The digest of template, files and parameters.")]
    generation: Annotated[int, Field(description="How often it was ordered to be made anew.")]


class LiveState(Model):
    """What lived when the plan was made."""

    id: Annotated[str, Field(description="The id of the Heat stack.")]
    status: Annotated[str, Field(description="Heat's word for its state.")]
    spec: Annotated[str | None, Field(description="The digest that it was last sent.")]
    generation: Annotated[int | None, Field(description="Which of the ordered ones it is.")]


class ChangedField(Model):
    """One field that an update changes."""

    field: Annotated[str, Field(description="Which one, such as parameters.size.")]
    old: Annotated[str | None, Field(description="As it is; null where it is not there.")]
    new: Annotated[str | None, Field(description="As it will be; null where it goes.")]


class EffectOnResource(Model):
    """What an update does to one resource."""

    name: Annotated[str, Field(description="The resource in the template.")]
    type: Annotated[str, Field(description="Its type, such as OS::Nova::Server.")]
    effect: Annotated[str, Field(description="What happens to it, such as replaced or unknown.")]
    why: Annotated[str, Field(description="Because of what.")]


class PlannedDifference(Model):
    """What an update changes and does."""

    fields: Annotated[
        tuple[ChangedField, ...], Field(strict=False, description="What changes in the request.")
    ]
    effects: Annotated[
        tuple[EffectOnResource, ...], Field(strict=False, description="What that does.")
    ]
    losses: Annotated[Strings, Field(description="What is lost, in sentences.")]


class PlannedEntry(Model):
    """One instance that is not simply as wanted; which fields are there follows from `decision`."""

    id: Annotated[str, Field(description="<lecturer>/<course>/<deployment>/<member>.")]
    stack: Annotated[str, Field(description="The name of its Heat stack.")]
    cloud: Annotated[str, Field(description="The cloud, as clouds.yaml calls it.")]
    project: Annotated[str, Field(description="The OpenStack project.")]
    version: Annotated[str, Field(description="The wanted version; empty where none is wanted.")]
    decision: Annotated[
        Literal["act", "wait", "refuse", "stuck", "look"],
        Field(description="What becomes of it in this run."),
    ]
    act: Annotated[
        PlannedAct | None,
        Field(description="What is done; with `wait`, what is done when its batch comes."),
    ] = None
    why: Annotated[str | None, Field(description="Why it is not done now.")] = None
    until: Annotated[str | None, Field(description="Until when it waits, if that is known.")] = None
    rule: Annotated[str | None, Field(description="The rule that refuses it.")] = None
    next_step: Annotated[str | None, Field(description="What a person can do.")] = None
    at: Annotated[str | None, Field(description="What must still be read to decide.")] = None
    destructive: Annotated[bool, Field(description="Whether it takes something from somebody.")]
    health: Annotated[str, Field(description="The live stack in one word; asleep is healthy.")]
    wanted: Annotated[WantedState | None, Field(description="Null where no file wants it.")]
    live: Annotated[LiveState | None, Field(description="Null where there is no stack.")]
    difference: Annotated[
        PlannedDifference | None, Field(description="For an update whose stack was read.")
    ]
    warnings: Annotated[Strings, Field(description="Sentences that change nothing.")]


class LaterInstance(Model):
    """An instance that is not made yet."""

    id: Annotated[str, Field(description="<lecturer>/<course>/<deployment>/<member>.")]
    begins: Annotated[str, Field(description="When it is made.")]
    zone: Annotated[str, Field(description="The time zone of its course.")]


class EndingNotice(Model):
    """Machines that end within days."""

    deployment: Annotated[str, Field(description="<lecturer>/<course>/<deployment>.")]
    machines: Annotated[int, Field(description="How many.")]
    days: Annotated[int, Field(description="In how many days.")]
    last_day: Annotated[str, Field(description="The last day, YYYY-MM-DD.")]
    cause: Annotated[str, Field(description="The line that says so, as path:line.")]


class UnplannedProject(Model):
    """A project that could not be planned."""

    lecturer: Annotated[str, Field(description="Whose it is; empty for nobody's.")]
    cloud: Annotated[str, Field(description="The cloud.")]
    project: Annotated[str, Field(description="The OpenStack project.")]
    rule: Annotated[str, Field(description="The rule that keeps it out.")]
    why: Annotated[str, Field(description="Why.")]
    next_step: Annotated[str, Field(description="What a person can do.")]


class HeldFolder(Model):
    """A lecturer for whom nothing is planned because of a finding."""

    lecturer: Annotated[str, Field(description="The lecturer's folder.")]


class OrphanedStack(Model):
    """A stack of ours in a project that no lecturer maps."""

    cloud: Annotated[str, Field(description="The cloud.")]
    project: Annotated[str, Field(description="The OpenStack project.")]
    stack: Annotated[str, Field(description="Its name.")]
    id: Annotated[str, Field(description="Its id.")]


class MissingQuota(Model):
    """One limit that is too low for the plan."""

    quota: Annotated[str, Field(description="Which one, such as cores.")]
    limit: Annotated[int, Field(description="The limit now.")]
    used: Annotated[int, Field(description="What of it is in use.")]
    wanted: Annotated[int, Field(description="The limit with which everything fits.")]


class ProjectShortage(Model):
    """What a project lacks for the whole plan."""

    cloud: Annotated[str, Field(description="The cloud.")]
    project: Annotated[str, Field(description="The OpenStack project.")]
    missing: Annotated[
        tuple[MissingQuota, ...], Field(strict=False, description="The limits that are too low.")
    ]
    request: Annotated[Strings, Field(description="A text for the OpenStack admin.")]
    commands: Annotated[Strings, Field(description="What that admin would run.")]


class QuotaUse(Model):
    """What the plan adds to one quota."""

    cloud: Annotated[str, Field(description="The cloud.")]
    project: Annotated[str, Field(description="The OpenStack project.")]
    quota: Annotated[str, Field(description="Which one, such as cores.")]
    adds: Annotated[int, Field(description="How much the plan adds.")]
    left: Annotated[int, Field(description="What is left of it without the plan.")]
    limit: Annotated[int, Field(description="The limit.")]


class FileFinding(Model):
    """Something wrong in a file."""

    path: Annotated[str, Field(description="The file.")]
    line: Annotated[int, Field(description="The line.")]
    column: Annotated[int, Field(description="The column.")]
    rule: Annotated[str, Field(description="The rule that it breaks.")]
    severity: Annotated[str, Field(description="error or warning.")]
    message: Annotated[str, Field(description="What is wrong.")]
    hint: Annotated[str, Field(description="What to do about it.")]

    @classmethod
    def of(cls, finding: Finding) -> "FileFinding":
        """The finding as a part of a document."""
        return cls(
            path=finding.path,
            line=finding.line,
            column=finding.column,
            rule=finding.rule,
            severity=str(finding.severity),
            message=finding.message,
            hint=finding.hint,
        )

    def finding(self) -> Finding:
        """The finding that it was made of."""
        severity = Severity(self.severity)
        place = (self.path, self.line, self.column)
        return Finding(*place, self.rule, self.message, self.hint, severity)


class PlanFile(Model):
    """A whole plan; `digest` covers format, owner and every change with what it was made from."""

    format: Annotated[Literal["1"], Field(description="The format of this file.")]
    owner: Annotated[str, Field(description="The installation that it is for.")]
    commit: Annotated[str | None, Field(description="The commit; null for a merge result.")]
    now: Annotated[str, Field(description="The moment that it was made for.")]
    digest: Annotated[str, Field(description="What two equal plans have in common.")]
    settled: Annotated[int, Field(description="How many instances are as wanted.")]
    entries: Annotated[
        tuple[PlannedEntry, ...], Field(strict=False, description="All other instances.")
    ]
    later: Annotated[
        tuple[LaterInstance, ...], Field(strict=False, description="What is not made yet.")
    ] = ()
    notices: Annotated[
        tuple[EndingNotice, ...], Field(strict=False, description="What ends soon.")
    ] = ()
    unplanned: Annotated[
        tuple[UnplannedProject, ...], Field(strict=False, description="Projects left out.")
    ]
    held: Annotated[
        tuple[HeldFolder, ...], Field(strict=False, description="Lecturers with a finding.")
    ]
    orphans: Annotated[
        tuple[OrphanedStack, ...], Field(strict=False, description="Stacks of nobody.")
    ]
    shortages: Annotated[
        tuple[ProjectShortage, ...], Field(strict=False, description="Quotas that are too low.")
    ]
    findings: Annotated[
        tuple[FileFinding, ...], Field(strict=False, description="What is wrong in files.")
    ]
    uses: Annotated[
        tuple[QuotaUse, ...], Field(strict=False, description="What it adds to quotas.")
    ] = ()
    base: Annotated[
        str | None, Field(description="The target's commit, where the plan is of a proposal.")
    ] = None
    head: Annotated[str | None, Field(description="The commit that is proposed.")] = None
    drift: Annotated[
        int, Field(description="How many changes wait on the target already; not in entries.")
    ] = 0
    withdrawn: Annotated[
        Strings, Field(description="What the target would make and the proposal does not want.")
    ] = ()
    findings_before: Annotated[
        int, Field(description="How many findings the target has already; not in findings.")
    ] = 0
