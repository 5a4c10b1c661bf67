"""What every model of a document shares: frozen, strict, no unknown fields."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema


class Model(BaseModel):
    """A document or a part of one; types are never coerced (`"3"` is not a number)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _day(value: object) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("write a date as YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\r\n]*$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Text = Line | Mapping[Language, Line]
"""A line for people: one string, or one per language (`{en: ..., de: ...}`)."""
