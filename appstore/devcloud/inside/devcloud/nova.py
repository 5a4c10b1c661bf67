# mypy: disable-error-code="import-not-found"
"""Nova's API, conductor, scheduler and a compute host that only pretends, in one process.

Unlike `nova-compute`, this process may talk to the database: the conductor is in it. So neither
`NovaObject.indirection_api` nor `DISABLE_DB_ACCESS` is set.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path
from typing import Any

from . import bus


def start(state: Path) -> Any:
    """Nova's WSGI application, with its workers running."""
    etc = state / "etc" / "nova"
    os.environ["OS_NOVA_CONFIG_DIR"] = str(etc)
    sys.argv = ["nova", "--config-file", str(etc / "nova.conf")]
    from nova import monkey_patch

    monkey_patch.patch(backend="threading")
    bus.deliver_at_once()
    import os_vif
    from nova.wsgi.osapi_compute import application

    os_vif.initialize()
    keep_node()
    remember_guests()
    start_workers()
    map_host()
    return application


def keep_node() -> None:
    """Give the fake host the same identity at every start.

    The fake driver makes its node's uuid up per process and writes no identity file, and Nova
    refuses a second start without one ("this is not our first startup").
    """
    import nova.conf
    from nova.virt import node
    from oslo_utils.fixture import uuidsentinel

    host = nova.conf.CONF.host
    identity = str(uuid.uuid5(uuid.NAMESPACE_DNS, host))
    uuidsentinel._sentinels[f"node_{host}"] = identity
    if node.read_local_node_uuid() is None:
        node.write_local_node_uuid(identity)


def remember_guests() -> None:
    """Let the fake driver know the guests of its former life: it keeps them in memory only."""
    from nova import context, objects
    from nova.compute import power_state
    from nova.virt import fake

    begin = fake.FakeDriver.init_host

    def init_host(driver: Any, host: str) -> None:
        begin(driver, host)
        for one in objects.InstanceList.get_by_host(context.get_admin_context(), host):
            state = one.power_state or power_state.RUNNING
            driver.instances[one.uuid] = fake.FakeInstance(one.name, state, one.uuid)

    fake.FakeDriver.init_host = init_host


def start_workers() -> None:
    """What nova-conductor, nova-scheduler and nova-compute do."""
    from nova import service
    from nova.compute import rpcapi as compute
    from nova.conductor import rpcapi as conductor
    from nova.scheduler import rpcapi as scheduler

    both = {"topic": compute.RPC_TOPIC, "topic_alt": compute.RPC_TOPIC_ALT}
    service.Service.create(binary="nova-conductor", topic=conductor.RPC_TOPIC).start()
    service.Service.create(binary="nova-scheduler", topic=scheduler.RPC_TOPIC).start()
    service.Service.create(binary="nova-compute", **both).start()


def map_host() -> None:
    """What `nova-manage cell_v2 discover_hosts` does: without it no server finds the host."""
    from nova import context
    from nova.objects import host_mapping

    host_mapping.discover_hosts(context.get_admin_context())
