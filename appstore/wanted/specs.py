"""Specs of deployments: versions are compiled once, equal deployments share one spec."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from appstore.documents.deployment import Deployment, Secret
from appstore.documents.site import Cloud
from appstore.wanted.compiled import CompiledVersion
from appstore.wanted.digest import spec_digest
from appstore.wanted.parameters import Problem, parameters, sizes
from appstore.wanted.spec import Spec


@dataclass(frozen=True, slots=True)
class Specs:
    """Makes specs for the lecturers of one site and remembers them."""

    clouds: Mapping[str, Cloud]
    _made: dict[tuple[str, str, bool, str], Spec | tuple[Problem, ...]] = field(
        default_factory=dict
    )

    def of(
        self, version: CompiledVersion, deployment: Deployment, cloud: str
    ) -> Spec | tuple[Problem, ...]:
        """The spec of a deployment on a cloud of the site, or what is wrong with it."""
        accepts = deployment.accept_replace == version.ref
        written = json.dumps(deployment.parameters, sort_keys=True, default=Secret.model_dump)
        key = (version.ref, cloud, accepts, written)
        if key not in self._made:
            self._made[key] = _spec(version, deployment, self.clouds[cloud], accepts)
        return self._made[key]


def _spec(
    version: CompiledVersion, deployment: Deployment, cloud: Cloud, accepts: bool
) -> Spec | tuple[Problem, ...]:
    found = parameters(version, cloud, deployment.parameters)
    if isinstance(found, tuple):
        return found
    return Spec(
        version=version.ref,
        template=version.template,
        files=version.files,
        parameters=found,
        restrictions={} if accepts else version.guards,
        accept_replace=accepts,
        hidden=version.hidden,
        timeout_minutes=version.timeout_minutes,
        digest=spec_digest(version.content, found, version.timeout_minutes, accepts),
        guards=version.guards,
        footprint=version.footprint,
        sizes=sizes(version, cloud),
    )
