"""Versions of which a plan could not say what they take of a quota."""

from collections.abc import Iterator, Mapping

from appstore.documents.findings import Finding, Severity
from appstore.reconcile.hot.values import Value
from appstore.reconcile.needs.count import needs_of_template
from appstore.registry.registry import Registry, TemplateVersion
from appstore.wanted.closure import closure
from appstore.wanted.hot import mapping

_SAMPLES: Mapping[str, Value] = {"number": 1, "boolean": False, "json": {}}
"""What stands for a parameter without a default: only whether a number can be told matters."""


def footprint_findings(registry: Registry) -> Iterator[Finding]:
    """A warning for each sound version that neither says nor declares what it takes."""
    for version in registry.versions():
        told = version.contract.model.footprint is not None
        if version.ref not in registry.broken_versions and not told:
            yield from _finding(version)


def _finding(version: TemplateVersion) -> Iterator[Finding]:
    files = closure(version).files
    parameters = mapping(version.heat.model.get("parameters"))
    samples = {
        name: _SAMPLES.get(str(mapping(body).get("type")), "x")
        for name, body in parameters.items()
        if mapping(body).get("default") is None
    }
    needs = needs_of_template(version.heat.model, files, samples)
    if needs.unknown:
        yield version.contract.finding(
            "version/footprint",
            f"What an instance takes of the quota is not known: {needs.unknown[0]}.",
            "Write it out in heat.yaml, or declare it: "
            "footprint: {instances: 1, cores: 2, ram_mb: 4096, floating_ips: 1}.",
            severity=Severity.WARNING,
        )
