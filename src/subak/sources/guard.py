"""Guard: which addresses a fetch may reach, judged at the socket.

A check of the URL or of a DNS answer can be got round (rebinding, odd spellings of
numbers, redirects); the address about to be dialled cannot.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from aiohttp import AddrInfoType

from subak.errors import UserError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Marks our own refusal among the errors of a connection attempt: no errno is that big.
FORBIDDEN_ERRNO = 90_001

# What ``is_global`` of Python 3.11 lets pass or judges differently from release to
# release, and one public address that is a cloud's internal service.
_EXTRA = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "64:ff9b:1::/48",
        "100::/64",
        "2001:2::/48",
        "2001:20::/28",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fec0::/10",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class Guard:
    """Public addresses, and those an operator named.

    Args:
        networks: Networks that may be reached although they are private.
        hosts: Host names that may resolve to anything.
        is_open: True once such a host is what is being reached.
    """

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()
    is_open: bool = False

    @classmethod
    def parse(cls, entries: Iterable[str], *, where: str = "") -> Guard:
        """Read an allow list of host names, addresses and networks.

        Raises:
            UserError: An entry is none of these.
        """
        networks: list[Network] = []
        hosts: set[str] = set()
        for entry in entries:
            network = _find_network(entry)
            if network is not None:
                networks.append(network)
            elif entry and not set("/:@* ") & set(entry):
                hosts.add(entry.lower().rstrip("."))
            else:
                raise UserError(
                    f"{entry!r} is neither a host name nor a network",
                    where=where,
                    hint='write it like "intranet.example", "10.1.2.3" or "10.0.0.0/8"',
                )
        return cls(tuple(networks), frozenset(hosts))

    def for_host(self, host: str) -> Guard:
        """Return the guard to apply while that host is reached."""
        return replace(
            self, hosts=frozenset(), is_open=host.lower().rstrip(".") in self.hosts
        )

    def permits(self, address: str) -> bool:
        """Tell whether a socket may be connected to this address."""
        if self.is_open:
            return True
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        meant = list(_meant_by(parsed))
        return all(self._is_named(each) or _is_public(each) for each in meant)

    def check(self, address: str) -> None:
        """Return when a socket to the address may be opened.

        Raises:
            OSError: It may not; its errno is ``FORBIDDEN_ERRNO``.
        """
        if not self.permits(address):
            raise OSError(FORBIDDEN_ERRNO, f"{address} is not a public address")

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """Return a socket for an address that is permitted (a socket factory).

        Raises:
            OSError: It is not permitted.
        """
        family, kind, protocol, _, address = info
        self.check(str(address[0]))
        return socket.socket(family=family, type=kind, proto=protocol)

    def _is_named(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network
            for network in self.networks
        )


def _find_network(entry: str) -> Network | None:
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return None


def _meant_by(address: Address) -> Iterator[Address]:
    """Yield what an address stands for: embedded IPv4 ones instead of the wrapping."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    low = int(address) & 0xFFFFFFFF
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        yield ipaddress.IPv4Address(low)
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address.teredo is not None:
        yield from address.teredo
    else:
        yield address
        if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
            yield ipaddress.IPv4Address(low)


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(
        address.version == network.version and address in network for network in _EXTRA
    )
