"""The generated schemas: fresh, valid, described, and never stricter than the models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # a JSON Schema is plain JSON

import pytest
from documents_samples import GOOD
from jsonschema import Draft202012Validator

from appstore.documents.base import Model
from appstore.documents.explain import PATTERNS_IN_WORDS
from appstore.documents.parse import parse
from appstore.documents.schemas import generate
from appstore.documents.strict import OURS, load

FOLDER = Path(__file__).parents[2] / "schemas"
SCHEMAS = {name: json.loads(text) for name, text in generate().items()}


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside of a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from inside(item)


def validator(model: type[Model]) -> Draft202012Validator:
    schema = SCHEMAS[f"{model.__name__.lower()}.schema.json"]
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_committed_files_are_fresh() -> None:
    committed = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.schema.json")}
    assert committed == dict(generate()), "run: appstore schemas"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_explains_every_field(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == name
    for part in inside(schema):
        if part.get("additionalProperties") is False and "properties" in part and "title" in part:
            for field, about in part["properties"].items():
                assert about.get("description"), f"{part['title']}.{field}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_pattern_can_be_said_in_words(name: str) -> None:
    for part in inside(SCHEMAS[name]):
        if isinstance(pattern := part.get("pattern"), str):
            assert pattern in PATTERNS_IN_WORDS
        if isinstance(patterns := part.get("patternProperties"), dict):
            assert patterns.keys() <= PATTERNS_IN_WORDS.keys()


@pytest.mark.parametrize(("model", "text"), GOOD)
def test_what_a_model_accepts_its_schema_accepts(model: type[Model], text: str) -> None:
    document = parse(model, "f.yaml", text.encode())
    assert not isinstance(document, tuple), document
    value = load("f.yaml", text.encode(), OURS).value
    assert [error.message for error in validator(model).iter_errors(value)] == []


@pytest.mark.parametrize(("model", "text"), GOOD)
def test_both_refuse_an_unknown_field_and_a_wrong_type(model: type[Model], text: str) -> None:
    value = load("f.yaml", text.encode(), OURS).value
    assert value is not None
    changes: list[dict[str, object]] = [{"nonsense": 1}, {next(iter(value)): [[]]}]
    for change in changes:
        broken = {**value, **change}
        assert list(validator(model).iter_errors(broken))
        assert isinstance(parse(model, "f.yaml", json.dumps(broken).encode()), tuple)
