"""How a letter looks: one column, one button, the light palette of the product. MJML in, HTML of mail programs out."""

from __future__ import annotations

from html import escape

import mrml
import msgspec

__all__ = ["Page", "page"]

# web/src/shared/ui/tokens.css, [data-theme="light"]
SURFACE, RAISED, INK, MUTED, FAINT = "#f6f6f9", "#ffffff", "#15161d", "#4b4d5b", "#5d5f6e"
LINE, ACCENT, ACCENT_INK, ACCENT_SOFT, SECOND = "#dcdce5", "#cf3714", "#ffffff", "#fbe3dc", "#2e4fd6"
TEXT_FONT = (
    "'Hanken Grotesk', 'Segoe UI', 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans JP', 'Noto Sans Arabic', 'Geeza Pro', "
    "'Noto Sans Hebrew', 'Arial Hebrew', system-ui, Helvetica, Arial, sans-serif"
)
DISPLAY_FONT = f"'Bricolage Grotesque', {TEXT_FONT}"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of one letter in its language. For `page` every text is HTML already; `link` is a plain URL."""

    language: str
    right_to_left: bool
    headline: str
    greeting: str
    paragraphs: list[str]
    facts: list[tuple[str, str]]
    link: str | None
    button: str | None
    lead: str | None
    note: str | None
    bare: str
    otherwise: tuple[str, str] | None
    foot: list[str]


def page(letter: Page, *, preview: str) -> str:
    """A whole document that needs nothing from anywhere: no picture, no font, no script is fetched.

    `preview` is plain text, shown beside the subject in a list of letters.
    """
    direction, side = ("rtl", "right") if letter.right_to_left else ("ltr", "left")
    blocks = [
        f'<mj-text css-class="headline" font-family="{DISPLAY_FONT}" font-size="28px" font-weight="700"'
        f' line-height="1.25" padding-bottom="20px">{letter.headline}</mj-text>',
        *(f"<mj-text>{text}</mj-text>" for text in [letter.greeting, *letter.paragraphs]),
    ]
    if letter.facts:
        blocks.append(_facts(letter.facts, side))
    if letter.link and letter.button:
        blocks += [
            f'<mj-button href="{escape(letter.link)}" align="{side}">{letter.button}</mj-button>',
            *([f'<mj-text color="{MUTED}" font-size="14px">{letter.note}</mj-text>'] if letter.note else []),
            f'<mj-text color="{MUTED}" font-size="14px">{letter.bare}<br /><span dir="ltr"'
            f' style="color:{INK};word-break:break-all;unicode-bidi:isolate">{escape(letter.link)}</span></mj-text>',
        ]
    if letter.otherwise:
        blocks.append(_otherwise(*letter.otherwise, side))
    foot = "".join(
        f'<mj-text color="{FAINT}" font-size="13px" line-height="1.5" padding="0 0 6px">{line}</mj-text>'
        for line in letter.foot
    )
    document = _LETTER.format(
        language=letter.language,
        direction=direction,
        side=side,
        title=letter.headline,
        preview=escape(preview),
        mark=_MARK,
        body="".join(blocks),
        foot=foot,
    )
    return str(mrml.to_html(document).content)


def _facts(facts: list[tuple[str, str]], side: str) -> str:
    """Label above value: neither breaks on a phone, in whichever language."""
    rows = "".join(
        f'<tr><td style="padding:{"14px" if first else "0"} 18px 14px;text-align:{side}">'
        f'<span style="display:block;font-size:13px;line-height:1.4;color:{FAINT}">{label}</span>'
        f'<span style="font-size:16px;font-weight:600;line-height:1.4;color:{INK}">{value}</span></td></tr>'
        for first, (label, value) in zip([True] + [False] * len(facts), facts, strict=False)
    )
    return (
        '<mj-table padding="4px 0 24px" container-background-color="transparent"><tr><td style="padding:0">'
        f'<table role="presentation" width="100%" style="background:{SURFACE};border-radius:10px;'
        f'border-collapse:separate">{rows}</table></td></tr></mj-table>'
    )


def _otherwise(question: str, advice: str, side: str) -> str:
    return (
        '<mj-table padding="8px 0 8px"><tr><td style="padding:0"><table role="presentation" width="100%"'
        f' style="border-collapse:separate;background:{ACCENT_SOFT};border-radius:10px"><tr>'
        f'<td style="padding:16px 18px;text-align:{side};font-size:15px;line-height:1.55;color:{INK}">'
        f"<strong>{question}</strong><br />{advice}</td></tr></table></td></tr></mj-table>"
    )


# The product's mark, two notes on one stem, drawn with table cells: mail programs show those, pictures only if asked.
_MARK = (
    '<table role="presentation" dir="ltr" style="border-collapse:separate;border-spacing:0" cellpadding="0"><tr>'
    f'<td width="11" height="10"></td><td width="2" height="10" style="background:{INK}"></td>'
    f'<td width="11" height="10" style="background:{ACCENT};border-radius:2px"></td></tr>'
    f'<tr><td width="11" height="10" style="background:{SECOND};border-radius:2px"></td>'
    f'<td width="2" height="10" style="background:{INK}"></td><td width="11" height="10"></td></tr></table>'
)

_LETTER = f"""\
<mjml lang="{{language}}" dir="{{direction}}">
<mj-head>
<mj-title>{{title}}</mj-title>
<mj-preview>{{preview}}</mj-preview>
<mj-raw><meta name="color-scheme" content="light"><meta name="supported-color-schemes" content="light"></mj-raw>
<mj-attributes>
<mj-all font-family="{TEXT_FONT}" />
<mj-text align="{{side}}" color="{INK}" font-size="16px" line-height="1.6" padding="0 0 16px" />
<mj-section padding="0" />
<mj-column padding="0" direction="{{direction}}" />
<mj-table align="{{side}}" color="{INK}" font-size="16px" line-height="1.6" />
<mj-button background-color="{ACCENT}" color="{ACCENT_INK}" font-size="16px" font-weight="700" border-radius="10px"
 inner-padding="15px 28px" padding="8px 0 24px" />
