"""The whole embedded cloud: a server with a floating IP, from its stack to its guest and back."""

import http.client
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from appstore.devcloud import cloud, processes
from appstore.devcloud.cloud import Running
from appstore.devcloud.shape import SERVICES, Variant
from appstore.devcloud.waiting import until

pytestmark = pytest.mark.cloud

PORT = 8080

TEMPLATE = f"""
heat_template_version: 2021-04-16
resources:
  net: {{type: OS::Neutron::Net}}
  subnet:
    type: OS::Neutron::Subnet
    properties: {{network: {{get_resource: net}}, cidr: 10.0.0.0/24}}
  router:
    type: OS::Neutron::Router
    properties: {{external_gateway_info: {{network: public}}}}
  plug:
    type: OS::Neutron::RouterInterface
    properties: {{router: {{get_resource: router}}, subnet: {{get_resource: subnet}}}}
  web:
    type: OS::Neutron::SecurityGroup
    properties:
      rules: [{{protocol: tcp, port_range_min: {PORT}, port_range_max: {PORT}}}]
  port:
    type: OS::Neutron::Port
    properties:
      network: {{get_resource: net}}
      fixed_ips: [{{subnet: {{get_resource: subnet}}}}]
      security_groups: [{{get_resource: web}}]
  server:
    type: OS::Nova::Server
    properties:
      name: lab
      image: cirros-fake
      flavor: m1.small
      networks: [{{port: {{get_resource: port}}}}]
  address:
    type: OS::Neutron::FloatingIP
    depends_on: plug
    properties: {{floating_network: public, port_id: {{get_resource: port}}}}
  secret:
    type: OS::Barbican::Secret
    properties: {{payload: hush, payload_content_type: text/plain}}
outputs:
  ip: {{value: {{get_attr: [address, floating_ip_address]}}}}
  secret: {{value: {{get_attr: [secret, decrypted_payload]}}}}
"""


@dataclass(frozen=True)
class Lab:
    """A full cloud with one stack in it."""

    running: Running
    template: Path

    def openstack(self, *words: str) -> str:
        """What the ordinary client answers."""
        done = subprocess.run(
            [self.running.openstack, "--os-cloud", "devcloud", *words],
            env=os.environ | {"OS_CLIENT_CONFIG_FILE": str(self.running.clouds_yaml)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def output(self, name: str) -> str:
        """An output of the stack."""
        return self.openstack(
            "stack", "output", "show", "lab", name, "-f", "value", "-c", "output_value"
        )


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Made once for this module."""
    folder = tmp_path_factory.mktemp("full")
    running = cloud.up(Variant.FULL, folder / "state")
    template = folder / "lab.yaml"
    template.write_text(TEMPLATE)
    made = Lab(running, template)
    made.openstack("stack", "create", "--wait", "--poll", "1", "-t", str(template), "lab")
    yield made
    cloud.down(running.state)
    assert processes.running(running.state) == {}


def answer(address: str) -> str:
    """The page at the lab's port; empty when nobody answers."""
    connection = http.client.HTTPConnection(address, PORT, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    except OSError:
        return ""
    finally:
        connection.close()


def test_every_service_answers(lab: Lab) -> None:
    services = cloud.status(lab.running.state)
    assert [one.name for one in services] == [one.name for one in SERVICES[Variant.FULL]]
    assert [one.name for one in services if not one.healthy] == []


def test_barbican_keeps_a_secret(lab: Lab) -> None:
    assert lab.output("secret") == "hush"


def test_the_guest_answers_while_its_server_is_active(lab: Lab) -> None:
    address = lab.output("ip")
    assert address.startswith("127.77.")
    assert until(lambda: "<h1>lab</h1>" in answer(address), 15, every=0.2)
    lab.openstack("stack", "suspend", "lab", "--wait")
    assert until(lambda: not answer(address), 15, every=0.2)
    lab.openstack("stack", "resume", "lab", "--wait")
    assert until(lambda: answer(address), 15, every=0.2)


def test_servers_survive_the_death_of_every_service(lab: Lab) -> None:
    address = lab.output("ip")
    before = processes.running(lab.running.state)
    for pids in before.values():
        os.kill(pids[0], signal.SIGKILL)
    assert until(lambda: not processes.running(lab.running.state), 5)
    cloud.up(Variant.FULL, lab.running.state)
    assert sorted(processes.running(lab.running.state)) == sorted(before)
    assert "ACTIVE" in lab.openstack("server", "list")
    assert until(lambda: answer(address), 15, every=0.2)


def test_a_server_can_be_resized_and_deleted(lab: Lab) -> None:
    address = lab.output("ip")
    lab.template.write_text(TEMPLATE.replace("m1.small", "m1.medium"))
    lab.openstack("stack", "update", "--wait", "-t", str(lab.template), "lab")
    assert "m1.medium" in lab.openstack("server", "list")
    lab.openstack("stack", "delete", "--wait", "-y", "lab")
    assert lab.openstack("server", "list", "-f", "value") == ""
    assert until(lambda: not answer(address), 15, every=0.2)
