"""The command line of operators."""

from antiphon.entry.cli.main import main

__all__ = ["main"]
