"""What every model of a document shares: frozen, strict, no unknown fields."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

from appstore.documents.problems import wrong

ONE_LINE = r"^[^\r\n]*$"
LANGUAGE = r"^[a-z]{2}$"
ACCOUNT = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


class Model(BaseModel):
    """A document or a part of one; types are never coerced (`"3"` is not a number)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _day(value: object) -> date:
    try:
        if isinstance(value, str) and len(value) == 10 and value.isascii():
            day = date.fromisoformat(value)
            if 2000 <= day.year <= 2100:
                return day
    except ValueError:
        pass
    raise wrong(
        "document/date",
        "must be a day of the calendar between 2000 and 2100",
        "Write it as YYYY-MM-DD, for example 2026-10-01.",
    )


def _line_or_mapping(value: object) -> object:
    if not isinstance(value, str | dict):
        raise wrong(
            "document/wrong-type",
            "must be a line of text, or one line per language",
            'Write a text in quotes, or for example {en: "Web lab", de: "Weblabor"}.',
        )
    return value


def _tag_of_text(value: object) -> str:
    return "<languages>" if isinstance(value, dict) else "<line>"


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]
Account = Annotated[str, StringConstraints(pattern=ACCOUNT, max_length=100)]
"""A user name of the forge, never an e-mail address."""

Text = Annotated[
    Annotated[Line, Tag("<line>")] | Annotated[Mapping[Language, Line], Tag("<languages>")],
    Discriminator(_tag_of_text),
    BeforeValidator(_line_or_mapping),
]
"""A line for people: one string, or one per language (`{en: ..., de: ...}`)."""
