"""The one text that identity writes to people itself: the code on a telephone."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["text_message"]

_TEXTS: Mapping[str, str] = {
    "en": "Your Antiphon code is {code}. It works for 10 minutes. Never give it to anybody.",
    "es": "Tu código de Antiphon es {code}. Vale durante 10 minutos. No se lo des a nadie.",
    "fr": "Votre code Antiphon est {code}. Il est valable 10 minutes. Ne le donnez à personne.",
    "de": "Dein Antiphon-Code ist {code}. Er gilt 10 Minuten. Gib ihn niemandem.",
    "ja": "Antiphonの確認コードは {code} です。10分間有効です。誰にも教えないでください。",
    "ar": "رمز Antiphon الخاص بك هو {code}. صالح لمدة 10 دقائق. لا تعطه لأي أحد.",
    "he": "הקוד שלך ל-Antiphon הוא {code}. הוא תקף ל-10 דקות. אין למסור אותו לאיש.",
}


def text_message(language: str, code: str, host: str) -> str:
    """The last line lets the telephone fill in the code, on our own site only (WICG, origin-bound one-time codes)."""
    return f"{_TEXTS.get(language, _TEXTS['en']).format(code=code)}\n\n@{host} #{code}"
