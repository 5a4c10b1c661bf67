"""From a path and bytes to a document, or to everything that is wrong with it."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from appstore.documents.explain import explain
from appstore.documents.findings import Finding
from appstore.documents.layout import Place, kind_of
from appstore.documents.marks import Document, JsonValue
from appstore.documents.rules import broken_rules
from appstore.documents.strict import HEAT, OURS, load

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(model: type[ModelT], path: str, data: bytes) -> Document[ModelT] | tuple[Finding, ...]:
    """The document of this model at this path, or its findings (at least one); never raises.

    Rules that differ by kind (a deployment with or without a course) follow from the path.
    """
    place = kind_of(path)
    if not isinstance(place, Place):
        return (place,)
    loaded = load(path, data, OURS)
    if loaded.value is None:
        return loaded.findings
    try:
        document = Document(path, model.model_validate(loaded.value), loaded.marks)
    except ValidationError as error:
        raw = Document(path, loaded.value, loaded.marks)
        return tuple(sorted({*loaded.findings, *explain(error, model, raw)}))
    findings = (*loaded.findings, *broken_rules(document, place.kind))
    return tuple(sorted(findings)) if findings else document


def parse_heat(path: str, data: bytes) -> Document[Mapping[str, JsonValue]] | tuple[Finding, ...]:
    """heat.yaml, or another YAML file for Heat, as Heat reads it; or its findings."""
    loaded = load(path, data, HEAT)
    if loaded.value is None or loaded.findings:
        return loaded.findings
    return Document(path, loaded.value, loaded.marks)
