"""The decision how something is heard, by its properties; then as REST and the command line tell it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.playback.model_choice import (
    DEVICES,
    REASONS,
    Choice,
    Device,
    DirectPlay,
    Entitlements,
    Limit,
    Network,
    Source,
    Target,
    choose,
)

CODECS = ("mp3", "aac", "flac", "opus", "vorbis", "alac", "pcm")
ENDINGS = ("mp3", "m4a", "flac", "ogg", "wav")
LEAST = {"mp3": 32, "aac": 32, "opus": 24}
FREE = Entitlements()

sources = st.builds(
    lambda codec, **rest: Source(codec=codec, lossless=codec in ("flac", "alac", "pcm"), **rest),
    codec=st.sampled_from(CODECS),
    container=st.sampled_from(ENDINGS),
    bitrate_kbps=st.none() | st.integers(8, 9000),
    sample_rate=st.none() | st.sampled_from([8000, 22_050, 32_000, 44_100, 48_000, 50_000, 88_200, 96_000, 192_000]),
    channels=st.none() | st.integers(1, 8),
    bit_depth=st.none() | st.sampled_from([16, 24, 32]),
    whole=st.booleans(),
)
plays = st.builds(
    DirectPlay,
    st.frozensets(st.sampled_from(ENDINGS)),
    st.frozensets(st.sampled_from(CODECS)),
    st.none() | st.integers(1, 8),
)
targets = st.builds(Target, st.sampled_from(["mp3", "aac", "opus", "flac"]), st.none() | st.integers(1, 8))
limits = st.builds(
    lambda about, codec, comparison, required: Limit(codec, about[0], comparison, about[1], required),
    st.one_of(
        st.tuples(st.just("channels"), st.tuples(st.integers(1, 8))),
        st.tuples(st.just("bitrate_kbps"), st.tuples(st.integers(24, 400))),
        st.tuples(st.just("sample_rate"), st.tuples(st.sampled_from([22_050, 44_100, 48_000]))),
        st.tuples(st.just("bit_depth"), st.tuples(st.sampled_from([16, 24]))),
    ),
    st.sampled_from(CODECS),
    st.sampled_from(["equals", "not_equals", "at_most", "at_least"]),
    st.booleans(),
)
devices = st.builds(
    Device,
    st.lists(plays, max_size=3).map(tuple),
    st.lists(targets, max_size=4).map(tuple),
    st.lists(limits, max_size=3).map(tuple),
    st.none() | st.sampled_from(CODECS),
    st.booleans(),
)
networks = st.builds(Network, st.none() | st.integers(8, 10_000), st.none() | st.integers(8, 10_000))
refusals = st.lists(st.sampled_from(["sign_in_needed", "embargo", "processing"]), max_size=2, unique=True)
everything = st.builds(lambda names: Entitlements(tuple(names)), refusals)


@given(devices, sources, networks, everything)
def test_what_is_made_is_never_more_than_there_is_and_always_played(
    device: Device, source: Source, network: Network, granted: Entitlements
) -> None:
    choice = choose(device, source, network, granted)
    assert choice.because
    assert set(choice.because) <= set(REASONS)
    assert len(set(choice.because)) == len(choice.because)
    assert (choice.rendition is not None) == (choice.kind == "transcode")
    made = choice.rendition
    if made is None:
        return
    assert made.format in {target.format for target in device.targets}
    assert made.channels is not None
    assert made.channels <= (source.channels or 2)
    assert made.format == "opus" or (made.sample_rate or 0) <= (source.sample_rate or 44_100)
    for limit in device.limits:
        if limit.required and limit.codec == made.format and limit.quantity != "bit_depth":
            assert limit.holds(getattr(made, limit.quantity))
    if made.bitrate_kbps is None:
        assert made.format == "flac"
        assert source.lossless
        return
    most = [kbps for kbps in (network.max_kbps, network.max_made_kbps) if kbps is not None]
    if source.bitrate_kbps and not source.lossless:
        most.append(source.bitrate_kbps)
    assert made.bitrate_kbps <= max(min(most, default=192), LEAST[made.format])


@given(devices, sources, networks, everything)
def test_the_original_goes_only_where_it_is_played(
    device: Device, source: Source, network: Network, granted: Entitlements
) -> None:
    if choose(device, source, network, granted).kind != "direct":
        return
    assert source.whole
    assert not device.begins_later
    assert any(
        (not one.codecs or source.codec in one.codecs)
        and (not one.containers or source.container in one.containers)
        and (one.max_channels is None or (source.channels or 1) <= one.max_channels)
        for one in device.plays
    )
    assert network.max_kbps is None or (source.bitrate_kbps or 10_000) <= network.max_kbps
    for limit in device.limits:
        if limit.required and limit.codec == source.codec:
            assert limit.holds(getattr(source, limit.quantity))


@given(devices, sources, networks, everything)
def test_it_is_refused_only_to_who_may_not_or_who_plays_nothing_of_it(
    device: Device, source: Source, network: Network, granted: Entitlements
) -> None:
    choice = choose(device, source, network, granted)
    if granted.refusals:
        assert choice == Choice("refuse", None, granted.refusals)
    elif choice.kind == "refuse":
        assert choice.because[-1] == "nothing_playable"
    simple = {target.format for target in device.targets} & set(LEAST)
    if not granted.refusals and simple and not device.limits:
        assert choice.kind != "refuse"


def heard_kbps(choice: Choice) -> int:
    if choice.kind == "transcode":
        assert choice.rendition is not None
        return choice.rendition.bitrate_kbps or 9_999
    return 10_000 if choice.kind == "direct" else 0


@given(st.sampled_from(sorted(DEVICES)), sources, st.integers(8, 3000), st.integers(0, 3000))
def test_more_bandwidth_is_never_worse(named: str, source: Source, kbps: int, more: int) -> None:
    less, greater = (choose(DEVICES[named], source, Network(at), FREE) for at in (kbps, kbps + more))
    assert heard_kbps(less) <= heard_kbps(greater)


FLAC = Source("flac", "flac", lossless=True, bitrate_kbps=900, sample_rate=96_000, channels=6, bit_depth=24)


@pytest.mark.parametrize(
    ("device", "source", "network", "kind", "made", "because"),
    [
        ("browser", FLAC, Network(), "direct", None, "original_fits"),
        ("browser", FLAC, Network(320), "transcode", ("mp3", 320, 48_000, 2), "bitrate_above_limit"),
        ("mp3", FLAC, Network(), "transcode", ("mp3", 192, 48_000, 2), "codec_not_played"),
        ("apple", Source("ogg", "vorbis", lossless=False, bitrate_kbps=112, sample_rate=44_100, channels=1), Network(),
         "transcode", ("aac", 96, 44_100, 1), "codec_not_played"),
        ("apple", Source("wma", "pcm", lossless=True, sample_rate=44_100, channels=2), Network(),
         "transcode", ("flac", None, 44_100, 2), "container_not_played"),
    ],
)  # fmt: skip
def test_examples(device: str, source: Source, network: Network, kind: str, made: object, because: str) -> None:
    choice = choose(DEVICES[device], source, network, FREE)
    found = choice.rendition
    shown = None if found is None else (found.format, found.bitrate_kbps, found.sample_rate, found.channels)
    assert (choice.kind, shown, choice.because[0]) == (kind, made, because)
