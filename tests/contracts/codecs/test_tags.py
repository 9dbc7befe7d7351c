"""Tags and embedded covers of every family, as other programs write them."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from mutagen.aiff import AIFF
from mutagen.apev2 import BINARY, APEValue
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, COMM, ID3, TALB, TCOM, TCON, TDRC, TIPL, TIT2, TPE1, TPE2, TPOS, TRCK, TSRC, TXXX, USLT
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE

from antiphon.adapters.codecs import LocalCodecs
from antiphon.domains.media.ports import Tags
from tests.support.audio import png, tone, transcode, write_wav

FRONT, BACK = png(20, 20, (1, 2, 3)), png(10, 10, (9, 9, 9))
EVERYTHING = Tags(
    title="Дорога — 道 🎸",
    artists=("Ana Ribeiro", "O Coro"),
    album_artists=("Various",),
    album="Ünïcödé",
    track_number=3,
    disc_number=2,
    year=1987,
    genres=("Fado", "Jazz"),
    isrc="PTABC8700001",
    credits=(("composer", "C. Silva"), ("producer", "P. Costa")),
    comment="Recorded twice",
    lyrics="first line\nsecond line",
)


def id3(path: Path, opened: mutagen.FileType | None = None, *, version: int = 4, **save: object) -> None:
    frames = [
        TIT2(3, [EVERYTHING.title]), TPE1(3, list(EVERYTHING.artists)), TPE2(3, ["Various"]), TALB(3, ["Ünïcödé"]),
        TRCK(3, ["3/12"]), TPOS(3, ["2/2"]), TDRC(3, ["1987-04-01"]), TCON(3, ["Fado", "Jazz"]),
        TSRC(3, ["PT-ABC-87-00001"]), TCOM(3, ["C. Silva"]), TIPL(3, [["producer", "P. Costa"]]),
        COMM(3, lang="XXX", desc="iTunNORM", text=["0000"]), COMM(3, lang="eng", desc="", text=["Recorded twice"]),
        USLT(3, lang="por", desc="", text="first line\r\nsecond line"),
        APIC(3, mime="image/png", type=4, desc="back", data=BACK),
        APIC(3, mime="image/jpeg", type=3, desc="front", data=FRONT),
    ]  # fmt: skip
    tags = ID3() if opened is None else opened.tags
    for frame in frames:
        tags.add(frame)
    if opened is None:
        tags.update_to_v23() if version == 3 else tags.update_to_v24()
        tags.save(path, v2_version=version, **save)
    else:
        opened.save()


def vorbis(opened: FLAC | OggVorbis) -> None:
    opened.tags.update({
        "TITLE": EVERYTHING.title, "ARTIST": list(EVERYTHING.artists), "ALBUMARTIST": "Various", "ALBUM": "Ünïcödé",
        "TRACKNUMBER": "03", "DISCNUMBER": "2", "DATE": "1987-04-01", "GENRE": ["Fado", "Jazz"],
        "ISRC": "ptabc8700001", "COMPOSER": "C. Silva", "PRODUCER": "P. Costa", "COMMENT": "Recorded twice",
        "LYRICS": "first line\nsecond line",
    })  # fmt: skip
    pictures = []
    for kind, data in ((4, BACK), (3, FRONT)):
        picture = Picture()
        picture.type, picture.mime, picture.data = kind, "image/png", data
        pictures.append(picture)
    if isinstance(opened, FLAC):
        for picture in pictures:
            opened.add_picture(picture)
    else:
        opened["metadata_block_picture"] = [base64.b64encode(picture.write()).decode() for picture in pictures]
    opened.save()


def mp4(path: Path) -> None:
    opened = MP4(path)
    free = "----:com.apple.iTunes:"
    opened.tags.update({
        "©nam": EVERYTHING.title, "©ART": list(EVERYTHING.artists), "aART": "Various", "©alb": "Ünïcödé",
        "trkn": [(3, 12)], "disk": [(2, 2)], "©day": "1987-04-01", "©gen": ["Fado", "Jazz"],
        f"{free}ISRC": [MP4FreeForm(b"PTABC8700001")], "©wrt": "C. Silva",
        f"{free}PRODUCER": [MP4FreeForm(b"P. Costa")],
        "©cmt": "Recorded twice", "©lyr": "first line\nsecond line",
        "covr": [MP4Cover(FRONT, MP4Cover.FORMAT_PNG), MP4Cover(BACK, MP4Cover.FORMAT_PNG)],
    })  # fmt: skip
    opened.save()


def ape(path: Path) -> None:
    opened = mutagen.File(path)
    if opened.tags is None:
        opened.add_tags()
    opened.tags.update({
        "Title": EVERYTHING.title, "Artist": list(EVERYTHING.artists), "Album Artist": "Various", "Album": "Ünïcödé",
        "Track": "3/12", "Disc": "2/2", "Year": "1987", "Genre": ["Fado", "Jazz"], "ISRC": "PTABC8700001",
        "Composer": "C. Silva", "Producer": "P. Costa", "Comment": "Recorded twice",
        "Lyrics": "first line\nsecond line", "Cover Art (Front)": APEValue(b"front.png\0" + FRONT, BINARY),
        "Cover Art (Back)": APEValue(b"back.png\0" + BACK, BINARY),
    })  # fmt: skip
    opened.save()


def asf(path: Path) -> None:
    opened = mutagen.File(path)
    opened.tags.update({
        "Title": [EVERYTHING.title], "Author": list(EVERYTHING.artists), "WM/AlbumArtist": ["Various"],
        "WM/AlbumTitle": ["Ünïcödé"], "WM/TrackNumber": [3], "WM/PartOfSet": ["2/2"], "WM/Year": ["1987"],
        "WM/Genre": ["Fado", "Jazz"], "WM/ISRC": ["PTABC8700001"], "WM/Composer": ["C. Silva"],
        "WM/Producer": ["P. Costa"], "Description": ["Recorded twice"], "WM/Lyrics": ["first line\nsecond line"],
        "WM/Picture": [mutagen.asf.ASFByteArrayAttribute(asf_picture(3, FRONT))],
    })  # fmt: skip
    opened.save()


def asf_picture(kind: int, data: bytes) -> bytes:
    return struct.pack("<BI", kind, len(data)) + "image/png\0\0".encode("utf-16-le") + data


WRITERS: dict[str, Callable[[Path], None]] = {
    "mp3": id3,
    "flac": lambda path: vorbis(FLAC(path)),
    "ogg": lambda path: vorbis(OggVorbis(path)),
    "m4a": mp4,
    "alac.m4a": mp4,
    "wv": ape,
    "wma": asf,
    "aiff": lambda path: id3(path, opened_with_tags(AIFF(path))),
    "wav": lambda path: id3(path, opened_with_tags(WAVE(path))),
}


def opened_with_tags(opened: mutagen.FileType) -> mutagen.FileType:
    if opened.tags is None:
        opened.add_tags()
    return opened


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("tags") / "a.wav", tone(1.0))


def copy(wav: Path, target: Path, ending: str) -> Path:
    if ending == "wav":
        target.write_bytes(wav.read_bytes())
        return target
    return transcode(wav, target, ending)


@pytest.mark.parametrize("ending", WRITERS)
async def test_everything_is_read(local: LocalCodecs, tmp_path: Path, wav: Path, ending: str) -> None:
    source = copy(wav, tmp_path / "song", ending)
    WRITERS[ending](source)
    facts = await local.probe(source)
    assert facts.tags == EVERYTHING
    assert facts.picture is not None
    assert (facts.picture.mime, facts.picture.data) == ("image/png", FRONT)


async def test_id3_of_older_versions(local: LocalCodecs, tmp_path: Path, wav: Path) -> None:
    source = copy(wav, tmp_path / "song.mp3", "mp3")
    id3(source, version=3, v23_sep=None)
    facts = await local.probe(source)
    assert facts.tags.title == EVERYTHING.title
    assert facts.tags.artists == EVERYTHING.artists
    assert facts.tags.year == 1987


async def test_id3_version_2_2(local: LocalCodecs, tmp_path: Path, wav: Path) -> None:
    source = copy(wav, tmp_path / "song.mp3", "mp3")
    frames = b"".join(
        name + len(body).to_bytes(3, "big") + body
        for name, body in (
            (b"TT2", b"\x01" + "道".encode("utf-16")),
            (b"TP1", b"\x00Bj\xf6rk"),
            (b"TRK", b"\x007"),
            (b"TYE", b"\x001993"),
            (b"PIC", b"\x00PNG\x03\x00" + FRONT),
        )
    )
    size = bytes((len(frames) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    source.write_bytes(b"ID3\x02\x00\x00" + size + frames + source.read_bytes())
    facts = await local.probe(source)
    assert (facts.tags.title, facts.tags.artists, facts.tags.track_number) == ("道", ("Björk",), 7)
    assert facts.tags.year == 1993
    assert facts.picture is not None
    assert facts.picture.data == FRONT


async def test_riff_info_where_there_is_nothing_else(local: LocalCodecs, tmp_path: Path, wav: Path) -> None:
    items = b"".join(
        name + struct.pack("<I", len(text)) + text + bytes(len(text) % 2)
        for name, text in ((b"INAM", b"Harbour\0"), (b"IART", b"The Two\0"), (b"IPRD", b"Sea\0"), (b"ICRD", b"2004\0"))
    )
    data = wav.read_bytes()
    chunk = b"LIST" + struct.pack("<I", 4 + len(items)) + b"INFO" + items
    source = tmp_path / "a.wav"
    source.write_bytes(data[:4] + struct.pack("<I", len(data) - 8 + len(chunk)) + data[8:] + chunk)
    tags = (await local.probe(source)).tags
    assert (tags.title, tags.artists, tags.album, tags.year) == ("Harbour", ("The Two",), "Sea", 2004)


async def test_multiple_artists_as_taggers_write_them(local: LocalCodecs, tmp_path: Path, wav: Path) -> None:
    """MusicBrainz Picard: one credit for showing, a list for machines."""
    source = copy(wav, tmp_path / "song.mp3", "mp3")
    tags = ID3()
    tags.add(TPE1(3, ["Ana Ribeiro feat. O Coro"]))
    tags.add(TXXX(3, desc="ARTISTS", text=["Ana Ribeiro", "O Coro"]))
    tags.save(source)
    assert (await local.probe(source)).tags.artists == ("Ana Ribeiro", "O Coro")


@pytest.mark.parametrize("title", ["", " \t ", "\x00\x01", "a" * 200_000, "e\u0301tude", "line\r\nline"])
async def test_odd_texts(local: LocalCodecs, tmp_path: Path, wav: Path, title: str) -> None:
    source = copy(wav, tmp_path / "song.flac", "flac")
    opened = FLAC(source)
    opened["TITLE"] = title
    opened["TRACKNUMBER"] = "0"
    opened["ISRC"] = "not one"
    opened["DATE"] = "yesterday"
    opened.save()
    tags = (await local.probe(source)).tags
    expected = {"e\u0301tude": "\u00e9tude", "line\r\nline": "line\nline", "a" * 200_000: "a" * 65_536}
    assert tags.title == expected.get(title)
    assert (tags.track_number, tags.isrc, tags.year) == (None, None, None)


async def test_broken_tags_are_no_tags(local: LocalCodecs, tmp_path: Path, wav: Path) -> None:
    source = copy(wav, tmp_path / "song.mp3", "mp3")
    source.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x20APIC\xff\xff\xff\xff" + bytes(24) + source.read_bytes())
    facts = await local.probe(source)
    assert (facts.codec, facts.tags.title, facts.picture) == ("mp3", None, None)
