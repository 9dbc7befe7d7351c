"""Where a request really comes from: the address of the connection, or what a trusted proxy says of it.

Anybody can write `X-Forwarded-For`. What counts is what our own proxies appended, read from the right: each trusted hop
vouches for the address that it took the request from, and the first address that is not trusted is the client. What
stands further left is hearsay and never looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)
from typing import Final, Literal

__all__ = [
    "NO_PROXIES",
    "UNKNOWN",
    "ProxyHeader",
    "TrustedProxies",
    "client_address",
    "comes_through",
    "network_of",
    "territory_of",
]

ProxyHeader = Literal["x-forwarded-for", "forwarded"]
UNKNOWN: Final = ""
_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network


class TrustedProxies:
    """The networks that are believed, and the one header they write.

    Only one: a proxy that writes `X-Forwarded-For` hands on a `Forwarded` that its client made up, and the reverse.
    """

    def __init__(self, networks: Iterable[_Network] = (), header: ProxyHeader = "x-forwarded-for") -> None:
        self.networks = tuple(networks)
        self.header = header

    @classmethod
    def parse(cls, text: str | None, header: ProxyHeader = "x-forwarded-for") -> TrustedProxies:
        """From addresses and networks with commas between. Raises ValueError naming the one that is neither."""
        given = [part.strip() for part in (text or "").split(",")]
        return cls([ip_network(part) for part in given if part], header)

    def trust(self, address: _Address) -> bool:
        return any(address in network for network in self.networks)


_NOWHERE = frozenset({"XX", "ZZ", "EU", "AP"})  # proxies say so where they do not know the country
NO_PROXIES = TrustedProxies()


def territory_of(
    peer: str | None, headers: Iterable[tuple[bytes, bytes]], trusted: TrustedProxies, header: str | None
) -> str | None:
    """The country that a trusted proxy says the client is in; None where it does not know, or nobody may say."""
    found = _address(peer) if peer else None
    if header is None or found is None or not trusted.trust(found):
        return None
    name = header.lower().encode("latin-1")
    said = next((value.decode("latin-1").strip().upper() for key, value in headers if key.lower() == name), "")
    return said if len(said) == 2 and said.isascii() and said.isalpha() and said not in _NOWHERE else None


def comes_through(client: Sequence[object] | None, trusted: TrustedProxies) -> bool:
    """Whether the connection (`client` of an ASGI scope) is that of a trusted proxy."""
    found = _address(str(client[0])) if client else None
    return found is not None and trusted.trust(found)


def client_address(peer: str | None, headers: Iterable[tuple[bytes, bytes]], trusted: TrustedProxies) -> str:
    """The client in its plain form, or UNKNOWN where the connection has no address and nobody may vouch for one.

    `headers` as ASGI has them. IPv6-mapped IPv4 comes out as IPv4; ports and zones are dropped. Where a trusted hop
    wrote something that is no address, that hop is the last one known and taken for the client.
    """
    found = _address(peer) if peer else None
    if peer is None or found is None:
        return UNKNOWN
    if not trusted.networks or not trusted.trust(found):
        return _plain(peer)
    for hop in _hops_from_the_right(headers, trusted.header):
        if hop is None:
            break
        found = hop
        if not trusted.trust(hop):
            break
    return str(found)


@lru_cache(4096)
def network_of(address: str, *, v4: int = 32, v6: int = 64) -> str:
    """Who shares an address's fate: `v4` and `v6` are prefix lengths. An IPv6 household has a whole /64."""
    found = _address(address)
    if found is None:
        return UNKNOWN
    prefix = v4 if found.version == 4 else v6
    return str(ip_interface(f"{found}/{prefix}").network)


@lru_cache(4096)
def _plain(text: str) -> str:
    """Of a text that is an address. By the text: to look for an address takes longer than to write it."""
    return str(_address(text))


def _hops_from_the_right(headers: Iterable[tuple[bytes, bytes]], name: ProxyHeader) -> Iterator[_Address | None]:
    """Several lines of one header are one list (RFC 9110, 5.3). Nobody has 4 KiB of proxies; strangers may pretend."""
    wanted = name.encode()
    text = ",".join(value.decode("latin-1") for header, value in headers if header.lower() == wanted)[-4096:]
    if not text:
        return
    for element in _from_the_right(text, ","):
        yield _address(element) if name == "x-forwarded-for" else _node(element)


def _node(element: str) -> _Address | None:
    """The address of an element's `for=` (RFC 7239): none where there is none, or two."""
    pairs = [pair.partition("=") for pair in _from_the_right(element, ";")]
    nodes = [value.strip() for key, _, value in pairs if key.strip().lower() == "for"]
    return _address(_unquoted(nodes[0])) if len(nodes) == 1 else None


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _from_the_right(text: str, separator: str) -> Iterator[str]:
    """Apart at `separator` outside of quoted strings. Read from the right, because the left is a stranger's: an open
    quote of theirs would swallow what our own proxy appended."""
    quoted, end = False, len(text)
    for index in range(len(text) - 1, -1, -1):
        letter = text[index]
        if letter == '"':
            before = text[:index]
            escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
            quoted ^= not escaped
        elif letter == separator and not quoted:
            yield text[index + 1 : end]
            end = index
    yield text[:end]


@lru_cache(4096)
def _address(text: str) -> _Address | None:
    """`1.2.3.4`, `1.2.3.4:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`; everything else is none."""
    text = text.strip()
    if len(text) > 80:
        return None
    if text.startswith("["):
        text, bracket, port = text[1:].partition("]")
        if not bracket or ":" not in text or not _is_port(port):
            return None
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
        if not _is_port(f":{port}"):
            return None
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_port(text: str) -> bool:
    return not text or (text[0] == ":" and text[1:].isascii() and text[1:].isdigit() and int(text[1:]) <= 65535)
