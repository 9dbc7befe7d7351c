"""Sound for tests, made on the spot: exact tones, noise and silence as WAV, and the same in other formats."""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

__all__ = ["noise", "png", "samples_of", "silence", "tone", "transcode", "write_wav"]

Signal = npt.NDArray[np.float64]  # (samples, channels), full scale is 1.0

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_SUBFORMAT_TAIL = bytes.fromhex("000000001000800000aa00389b71")

# ending → (encoder, muxer, options of the encoder)
_FORMATS: dict[str, tuple[str, str, dict[str, str]]] = {
    "flac": ("flac", "flac", {}),
    "mp3": ("libmp3lame", "mp3", {}),
    "aac": ("aac", "adts", {}),
    "m4a": ("aac", "ipod", {}),
    "alac.m4a": ("alac", "ipod", {}),
    "ogg": ("vorbis", "ogg", {"strict": "experimental"}),
    "opus": ("libopus", "ogg", {}),
    "wv": ("wavpack", "wv", {}),
    "aiff": ("pcm_s16be", "aiff", {}),
    "wma": ("wmav2", "asf", {}),
    "tta": ("tta", "tta", {}),
    "mka": ("flac", "matroska", {}),
    "caf": ("pcm_s24le", "caf", {}),
    "au": ("pcm_s16be", "au", {}),
    "w64": ("pcm_s16le", "w64", {}),
    "adts": ("aac", "adts", {}),
}

_DEPTH = {"alac": "s16p", "flac": "s16", "tta": "s16", "wavpack": "s16p"}  # not the encoder's first choice


def tone(seconds: float, *, rate: int = 44_100, hertz: float = 997.0, dbfs: float = -20.0, channels: int = 2) -> Signal:
    """A sine of that peak level, the same in every channel."""
    time = np.arange(round(seconds * rate)) / rate
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * time)
    return np.repeat(wave[:, None], channels, axis=1)


def noise(seconds: float, *, rate: int = 44_100, dbfs: float = -12.0, channels: int = 2, seed: int = 1) -> Signal:
    """White noise with that peak level, independent channels."""
    generator = np.random.default_rng(seed)
    return generator.uniform(-1, 1, (round(seconds * rate), channels)) * 10 ** (dbfs / 20)


def silence(seconds: float, *, rate: int = 44_100, channels: int = 2) -> Signal:
    return np.zeros((round(seconds * rate), channels))


def write_wav(path: Path, signal: Signal, *, rate: int = 44_100, bits: int | str = 16, mask: int | None = None) -> Path:
    """`bits` is 8, 16, 20 (in 24), 24, 32, "float" or "double"; `mask`, a layout, makes it WAVE_FORMAT_EXTENSIBLE."""
    channels = signal.shape[1]
    body, width, tag = _samples(signal, bits)
    align = width * channels
    extended = bits == 20 or mask is not None
    format_body = struct.pack(
        "<HHIIHH", _EXTENSIBLE if extended else tag, channels, rate, rate * align, align, width * 8
    )
    if extended:
        valid = 20 if bits == 20 else width * 8
        format_body += struct.pack("<HHIH", 22, valid, mask or 0, tag) + _SUBFORMAT_TAIL
    chunks = _chunk(b"fmt ", format_body) + _chunk(b"data", body)
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return path


def _samples(signal: Signal, bits: int | str) -> tuple[bytes, int, int]:
    if bits == "float":
        return signal.astype("<f4").tobytes(), 4, _FLOAT
    if bits == "double":
        return signal.astype("<f8").tobytes(), 8, _FLOAT
    assert isinstance(bits, int)
    top = 1 << (bits - 1)
    whole = np.clip(np.rint(signal * top), -top, top - 1).astype(np.int64)
    if bits == 8:
        return (whole + 128).astype(np.uint8).tobytes(), 1, _PCM
    if bits == 20:
        whole, bits = whole << 4, 24
    if bits == 24:
        packed = whole.astype("<i4").reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :3]
        return packed.tobytes(), 3, _PCM
    return whole.astype(f"<i{bits // 8}").tobytes(), bits // 8, _PCM


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def transcode(
    source: Path, target: Path, ending: str, *, metadata: dict[str, str] | None = None, bit_rate: int = 192_000
) -> Path:
    """Encode the WAV at `source` into the format that `ending` names (the keys of the table above)."""
    encoder, muxer, options = _FORMATS[ending]
    with av.open(str(source)) as incoming, av.open(str(target), "w", format=muxer) as outgoing:
        stream = incoming.streams.audio[0]
        rate = 48_000 if encoder == "libopus" else stream.rate
        output = cast(AudioStream, outgoing.add_stream(encoder, rate=rate, options=options))
        output.layout = {1: "mono", 2: "stereo", 6: "5.1"}[stream.channels]
        output.bit_rate = bit_rate
        if encoder in _DEPTH:
            output.format = _DEPTH[encoder]
        outgoing.metadata.update(metadata or {})
        position = 0
        for frame in incoming.decode(stream):
            named = AudioFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name, layout=output.layout.name)
            named.sample_rate, named.pts, named.time_base = stream.rate, position, Fraction(1, stream.rate)
            position += frame.samples
            outgoing.mux(output.encode(named))
        outgoing.mux(output.encode(None))
    return target


def samples_of(path: Path) -> tuple[npt.NDArray[Any], int]:
    """Everything a plain decoder hears: (samples, channels) in the decoder's own type, and the rate."""
    with av.open(str(path)) as container:
        parts, rate = [], 0
        for frame in container.decode(audio=0):
            array = frame.to_ndarray()
            planar = frame.format.is_planar
            parts.append(array.T if planar else array.reshape(-1, frame.layout.nb_channels))
            rate = frame.sample_rate
        return np.concatenate(parts), rate


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + bytes(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
