"""The demo: three invented artists, their albums, and the small generator that plays and draws them."""

from antiphon.demo.artwork import render_cover, render_portrait
from antiphon.demo.catalogue import DemoAlbum, DemoArtist, DemoCredit, DemoTrack, demo_albums, demo_artists
from antiphon.demo.studio import render_albums, render_track

__all__ = [
    "DemoAlbum",
    "DemoArtist",
    "DemoCredit",
    "DemoTrack",
    "demo_albums",
    "demo_artists",
    "render_albums",
    "render_cover",
    "render_portrait",
    "render_track",
]
