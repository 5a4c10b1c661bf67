"""One project's quota in Nova, Neutron and Cinder; a cloud without one of them has no such limits.

Numbers as fact 5.7 in the README of appstore has them. Only what the plan touches is asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keystoneauth1.adapter import Adapter
from keystoneauth1.exceptions import EndpointNotFound

from appstore.cloud.errors import CloudError
from appstore.cloud.projects import Project
from appstore.cloud.translate import translated
from appstore.reconcile.needs.kinds import Kind
from appstore.reconcile.needs.needs import Flavor
from appstore.reconcile.needs.room import Limit, Room

# Bodies of OpenStack's answers; Any because each field is checked when it is read.
Body = Mapping[str, Any]
Limits = dict[Kind, Limit]

_NOVA = {
    Kind.INSTANCES: ("maxTotalInstances", "totalInstancesUsed"),
    Kind.CORES: ("maxTotalCores", "totalCoresUsed"),
    Kind.RAM: ("maxTotalRAMSize", "totalRAMUsed"),
    Kind.SERVER_GROUPS: ("maxServerGroups", "totalServerGroupsUsed"),
}
_NEUTRON = {
    Kind.NETWORKS: "network",
    Kind.SUBNETS: "subnet",
    Kind.ROUTERS: "router",
    Kind.PORTS: "port",
    Kind.FLOATING_IPS: "floatingip",
    Kind.SECURITY_GROUPS: "security_group",
    Kind.SECURITY_GROUP_RULES: "security_group_rule",
}
_CINDER = {
    Kind.VOLUMES: ("maxTotalVolumes", "totalVolumesUsed"),
    Kind.GIGABYTES: ("maxTotalVolumeGigabytes", "totalGigabytesUsed"),
}
_SIZED = frozenset((Kind.INSTANCES, Kind.CORES, Kind.RAM))
# Neutron makes the group `default` with the first thing of a project, its four rules as well.
_DEFAULT_GROUP = {Kind.SECURITY_GROUPS: 1, Kind.SECURITY_GROUP_RULES: 4}
_PAGE = 1000


class ProjectQuotas:
    """Reads what is left in one project; `service` gives the adapter for a type of service."""

    def __init__(self, service: Callable[[str], Adapter], cloud: str, project: Project) -> None:
        self._service = service
        self._cloud = cloud
        self._project = project

    def room(self, kinds: frozenset[Kind]) -> Room:
        """The limits of these kinds that this cloud has, and its flavors if servers are among them.

        At most one request for each service, one for key pairs and one for each 1,000 flavors.
        A service that does not answer is told in `unread`, and its limits are not known.
        """
        limits: Limits = {}
        flavors: dict[str, Flavor] = {}
        unread: list[str] = []
        for service, asked, read in (
            ("compute", {*_NOVA, Kind.KEY_PAIRS}, self._nova),
            ("network", {*_NEUTRON}, self._neutron),
            ("block-storage", {*_CINDER}, self._cinder),
        ):
            if not (mine := kinds & asked):
                continue
            try:
                with translated(self._cloud, f"the look at the quota of '{self._project.name}'"):
                    adapter = self._adapter(service)
                    if adapter is not None:
                        limits.update(read(adapter, mine))
                        if mine & _SIZED:
                            flavors = dict(_flavors(adapter))
            except CloudError as error:
                unread.append(error.message)
        return Room(limits, flavors, unread=tuple(unread))

    def _adapter(self, service: str) -> Adapter | None:
        adapter = self._service(service)
        try:
            endpoint = adapter.get_endpoint()
        except EndpointNotFound:
            return None
        return adapter if endpoint else None

    def _nova(self, nova: Adapter, kinds: frozenset[Kind]) -> Limits:
        absolute = nova.get("/limits").json()["limits"]["absolute"]
        found = _limits(absolute, {k: v for k, v in _NOVA.items() if k in kinds})
        most = int(absolute["maxTotalKeypairs"])
        if Kind.KEY_PAIRS in kinds and most >= 0:
            # They belong to the user who makes the stacks, and Nova tells their number nowhere.
            found[Kind.KEY_PAIRS] = Limit(most, len(nova.get("/os-keypairs").json()["keypairs"]))
        return found

    def _neutron(self, neutron: Adapter, kinds: frozenset[Kind]) -> Limits:
        root = str(neutron.get_endpoint()).rstrip("/").removesuffix("/v2.0")
        body = neutron.get(f"{root}/v2.0/quotas/{self._project.id}/details").json()["quota"]
        to_come = {} if int(body["security_group"]["used"]) else _DEFAULT_GROUP
        found = {}
        for kind in kinds:
            row = body[_NEUTRON[kind]]
            if int(row["limit"]) >= 0:
                used = int(row["used"]) + int(row["reserved"]) + to_come.get(kind, 0)
                found[kind] = Limit(int(row["limit"]), used)
        return found

    def _cinder(self, cinder: Adapter, kinds: frozenset[Kind]) -> Limits:
        absolute = cinder.get("/limits").json()["limits"]["absolute"]
        return _limits(absolute, {k: v for k, v in _CINDER.items() if k in kinds})


def _limits(absolute: Body, names: Mapping[Kind, tuple[str, str]]) -> Limits:
    """What is limited at all: -1 means that it is not."""
    return {
        kind: Limit(int(absolute[limit]), int(absolute[used]))
        for kind, (limit, used) in names.items()
        if int(absolute[limit]) >= 0
    }


def _flavors(nova: Adapter) -> Iterator[tuple[str, Flavor]]:
    """Every flavor by its id and by its name; a name that is another's id means that other."""
    rows: list[Body] = []
    more = True
    while more:
        marker = {"marker": rows[-1]["id"]} if rows else {}
        body = nova.get("/flavors/detail", params={"limit": _PAGE, **marker}).json()
        rows += body["flavors"]
        more = bool(body["flavors"]) and "flavors_links" in body
    for key in ("name", "id"):
        for row in rows:
            yield str(row[key]), Flavor(int(row["vcpus"]), int(row["ram"]))
