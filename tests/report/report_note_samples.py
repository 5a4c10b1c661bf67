"""The documents from which a note is made."""

from appstore.documents.outcome_file import InstanceOutcome, OutcomeFile
from appstore.documents.plan_file import (
    ChangedField,
    EffectOnResource,
    PlanFile,
    PlannedAct,
    PlannedDifference,
    PlannedEntry,
)
from appstore.documents.review_file import NeededReview, ReviewedChange, ReviewFile

FOLDER = "deployments/ada/net101"


def entry(
    member: str,
    decision: str,
    act: PlannedAct | None = None,
    deployment: str = "",
    difference: PlannedDifference | None = None,
) -> PlannedEntry:
    """An entry of ada/net101; a refusal is one for lack of quota, of the member as deployment."""
    refused = decision == "refuse"
    name, whose = (deployment or member, "course") if refused else (deployment, member)
    step = f"Write `size: small` in {FOLDER}/{name}.yaml: then it fits."
    return PlannedEntry(
        id=f"ada/net101/{name}/{whose}",
        stack=f"net101--{name}--{whose}",
        cloud="main",
        project="ada",
        version="" if act and act.action == "delete" else "web-lab@1.1.0",
        decision=decision,  # type: ignore[arg-type]
        act=act,
        why="0 of 1 fit" if refused else None,
        rule="quota" if refused else None,
        next_step=f"{step}\nopenstack quota set --cores 40 ada" if refused else None,
        destructive=bool(act and act.action in ("delete", "update")),
        health="healthy",
        wanted=None,
        live=None,
        difference=difference,
        warnings=(),
    )


def create(number: int, why: str = "") -> PlannedEntry:
    """A seat's new machine."""
    act = PlannedAct(action="create", steps=("create",), why=why, cause=None)
    return entry(f"s{number:02d}", "act", act, "lab")


UPDATE = entry(
    "course",
    "act",
    PlannedAct(action="update", steps=("update",), why="", cause=f"{FOLDER}/signup.yaml:1"),
    "signup",
    PlannedDifference(
        fields=(
            ChangedField(field="parameters.size", old="small", new="large"),
            ChangedField(field="parameters.note", old=None, new="hi"),
        ),
        effects=(
            EffectOnResource(
                name="lab", type="OS::Nova::Server", effect="replaced", why="image changes"
            ),
        ),
        losses=('the server "lab" is replaced: what is on its disk is lost',),
    ),
)
DELETE = entry(
    "course",
    "act",
    PlannedAct(
        action="delete", steps=("delete",), why="state is absent", cause=f"{FOLDER}/old.yaml:4"
    ),
    "old",
)


def plan(*entries: PlannedEntry) -> PlanFile:
    """A proposal's plan."""
    return PlanFile(
        format="1",
        owner="teaching",
        commit=None,
        now="2026-11-23T12:00:00+00:00",
        digest="1.digest",
        settled=0,
        entries=entries,
        unplanned=(),
        held=(),
        orphans=(),
        shortages=(),
        findings=(),
        base="a" * 40,
        head="b" * 40,
        drift=12,
    )


REVIEW = ReviewFile(
    format="1",
    base="a" * 40,
    head="b" * 40,
    author="ada",
    verdict="missing",
    tier="normal",
    merge_alone=False,
    needs=(
        NeededReview(
            role="admin of informatics",
            who=("cleo",),
            why="It uses a new template.",
            rule="review/template",
            path=f"{FOLDER}/lab.yaml",
            line=0,
            given_by=("cleo",),
        ),
        NeededReview(
            role="admin of informatics",
            who=("anna", "bob"),
            why="A machine is deleted.",
            rule="review/delete",
            path=f"{FOLDER}/old.yaml",
            line=4,
        ),
    ),
    changes=(
        ReviewedChange(
            path=f"{FOLDER}/old.yaml", rule="change/absent", what="orders 1 machine to be deleted"
        ),
    ),
    findings=(),
)


def _ended(number: int) -> InstanceOutcome:
    failed = number < 3
    return InstanceOutcome(
        id=f"ada/net101/lab/s{number:02d}",
        stack=f"net101--lab--s{number:02d}",
        action="create",
        result="failed" if failed else "done",
        why="The quota of `20` cores is used up." if failed else "",
        next_step="Raise the quota." if failed else "",
        owner="openstack-admin" if failed else "",
    )


OUTCOME = OutcomeFile(
    format="1",
    run="req-1",
    commit="c" * 40,
    plan="1.digest",
    started="2026-11-23T12:00:00+00:00",
    ended="2026-11-23T12:10:00+00:00",
    outcomes=tuple(map(_ended, range(1, 31))),
    already=("ada/net101/old/course",),
    findings=(),
)

EVERYTHING = """{
 "format": "1", "owner": "o", "commit": null, "now": "x", "digest": "1.d", "settled": 0,
 "entries": [], "withdrawn": ["ada/net101/lab/s01", "ada/net101/lab/s02"], "findings_before": 1,
 "later": [{"id": "ada/net101/new/s01", "begins": "2027-03-01T08:00:00+00:00",
            "zone": "Europe/Berlin"}],
 "notices": [{"deployment": "ada/net101/lab", "machines": 2, "days": 3, "last_day": "2027-02-01",
              "cause": "c:1"}],
 "unplanned": [{"lecturer": "bob", "cloud": "main", "project": "b", "rule": "cloud",
                "why": "No answer.", "next_step": "Check it."}],
 "held": [{"lecturer": "cleo"}],
 "orphans": [{"cloud": "main", "project": "old", "stack": "x--y", "id": "1"}],
 "shortages": [{"cloud": "main", "project": "ada", "request": [], "commands": ["openstack x"],
   "missing": [{"quota": "cores", "limit": 20, "used": 18, "wanted": 40}]}],
 "uses": [{"cloud": "main", "project": "ada", "quota": "cores", "adds": 22, "left": 2,
            "limit": 20}],
 "findings": [{"path": "deployments/x.yaml", "line": 3, "column": 1, "rule": "a/b",
               "severity": "error", "message": "Wrong.", "hint": "Mend it."}]
}"""
"""A plan with one of everything but entries."""
