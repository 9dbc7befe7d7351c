"""A wheel contains the built web client: built here when the tree does not hold one yet."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebClientHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # the Makefile builds it beside the sources
            return
        root = Path(self.root)
        spec = importlib.util.spec_from_file_location("web_client", root / "tools" / "web_client.py")
        assert spec is not None
        assert spec.loader is not None
        web_client = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(web_client)
        if not (root / web_client.CLIENT / "index.html").is_file():
            web_client.install(root=root)
            web_client.build(root=root)
