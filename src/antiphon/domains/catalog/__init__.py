"""Catalogue domain; other domains enter by `api` only."""
