"""What there is to build with: an image, flavors, a public network, room in the quotas."""

from __future__ import annotations

from .seed import Cloud

# Empty, since nothing ever boots it.
IMAGE = {
    "name": "cirros-fake",
    "disk_format": "raw",
    "container_format": "bare",
    "visibility": "public",
}
IMAGE_BYTES = bytes(65536)

FLAVORS = {  # vcpus, ram in MB, disk in GB
    "m1.tiny": (1, 512, 1),
    "m1.small": (1, 2048, 20),
    "m1.medium": (2, 4096, 40),
    "m1.large": (4, 8192, 80),
}

# Inside loopback, so that this machine can answer on floating IPs without any set-up.
PUBLIC_SUBNET = {
    "name": "public-subnet",
    "ip_version": 4,
    "cidr": "127.77.0.0/16",
    "gateway_ip": "127.77.0.1",
    "enable_dhcp": False,
}

COMPUTE_QUOTA = {"instances": 200, "cores": 400, "ram": 1_024_000, "server_groups": 50}
NETWORK_QUOTA = {
    "network": 200,
    "subnet": 200,
    "port": 2000,
    "router": 200,
    "floatingip": 200,
    "security_group": 400,
    "security_group_rule": 4000,
}


def plant(cloud: Cloud) -> None:
    """Make what is missing."""
    if not cloud.has("nova"):
        return
    plant_image(cloud)
    plant_flavors(cloud)
    plant_public_network(cloud)
    plant_quotas(cloud)


def plant_image(cloud: Cloud) -> None:
    """An image that was registered but never filled, by a killed seed, is filled now."""
    url = f"{cloud.url('glance')}/v2/images"
    found = cloud.call("GET", url, name=IMAGE["name"])["images"]
    image = found[0] if found else cloud.call("POST", url, IMAGE)
    if image["status"] == "queued":
        cloud.session.put(
            f"{url}/{image['id']}/file",
            data=IMAGE_BYTES,
            headers={"Content-Type": "application/octet-stream"},
        )


def plant_flavors(cloud: Cloud) -> None:
    """The sizes of servers, named as on many clouds."""
    url = f"{cloud.url('nova')}/v2.1/flavors"
    there = {one["name"] for one in cloud.call("GET", url)["flavors"]}
    for name, (vcpus, ram, disk) in FLAVORS.items():
        if name not in there:
            flavor = {"name": name, "vcpus": vcpus, "ram": ram, "disk": disk}
            cloud.call("POST", url, {"flavor": flavor})


def plant_public_network(cloud: Cloud) -> None:
    """The external network, from which floating IPs come."""
    root = f"{cloud.url('neutron')}/v2.0"
    network = {
        "name": "public",
        "router:external": True,
        "shared": False,
        "provider:network_type": "flat",
        "provider:physical_network": "public",
    }
    found = cloud.call("GET", f"{root}/networks", name="public")["networks"]
    if not found:
        found = [cloud.call("POST", f"{root}/networks", {"network": network})["network"]]
    if not found[0]["subnets"]:
        subnet = {**PUBLIC_SUBNET, "network_id": found[0]["id"]}
        cloud.call("POST", f"{root}/subnets", {"subnet": subnet})


def plant_quotas(cloud: Cloud) -> None:
    """Room for a course in each lecturer's project: the defaults end at ten servers."""
    projects = cloud.call("GET", f"{cloud.url('keystone')}/v3/projects")["projects"]
    for one in projects:
        if one["name"] in cloud.told["projects"]:
            compute = f"{cloud.url('nova')}/v2.1/os-quota-sets/{one['id']}"
            cloud.call("PUT", compute, {"quota_set": COMPUTE_QUOTA})
            network = f"{cloud.url('neutron')}/v2.0/quotas/{one['id']}"
            cloud.call("PUT", network, {"quota": NETWORK_QUOTA})
