"""Who the client is behind proxies, whatever strangers write into the headers."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.kit.proxies import NO_PROXIES, UNKNOWN, TrustedProxies, client_address, network_of

TRUSTED = TrustedProxies.parse("10.0.0.0/8, 127.0.0.1, fd00::/8")
FORWARDED = TrustedProxies.parse("10.0.0.0/8, 127.0.0.1, fd00::/8", "forwarded")
PROXY = "10.0.0.7"
STRANGERS = st.ip_addresses().filter(
    lambda address: not TRUSTED.trust(getattr(address, "ipv4_mapped", None) or address)
)
OURS = st.sampled_from(["10.1.2.3", "127.0.0.1", "fd00::1", "[fd00::2]:8080", "10.9.9.9:1234", "::ffff:10.0.0.9"])
# Whatever a client can put into a header's value, commas and quotes above all.
JUNK = st.text(st.one_of(st.sampled_from('",;=\\[]: f0r1.%'), st.characters(max_codepoint=255)), max_size=40)
NOT_OURS = STRANGERS.map(lambda address: str(getattr(address, "ipv4_mapped", None) or address))


def xff(*lines: str) -> list[tuple[bytes, bytes]]:
    return [(b"host", b"music.example.org"), *((b"X-Forwarded-For", line.encode("latin-1")) for line in lines)]


def fwd(*lines: str) -> list[tuple[bytes, bytes]]:
    return [(b"Forwarded", line.encode("latin-1")) for line in lines]


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # nobody vouches for a stranger's own word
        (PROXY, [], PROXY),
        (PROXY, [""], PROXY),
        (PROXY, ["198.51.100.1"], "198.51.100.1"),
        (PROXY, ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        (PROXY, ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        (PROXY, ["1.1.1.1, 198.51.100.1, 10.0.0.3"], "198.51.100.1"),
        (PROXY, ["198.51.100.1,10.0.0.3 ,\t127.0.0.1"], "198.51.100.1"),
        (PROXY, ["198.51.100.1, 192.168.0.1, 10.0.0.3"], "192.168.0.1"),  # private, but not named as ours
        (PROXY, ["10.0.0.9, 10.0.0.3"], "10.0.0.9"),  # somebody inside
        (PROXY, ["198.51.100.1:4711"], "198.51.100.1"),
        (PROXY, ["2001:db8::1"], "2001:db8::1"),
        (PROXY, ["[2001:DB8:0::1]:443"], "2001:db8::1"),
        (PROXY, ["[2001:db8::1]"], "2001:db8::1"),
        (PROXY, ["::ffff:198.51.100.1"], "198.51.100.1"),
        (PROXY, ["fe80::1%eth0"], "fe80::1"),
        ("fd00::5", ["198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.0.0.7", ["198.51.100.1"], "198.51.100.1"),
        (PROXY, ["198.51.100.1, unknown"], PROXY),
        (PROXY, ["198.51.100.1, _hidden, 10.0.0.3"], "10.0.0.3"),
        (PROXY, ["198.51.100.1,"], PROXY),
        (PROXY, ["1.2.3.4:99999"], PROXY),
        (PROXY, ["1.2.3"], PROXY),
        (PROXY, ["[1.2.3.4]"], PROXY),
        (PROXY, ["[2001:db8::1"], PROXY),
        (PROXY, ["[2001:db8::1]x"], PROXY),
        (PROXY, ["2001:db8::1 "], "2001:db8::1"),
        (PROXY, ["1.2.3.4" + "0" * 100], PROXY),
        ("", ["198.51.100.1"], UNKNOWN),
        (None, ["198.51.100.1"], UNKNOWN),
        ("/run/antiphon.sock", [], UNKNOWN),
    ],
)
def test_x_forwarded_for(peer: str | None, lines: list[str], client: str) -> None:
    assert client_address(peer, xff(*lines), TRUSTED) == client


@pytest.mark.parametrize(
    ("lines", "client"),
    [
        (["for=198.51.100.1"], "198.51.100.1"),
        (["For=198.51.100.1; Proto=https;by=10.0.0.3"], "198.51.100.1"),
        (["for=1.1.1.1, for=198.51.100.1;host=a"], "198.51.100.1"),
        (["for=1.1.1.1", 'for="198.51.100.1:80"'], "198.51.100.1"),
        (['for="[2001:db8:cafe::17]:4711"'], "2001:db8:cafe::17"),
        (['for="[2001:db8::1]";host="a,b;for=9.9.9.9", for=10.0.0.3'], "2001:db8::1"),
        (['host="quo\\"te,d";for=198.51.100.1'], "198.51.100.1"),
        (["for=unknown"], PROXY),
        (["for=_secret"], PROXY),
        (["proto=https"], PROXY),
        (["for=1.1.1.1;for=2.2.2.2"], PROXY),
        (['for=9.9.9.9;x=", for=198.51.100.1;proto=https'], "198.51.100.1"),  # an open quote swallows nothing of ours
        (['for="', 'for="[2001:db8::1]"'], "2001:db8::1"),
    ],
)
def test_forwarded(lines: list[str], client: str) -> None:
    assert client_address(PROXY, fwd(*lines), FORWARDED) == client


def test_only_the_one_header_is_read() -> None:
    both = [*xff("198.51.100.1"), *fwd("for=198.51.100.2")]
    assert client_address(PROXY, both, TRUSTED) == "198.51.100.1"
    assert client_address(PROXY, both, FORWARDED) == "198.51.100.2"


def test_nobody_is_trusted_unless_named() -> None:
    for peer in ("127.0.0.1", "::1", "10.0.0.1"):
        assert client_address(peer, [*xff("198.51.100.1"), *fwd("for=198.51.100.1")], NO_PROXIES) == peer


@given(peer=NOT_OURS, lines=st.lists(JUNK, max_size=3))
def test_a_stranger_is_always_itself(peer: str, lines: list[str]) -> None:
    for trusted, headers in ((TRUSTED, xff(*lines)), (FORWARDED, fwd(*lines))):
        assert client_address(peer, headers, trusted) == peer


@given(
    real=NOT_OURS,
    hops=st.lists(OURS, max_size=4),
    claims=st.lists(JUNK | NOT_OURS | OURS, max_size=4),
    own_line=st.booleans(),
)
@example(real="9.9.9.9", hops=[], claims=["1.1.1.1"], own_line=False)
def test_what_a_client_claims_changes_nothing(real: str, hops: list[str], claims: list[str], own_line: bool) -> None:
    """Each proxy appends the address that it took the request from, to the line or as a line of its own."""
    said = ", ".join([real, *hops])
    lines = [*claims, said] if own_line or not claims else [*claims[:-1], f"{claims[-1]}, {said}"]
    assert client_address(PROXY, xff(*lines), TRUSTED) == real


@given(real=NOT_OURS, hops=st.lists(OURS, max_size=4), claims=st.lists(JUNK, max_size=4), own_line=st.booleans())
@example(real="9.9.9.9", hops=[], claims=['for=1.1.1.1;x="'], own_line=False)
@example(real="9.9.9.9", hops=[], claims=['for=1.1.1.1;x="\\'], own_line=False)
def test_forwarded_cannot_be_talked_over_either(real: str, hops: list[str], claims: list[str], own_line: bool) -> None:
    said = ", ".join(
        f'for="{f"[{hop}]" if hop.count(":") > 1 and "[" not in hop else hop}";proto=http' for hop in [real, *hops]
    )
    lines = [*claims, said] if own_line or not claims else [*claims[:-1], f"{claims[-1]}, {said}"]
    assert client_address(PROXY, fwd(*lines), FORWARDED) == real


@given(lines=st.lists(JUNK, max_size=4))
def test_garbage_is_never_more_than_an_address(lines: list[str]) -> None:
    for trusted, headers in ((TRUSTED, xff(*lines)), (FORWARDED, fwd(*lines))):
        found = client_address(PROXY, headers, trusted)
        assert network_of(found, v4=32, v6=128) == f"{found}/{128 if ':' in found else 32}"


@pytest.mark.parametrize(
    ("address", "prefixes", "network"),
    [
        ("198.51.100.77", {}, "198.51.100.77/32"),
        ("198.51.100.77", {"v4": 24}, "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", {}, "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.77", {}, "198.51.100.77/32"),
        (UNKNOWN, {}, UNKNOWN),
    ],
)
def test_networks(address: str, prefixes: dict[str, int], network: str) -> None:
    assert network_of(address, **prefixes) == network


@pytest.mark.parametrize("text", ["10.0.0.0/33", "localhost", "10.0.0.1/8", "10.0.0.1 10.0.0.2"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text.partition(" ")[0].partition("/")[0]):
        TrustedProxies.parse(text)


def test_nothing_is_a_fine_list() -> None:
    assert TrustedProxies.parse(None).networks == TrustedProxies.parse(" , ").networks == NO_PROXIES.networks == ()
