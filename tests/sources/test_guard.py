"""Which addresses may be dialled: public ones, and those an operator named."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import UserError
from subak.sources.guard import FORBIDDEN_ERRNO, Guard

FORBIDDEN = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "2001:20::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::5efe:7f00:1",
    "not an address",
    "",
)
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "104.16.132.229",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.255.255",
    "192.169.0.1",
    "1.0.0.1",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.1",
    "191.255.255.255",
    "192.0.1.1",
    "192.88.98.255",
    "198.17.255.255",
    "198.20.0.1",
    "198.51.99.255",
    "203.0.112.255",
    "223.255.255.254",
    "2001:200::1",
    "2001:4200::1",
    "2003::1",
    "2400:cb00::1",
    "2620:fe::fe",
    "2a03:2880:f12f:83:face:b00c:0:25de",
    "2c0f:fb50:4002::1",
    "2002:808:808::1",
    "3ffe:ffff::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_guard_forbids_addresses_that_are_not_public(address: str) -> None:
    """Private, reserved, embedded and documentation addresses are not dialled."""
    assert not Guard().permits(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_guard_permits_public_addresses(address: str) -> None:
    """Ordinary addresses of the net are dialled."""
    assert Guard().permits(address)


@given(st.ip_addresses(v=4))
def test_guard_judges_a_mapped_address_like_the_plain_one(address: object) -> None:
    """Wrapping an IPv4 address into IPv6 changes nothing."""
    assert Guard().permits(f"::ffff:{address}") == Guard().permits(str(address))


def test_guard_named_network_is_permitted_and_nothing_else() -> None:
    """An allow list opens exactly what it names."""
    guard = Guard.parse(["10.1.0.0/16", "127.0.0.1", "fd00::/8"])
    assert guard.permits("10.1.2.3")
    assert guard.permits("127.0.0.1")
    assert guard.permits("::ffff:127.0.0.1")
    assert guard.permits("fd12::1")
    assert not guard.permits("10.2.0.1")
    assert not guard.permits("127.0.0.2")
    assert guard.permits("8.8.8.8")


def test_guard_named_host_opens_only_for_that_host() -> None:
    """A host name may lead anywhere, other hosts of the source may not."""
    guard = Guard.parse(["Intranet.Example."])
    assert guard.for_host("intranet.example").permits("10.0.0.1")
    assert not guard.for_host("evil.example").permits("10.0.0.1")
    assert not guard.permits("10.0.0.1")


@pytest.mark.parametrize(
    "entry", ["", "10.0.0.0/99", "http://x", "a b", "user@host", "*.example"]
)
def test_guard_unreadable_entry_is_an_error_with_a_way_out(entry: str) -> None:
    """A mistake in an allow list is told, with its place."""
    with pytest.raises(UserError, match="neither a host name nor a network") as caught:
        Guard.parse([entry], where="source[0].allow_hosts")
    assert caught.value.where == "source[0].allow_hosts"
    assert "10.0.0.0/8" in caught.value.hint


def test_guard_opens_no_socket_to_a_forbidden_address() -> None:
    """The socket factory refuses with its own mark and opens permitted ones."""
    kind, protocol = socket.SOCK_STREAM, socket.IPPROTO_TCP
    private = (socket.AF_INET, kind, protocol, "", ("127.0.0.1", 80))
    with pytest.raises(OSError, match="not a public address") as caught:
        Guard().open_socket(private)
    assert caught.value.errno == FORBIDDEN_ERRNO
    Guard.parse(["127.0.0.0/8"]).open_socket(private).close()
