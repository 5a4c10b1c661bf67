"""From a path and bytes to a document, or to everything that is wrong with it."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from appstore.documents.explain import explain
from appstore.documents.findings import Finding
from appstore.documents.marks import Document, JsonValue
from appstore.documents.strict import HEAT, OURS, load

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse(model: type[ModelT], path: str, data: bytes) -> Document[ModelT] | tuple[Finding, ...]:
    """The document of this model, or its findings (at least one, in order); never raises.

    Each field is right by itself then; what must hold between fields and files is the registry's.
    """
    loaded = load(path, data, OURS)
    if loaded.value is None:
        return loaded.findings
    try:
        document = Document(path, model.model_validate(loaded.value), loaded.marks)
    except ValidationError as error:
        raw = Document(path, loaded.value, loaded.marks)
        return tuple(sorted([*loaded.findings, *explain(error, model, raw)]))
    return loaded.findings or document


def parse_heat(path: str, data: bytes) -> Document[Mapping[str, JsonValue]] | tuple[Finding, ...]:
    """heat.yaml, or another YAML file for Heat, as Heat reads it; or its findings."""
    loaded = load(path, data, HEAT)
    if loaded.value is None or loaded.findings:
        return loaded.findings
    return Document(path, loaded.value, loaded.marks)