</mj-attributes>
<mj-style>
.card {{{{ border: 1px solid {LINE}; border-radius: 16px; overflow: hidden; }}}}
@media only screen and (max-width:619px) {{{{
.card {{{{ margin: 0 12px !important; }}}}
.outside > table > tbody > tr > td {{{{ padding-left: 16px !important; padding-right: 16px !important; }}}}
.body > table > tbody > tr > td {{{{ padding: 28px 22px 16px !important; }}}}
.headline div {{{{ font-size: 24px !important; }}}}
}}}}
</mj-style>
</mj-head>
<mj-body background-color="{SURFACE}" width="600px">
<mj-section css-class="outside" padding="32px 4px 20px" direction="{{direction}}"><mj-column>
<mj-table padding="0"><tr><td style="padding:0;text-align:{{side}}">
<table role="presentation" style="border-collapse:separate"><tr><td style="vertical-align:middle">{{mark}}</td>
<td style="vertical-align:middle;padding:0 10px;font-family:{DISPLAY_FONT};font-size:19px;font-weight:700;color:{INK}"
>Antiphon</td></tr></table></td></tr></mj-table>
</mj-column></mj-section>
<mj-wrapper css-class="card" background-color="{RAISED}" border-radius="16px" padding="0">
<mj-section direction="{{direction}}"><mj-column><mj-table padding="0" line-height="4px" font-size="1px"><tr>
<td width="38%" height="4" style="padding:0;background:{SECOND}"></td>
<td height="4" style="padding:0;background:{ACCENT}"></td></tr></mj-table></mj-column></mj-section>
<mj-section css-class="body" padding="36px 44px 24px" direction="{{direction}}"><mj-column>
{{body}}
</mj-column></mj-section>
</mj-wrapper>
<mj-section css-class="outside" padding="24px 4px 40px" direction="{{direction}}"><mj-column>
{{foot}}
</mj-column></mj-section>
</mj-body>
</mjml>
"""
