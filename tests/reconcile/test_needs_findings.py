"""A version that says neither in its template nor in its contract what it takes is warned about."""

import pytest
from registry_samples import V1, registry_of

from appstore.documents.findings import Severity
from appstore.reconcile.needs.findings import footprint_findings

PORTS = """\
heat_template_version: 2018-08-31
parameters:
  many: {{type: number}}
resources:
  seed: {{type: OS::Heat::RandomString}}
  ports:
    type: OS::Heat::ResourceGroup
    properties:
      count: {count}
      resource_def: {{type: OS::Neutron::Port}}
"""
COMPUTED = PORTS.format(count="{get_attr: [seed, value]}")
DECLARED = "footprint: {instances: 1, cores: 1, ram_mb: 512}\n"


@pytest.mark.parametrize("count", ["4", "{get_param: many}"])
def test_a_count_that_is_written_is_no_finding(count: str) -> None:
    registry = registry_of({f"{V1}/heat.yaml": PORTS.format(count=count)})
    assert list(footprint_findings(registry)) == []


def test_a_count_that_only_heat_knows_is_a_warning() -> None:
    registry = registry_of({f"{V1}/heat.yaml": COMPUTED})
    [finding] = footprint_findings(registry)
    assert (finding.path, finding.rule) == (f"{V1}/version.yaml", "version/footprint")
    assert finding.severity is Severity.WARNING
    assert "the count of ports cannot be told" in finding.message


def test_a_declaration_answers_it() -> None:
    edit = {f"{V1}/heat.yaml": COMPUTED, f"{V1}/version.yaml": DECLARED}
    assert list(footprint_findings(registry_of(edit))) == []
