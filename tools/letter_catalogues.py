"""The PO files of letters: every sentence of `wording.py` in its order, with the translations that are there.

A sentence that is new stands there untranslated, and a test fails until it is; one that is gone is dropped.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po

from antiphon.domains.notifications.catalogues import FOLDER, LANGUAGES, translations
from antiphon.domains.notifications.wording import messages

__all__ = ["catalogues"]

ROOT = Path(__file__).resolve().parent.parent
HEAD = """msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"

"""


def catalogues() -> dict[Path, str]:
    """Path below the root → what it must hold."""
    return {(FOLDER / f"{language}.po").relative_to(ROOT): _text(language) for language in LANGUAGES}


def _text(language: str) -> str:
    known = translations(language) if (FOLDER / f"{language}.po").exists() else {}
    catalogue = Catalog(locale=language)
    for message in messages():
        catalogue.add(message, message if language == LANGUAGES[0] else known.get(message, ""))
    file = BytesIO()
    write_po(file, catalogue, width=0, omit_header=True)
    return HEAD.format(language=language) + file.getvalue().decode().strip() + "\n"
