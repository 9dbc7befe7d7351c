"""Antiphon: music, and the answer to it."""
