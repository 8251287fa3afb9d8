"""Where an endpoint may be: https to a public address, unless the settings allow more. So nobody reaches the inner network."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
LONGEST_URL = 2000
_URL = re.compile(r"(https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::([0-9]{1,5}))?(/[!-\"$-~]*|\?[!-\"$-~]*)?")
_NUMBER = re.compile(r"(0[xX][0-9A-Fa-f]*|[0-9]+)")
_NAT64 = IPv6Network("64:ff9b::/96")
_NEITHER = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("fec0::/10"),
    IPv6Network("2001::/23"),
)
"""Public by Python's tables of some versions, but nobody's server is there (IANA's special-purpose registries)."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """A URL's parts. ``host``: a name, or an address without brackets; ``path``: with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Raises ``ValueError`` for anything but a plain http(s) URL: ASCII, without user, password or fragment.

    A host whose last part is a number must be an address as it is usually written: ``127.1`` or ``0x7f000001`` are none.
    """
    match = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if match is None:
        raise ValueError("no plain http or https URL")
    scheme, host, port, path = match.groups()
    host = host.strip("[]").rstrip(".").lower()
    number = int(port) if port else _PORTS[scheme]
    if not host or not 0 < number < 65536:
        raise ValueError("no such host or port")
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        ip_address(host)
    rest = path or "/"
    return Target(scheme, host, number, rest if rest.startswith("/") else f"/{rest}")


def literal(target: Target) -> Address | None:
    """The address, where the URL names one instead of a host."""
    try:
        return ip_address(target.host)
    except ValueError:
        return None


def permitted(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether an endpoint may be there: everywhere in public, and in the networks that are allowed besides.

    An address that stands for another one (IPv4 within IPv6) is judged as that one.
    """
    inner = _inner(address)
    if any(each.version == network.version and each in network for each in {address, inner} for network in allowed):
        return True
    special = any(each.version == inner.version and inner in each for each in _NEITHER)
    return inner.is_global and not (inner.is_multicast or inner.is_reserved or special)


def _inner(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
