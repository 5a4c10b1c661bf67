"""One version, worked out once for all deployments that use it."""

from collections.abc import Mapping
from dataclasses import dataclass

from appstore.documents.catalog import Approval, Endpoint, Footprint
from appstore.documents.findings import Finding
from appstore.documents.marks import Document, JsonValue
from appstore.registry.registry import TemplateVersion
from appstore.wanted.checks import template_findings
from appstore.wanted.closure import closure
from appstore.wanted.contract import Rule, output_findings, rules
from appstore.wanted.digest import canonical, content_digest
from appstore.wanted.extent import extent_findings
from appstore.wanted.guards import guards
from appstore.wanted.hot_parameters import hot_parameters
from appstore.wanted.validation import Validation

MAX_BODY = 1024 * 1024
"""Bytes of a request to Heat (`max_json_body_size`)."""

RESERVE = 8 * 1024
"""Bytes kept for name, tags and punctuation."""


@dataclass(frozen=True, slots=True)
class CompiledVersion:
    """What is sent for every instance of a version, and the rules for its parameters.

    `guards` forbid to replace servers and volumes. `room` is how many bytes of the request are
    left for parameters. `paths` are the files of the repository that decide about it, `approval`
    included.
    """

    ref: str
    template: Mapping[str, JsonValue]
    files: Mapping[str, str]
    guards: Mapping[str, JsonValue]
    rules: Mapping[str, Rule]
    validation: Validation
    hidden: frozenset[str]
    endpoints: Mapping[str, Endpoint]
    footprint: Footprint | None
    timeout_minutes: int
    content: str
    room: int
    paths: tuple[str, ...]
    approval: Document[Approval] | None


def compile_version(
    version: TemplateVersion, types: tuple[str, ...]
) -> CompiledVersion | tuple[Finding, ...]:
    """The compiled version, or everything that is wrong with it; `types` are the site's."""
    heat, contract = version.heat, version.contract
    found = closure(version)
    parameters, parameter_findings = hot_parameters(heat)
    made, contract_findings = rules(contract, parameters)
    findings = [
        *found.findings,
        *parameter_findings,
        *contract_findings,
        *output_findings(contract, heat),
    ]
    for template in (heat, *found.templates.values()):
        findings.extend(template_findings(template, found.files, types))
    if not findings:  # the nesting is whole and free of cycles
        findings.extend(extent_findings(heat, found.templates))
    if findings:
        return tuple(sorted(set(findings)))
    restrictions = guards(heat, found.templates)
    size = sum(len(canonical(part)) for part in (heat.model, found.files, restrictions))
    if (room := MAX_BODY - RESERVE - size) < 0:
        return (
            heat.finding(
                "hot/too-large",
                "The template and its files are larger than 1 MiB together; Heat takes no more.",
                "Let the instance download what is long.",
            ),
        )
    return CompiledVersion(
        ref=version.ref,
        template=heat.model,
        files=found.files,
        guards=restrictions,
        rules=made,
        validation=Validation({name: rule.schema for name, rule in made.items()}),
        hidden=frozenset(name for name, parameter in parameters.items() if parameter.hidden),
        endpoints=contract.model.endpoints,
        footprint=contract.model.footprint,
        timeout_minutes=contract.model.timeout,
        content=content_digest(heat.model, found.files),
        room=room,
        paths=(
            f"{version.folder.rpartition('/')[0]}/template.yaml",
            *((version.approval.path,) if version.approval else ()),
            contract.path,
            heat.path,
            *(f"{version.folder}/{key}" for key in sorted(found.files)),
        ),
        approval=version.approval,
    )
