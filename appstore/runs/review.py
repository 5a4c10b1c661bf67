"""review: may this merge request be merged? From git alone; no forge and no cloud is asked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from appstore.documents.findings import Finding, Severity
from appstore.documents.plan_file import FileFinding
from appstore.documents.policy import Risk
from appstore.documents.review_file import NeededReview, ReviewedChange, ReviewFile
from appstore.govern.people import People
from appstore.govern.review import Need, Verdict, decide
from appstore.govern.review_change import Change
from appstore.govern.review_changes import changes_between
from appstore.govern.review_checks import proposal_findings
from appstore.govern.roles import Roles
from appstore.govern.sheet import sheets_of
from appstore.govern.sides import side_of
from appstore.govern.tiers import Tier
from appstore.report.sheet import sheet_values
from appstore.report.wording import counted
from appstore.runs.validate import validate
from appstore.source.proposal import Proposed
from appstore.source.tree import Conflict, Tree


def review(proposed: Proposed, people: People, now: datetime) -> ReviewFile:
    """Decide on a merge request: rights, needed reviews, tier, findings.

    Policy, roles and mappings are those of the target, the content is that of the merge result.
    `now` (aware) is for warnings about past dates only.
    """
    base = side_of(proposed.target.files, proposed.target.findings)
    roles = Roles(base.registry, people.forge)
    if isinstance(proposed.merged, Conflict):
        return _file(
            proposed, people, (), Verdict(Tier.NORMAL, ()), proposed.merged.findings, roles
        )
    merged = side_of(proposed.merged.files, proposed.merged.findings)
    risk = base.registry.site.model.risk if base.registry.site else Risk()
    changes = changes_between(base, merged, proposed.changed, risk)
    verdict = decide(changes, risk, roles, people)
    findings = (
        *_of_the_proposal(proposed, proposed.merged, now),
        *proposal_findings(base, merged, proposed.changed, now.date()),
    )
    made = _file(proposed, people, changes, verdict, findings, roles)
    sheets = map(sheet_values, sheets_of(base.registry, merged.registry))
    return made.model_copy(update={"sheets": tuple(sheets)})


def _of_the_proposal(proposed: Proposed, merged: Tree, now: datetime) -> Iterable[Finding]:
    """What is wrong in the merge result and was not before, or lies in a file that it changes."""
    known = {one.gist for one in validate(proposed.target, now).findings}
    for finding in validate(merged, now).findings:
        if finding.path in proposed.changed or finding.gist not in known:
            yield finding


def _each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted; of an error and a warning about the same the error."""
    found = sorted(set(findings))
    errors = {finding.gist for finding in found if finding.severity is Severity.ERROR}
    return tuple(f for f in found if f.severity is Severity.ERROR or f.gist not in errors)


def _file(
    proposed: Proposed,
    people: People,
    changes: tuple[Change, ...],
    verdict: Verdict,
    findings: Iterable[Finding],
    roles: Roles,
) -> ReviewFile:
    found = _each_once(findings)
    invalid = any(finding.severity is Severity.ERROR for finding in found)
    word: Literal["enough", "missing", "invalid"] = "enough" if verdict.enough else "missing"
    return ReviewFile(
        format="1",
        base=proposed.base,
        head=proposed.head,
        author=people.author,
        verdict="invalid" if invalid else word,
        tier=verdict.tier.word,
        merge_alone=verdict.alone and verdict.enough and not invalid,
        needs=_needs(verdict.needs, people, roles),
        changes=tuple(ReviewedChange(path=c.path, rule=c.rule, what=c.what) for c in changes),
        findings=tuple(map(FileFinding.of, found)),
    )


def _needs(needs: Iterable[Need], people: People, roles: Roles) -> tuple[NeededReview, ...]:
    """One entry for each review that is asked for, however many changes ask for it.

    One change may ask for two people of the same role: they stay two entries.
    """
    asked: defaultdict[tuple[object, ...], list[Need]] = defaultdict(list)
    for need in needs:
        who = (need.roles, need.change.approver.casefold(), need.rule)
        number = sum(need.change == other.change for other in asked[*who, 0])
        asked[*who, number].append(need)
    return tuple(_need(group, people, roles) for group in asked.values() if group)


def _need(group: Sequence[Need], people: People, roles: Roles) -> NeededReview:
    first, files = group[0], {need.change.path for need in group}
    more = f" (and in {counted(len(files) - 1, 'more file')})" if len(files) > 1 else ""
    given = [need.given_by for need in group]
    able = {key: one for role in first.roles for key, one in roles.holders(role).items()}
    if first.account:
        able = {first.account.casefold(): first.account}
    else:
        able.pop(first.change.approver.casefold(), None)
    able.pop(people.author.casefold(), None)
    return NeededReview(
        role=" or ".join(dict.fromkeys(map(str, first.roles))),
        who=tuple(sorted(able.values())),
        why=first.why + more,
        rule=first.rule,
        path=first.change.path,
        line=first.change.line,
        given_by=() if None in given else tuple(sorted({one for one in given if one})),
    )
