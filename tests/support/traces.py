"""Looks for somebody everywhere: in every column of every table, and in every file of the data folder."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from antiphon.kit.db import Database

__all__ = ["files_with", "tables_with"]

_COLUMNS = text(
    """
    SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL) AS kind
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY 1, 2, a.attnum
    """
)


async def tables_with(db: Database, words: dict[str, str]) -> list[str]:
    """`schema.table.column: what` for every word that stands anywhere; bytes are read as text and as hexadecimal.

    `words` maps what a word is to the word.
    """
    found = []
    async with db.system() as uow:
        for column in (await uow.conn.execute(_COLUMNS)).all():
            said = f'"{column.attname}"'
            if column.kind == "bytea":
                said = f"encode({said}, 'escape') || ' ' || encode({said}, 'hex')"
            looked_for = text(
                f"""
                SELECT DISTINCT w.what FROM "{column.nspname}"."{column.relname}" t,
                    unnest(CAST(:what AS text[]), CAST(:words AS text[])) AS w(what, word)
                WHERE strpos(lower(CAST({said} AS text)), lower(w.word)) > 0
                """
            )
            args = {"what": list(words), "words": list(words.values())}
            hits = (await uow.conn.execute(looked_for, args)).scalars()
            found += [f"{column.nspname}.{column.relname}.{column.attname}: {what}" for what in hits]
    return found


def files_with(folder: Path, words: dict[str, bytes]) -> list[str]:
    """`path: what` for every file below the folder whose name or bytes hold a word."""
    found = []
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        name = str(path.relative_to(folder)).encode()
        found += [f"{path}: {what}" for what, word in words.items() if word in data or word in name]
    return found
