"""Whatever stands in the documents of other jobs: the note's structure and line starts are ours."""

import json
import re
from typing import Any, TypeVar  # documents are plain JSON here

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_hostile import hostile_text
from report_note_samples import DELETE, EVERYTHING, OUTCOME, REVIEW, UPDATE, create, entry
from report_note_samples import plan as plan_of
from report_rendered import acts

from appstore.documents.base import Model
from appstore.documents.outcome_file import OutcomeFile
from appstore.documents.plan_file import PlanFile
from appstore.documents.review_file import ReviewFile, VersionSheet
from appstore.report.note import MARKER, note_text

URL = "https://forge.example.org/jobs/1"
OURS = frozenset(
    [
        MARKER,
        URL,
        "<details><summary>All details</summary>",
        "<details><summary>Alle Einzelheiten</summary>",
        "</details>",
    ]
)
START = re.compile(r"$| |- |#### `|```+$|\*\*|\[|[0-9]+ [a-zA-Z]|Digest `|Kennung |Run `|Lauf `|<")

M = TypeVar("M", bound=Model)
ENTRIES = (create(1), create(2), UPDATE, DELETE, entry("big", "refuse"))
FIXED = {"format", "decision", "verdict", "tier"}
"""The fields that a model holds to words of its own."""


@st.composite
def spoiled(draw: st.DrawFn, value: Any) -> Any:
    """The document with other texts in any places; ids keep their slashes most of the time."""
    match value:
        case dict():
            return {k: v if k in FIXED else draw(spoiled(v)) for k, v in value.items()}
        case list():
            return [draw(spoiled(each)) for each in value]
        case str() if draw(st.booleans()):
            texts = [draw(hostile_text()) for _ in range(value.count("/") + 1)]
            return "/".join(texts)
        case _:
            return value


def documents(model: type[M], sample: M) -> st.SearchStrategy[M]:
    """That model, with texts of others."""
    return spoiled(json.loads(sample.model_dump_json())).map(model.model_validate)


FULL = PlanFile.model_validate(
    {
        **json.loads(EVERYTHING),
        "base": "a" * 40,
        "entries": json.loads(plan_of(*ENTRIES).model_dump_json())["entries"],
    }
)
SHEET = VersionSheet(
    version="web-lab@1.1.0", before="web-lab@1.0.0", changed=("a", "b"), difference=("+ a", "/b")
)
plans = documents(PlanFile, FULL)
reviews = documents(ReviewFile, REVIEW.model_copy(update={"sheets": (SHEET,)}))
outcomes = documents(OutcomeFile, OUTCOME.model_copy(update={"outcomes": OUTCOME.outcomes[:4]}))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans, st.none() | reviews, st.none() | outcomes, st.sampled_from(["en", "de"]))
def test_any_text_anywhere_changes_no_structure(
    plan: PlanFile, review: ReviewFile | None, outcome: OutcomeFile | None, language: str
) -> None:
    note = note_text(plan, review, outcome, language, URL)
    assert acts(note, OURS) == []
    assert note.startswith(f"{MARKER}\n")
    for line in note.splitlines():
        assert START.match(line), line
        assert not line.startswith("<") or line in OURS


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans, st.integers(1_500, 6_000))
def test_a_cut_note_has_the_same_structure(plan: PlanFile, limit: int) -> None:
    note = note_text(plan, None, None, "en", URL, limit=limit)
    assert acts(note, OURS) == []
    lines = note.splitlines()
    assert sum(line.startswith("<details>") for line in lines) == lines.count("</details>")
    assert len(note.encode()) <= limit
