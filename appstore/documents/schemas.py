"""JSON Schemas of the documents, for editors: help and checks while one types."""

import json
from collections.abc import Mapping
from typing import Any  # a JSON Schema is plain JSON

from pydantic import BaseModel

from appstore.documents.catalog import Approval, Template, Version
from appstore.documents.course import Course
from appstore.documents.deployment import Deployment
from appstore.documents.lecturer import Lecturer
from appstore.documents.outcome_file import OutcomeFile
from appstore.documents.plan_file import PlanFile
from appstore.documents.review_file import ReviewFile
from appstore.documents.site import Site

_MODELS: Mapping[str, type[BaseModel]] = {
    "approval": Approval,
    "course": Course,
    "deployment": Deployment,
    "lecturer": Lecturer,
    "outcome": OutcomeFile,
    "plan": PlanFile,
    "review": ReviewFile,
    "site": Site,
    "template": Template,
    "version": Version,
}


def generate() -> Mapping[str, str]:
    """File name below `schemas/` to its text: draft 2020-12, the same bytes every time."""
    return {f"{name}.schema.json": _schema(name, model) for name, model in _MODELS.items()}


def _schema(name: str, model: type[BaseModel]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{name}.schema.json",
        **_closed(model.model_json_schema()),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _closed(schema: Any) -> Any:
    """The schema with its keys checked, and alternatives as `anyOf`.

    pydantic leaves mappings with patterned keys open, and says `oneOf` for alternatives that our
    own discriminators keep apart; editors explain `anyOf` better.
    """
    match schema:
        case dict():
            closed = {
                "anyOf" if key == "oneOf" else key: _closed(value) for key, value in schema.items()
            }
            return closed | (
                {"additionalProperties": False} if "patternProperties" in closed else {}
            )
        case list():
            return [_closed(item) for item in schema]
        case _:
            return schema
