"""Lyrics files, read and written. Pure: bytes in, lyrics out, whatever the bytes are."""

from antiphon.domains.catalog.lyrics_formats.formats import FORMATS, read_lyrics, write_lyrics

__all__ = ["FORMATS", "read_lyrics", "write_lyrics"]
