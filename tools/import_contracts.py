"""The contract `doors`: a domain is entered through its doors only. Run by import-linter (pyproject.toml)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output

__all__ = ["DoorsContract"]


@dataclass(frozen=True, slots=True)
class Trespass:
    importer: str
    imported: str
    line: int | None
    doors: tuple[str, ...]


class DoorsContract(Contract):
    """Options: `domains` (the package that holds them), `neighbours` (file names that one domain may import of
    another), and `adapters` with `adapter_doors` (the same for those who implement ports). Packages above, which
    wire everything together, are not restricted here; the layers contract keeps the rest away.
    """

    type_name = "doors"

    domains = fields.StringField()
    neighbours = fields.ListField(subfield=fields.StringField())
    adapters = fields.StringField()
    adapter_doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        trespasses = sorted(self._trespasses(graph), key=lambda t: (t.importer, t.imported))
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for found in check.metadata["trespasses"]:
            doors = " or ".join(found.doors)
            output.print_error(f"- {found.importer}:{found.line or '?'} imports {found.imported}; the door is {doors}")

    def _trespasses(self, graph: grimp.ImportGraph) -> Iterator[Trespass]:
        root = _text(self.domains)
        adapters = _text(self.adapters)
        for imported in graph.modules:
            domain = _part_below(root, imported, 0)
            if domain is None:
                continue
            for importer in graph.find_modules_that_directly_import(imported):
                doors = self._doors(importer, domain, root, adapters)
                if doors is None or _part_below(root, imported, 1) in doors:
                    continue
                details = graph.get_import_details(importer=importer, imported=imported)
                line = details[0]["line_number"] if details else None
                yield Trespass(importer, imported, line, tuple(doors))

    def _doors(self, importer: str, domain: str, root: str, adapters: str) -> list[str] | None:
        """The file names of `domain` that `importer` may use, or None where it may use all."""
        home = _part_below(root, importer, 0)
        if home is not None and home != domain:
            return _texts(self.neighbours)
        if importer == adapters or importer.startswith(f"{adapters}."):
            return _texts(self.adapter_doors)
        return None


def _part_below(root: str, module: str, index: int) -> str | None:
    if not module.startswith(f"{root}."):
        return None
    parts = module.removeprefix(f"{root}.").split(".")
    return parts[index] if len(parts) > index else None


def _text(value: Any) -> str:  # import-linter's descriptors are untyped
    return str(value)


def _texts(values: Any) -> list[str]:
    return [str(value) for value in values]
