"""Where the stand-in guests answer, and what they say."""

import asyncio
import errno
from typing import Any

import pytest

from appstore.devcloud.inside.devcloud.doors import Doors, response
from appstore.devcloud.inside.devcloud.reach import WELL_KNOWN, Guest, opened_by, opened_on

RULE = {
    "direction": "ingress",
    "ethertype": "IPv4",
    "protocol": "tcp",
    "port_range_min": 22,
    "port_range_max": 22,
    "remote_group_id": None,
    "security_group_id": "web",
}


@pytest.mark.parametrize(
    ("change", "ports"),
    [
        ({}, {22}),
        ({"port_range_min": 8000, "port_range_max": 8003}, {8000, 8001, 8002, 8003}),
        ({"port_range_min": 1, "port_range_max": 1024}, {22, 80, 443}),
        ({"port_range_min": None, "port_range_max": None}, set(WELL_KNOWN)),
        ({"protocol": None, "port_range_min": None, "port_range_max": None}, set(WELL_KNOWN)),
        ({"protocol": "6"}, {22}),
        ({"protocol": "udp"}, set()),
        ({"protocol": "icmp", "port_range_min": None, "port_range_max": None}, set()),
        ({"direction": "egress"}, set()),
        ({"ethertype": "IPv6"}, set()),
        ({"remote_group_id": "web"}, set()),
    ],
)
def test_a_rule_opens_a_bounded_number_of_ports(change: dict[str, Any], ports: set[int]) -> None:
    assert opened_by(RULE | change) == ports


@pytest.mark.parametrize(
    ("port", "ports"),
    [
        ({"security_groups": ["web"]}, {22}),
        ({"security_groups": ["other"]}, set()),
        ({"security_groups": []}, set()),
        ({"security_groups": [], "port_security_enabled": False}, set(WELL_KNOWN)),
    ],
)
def test_a_port_lets_in_what_its_groups_say(port: dict[str, Any], ports: set[int]) -> None:
    assert opened_on(port, [RULE]) == ports


def guest(*ports: int, address: str = "127.77.255.1") -> Guest:
    return Guest(address, "id-1", "<b>web</b>", frozenset(ports))


def test_the_page_escapes_what_people_named_and_says_what_it_is() -> None:
    page = response(guest(), 8080).decode()
    assert "&lt;b&gt;web&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "stand-in guest of the embedded cloud" in page


async def ask(port: int, what: bytes = b"GET / HTTP/1.0\r\n\r\n") -> bytes:
    reader, writer = await asyncio.open_connection("127.77.255.1", port)
    writer.write(what)
    answer = await reader.read()
    writer.close()
    return answer


def test_doors_open_and_close_with_their_guest() -> None:
    async def scene() -> None:
        doors = Doors()
        await doors.match([guest(28080, 28081)])
        assert b"200 OK" in await ask(28080)
        await doors.match([guest(28081)])
        with pytest.raises(ConnectionRefusedError):
            await ask(28080)
        assert b"200 OK" in await ask(28081)
        await doors.match([])
        assert doors.guests() == []
        with pytest.raises(ConnectionRefusedError):
            await ask(28081)

    asyncio.run(scene())


def test_a_door_that_another_program_blocks_is_told_and_tried_again() -> None:
    async def scene() -> None:
        doors = Doors()
        stranger = await asyncio.start_server(lambda reader, writer: None, "127.77.255.1", 28082)
        await doors.match([guest(28082)])
        assert doors.closed_because() == [
            "port 28082 closed: another program has it on every address"
        ]
        stranger.close()
        await doors.match([guest(28082)])
        assert doors.closed_because() == []
        assert b"200 OK" in await ask(28082)
        await doors.match([])

    asyncio.run(scene())


def test_ports_that_need_root_are_told_as_such() -> None:
    doors = Doors()
    doors.failed = {("127.77.255.1", 22): errno.EACCES, ("127.77.255.2", 80): errno.EACCES}
    assert doors.closed_because() == ["port 22, 80 closed: opening it needs root"]
