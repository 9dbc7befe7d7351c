"""A grammar in ABNF (RFC 5234, 7405), read and tried: whether a text is derived from a rule.

An oracle for parsers that were written by hand. It follows every alternative and is slow; it knows no shortcuts, and
so has none of the mistakes that shortcuts bring. Names of rules are told apart by case, since EIP-4361 has both a
`uri` and the `URI` of RFC 3986.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

__all__ = ["Grammar"]

_TOKEN = re.compile(
    r"\s*(?:(?P<string>(?:%s|%i)?\"[^\"]*\")|(?P<code>%x[0-9A-Fa-f]+(?:-[0-9A-Fa-f]+)?)|(?P<repeat>\d*\*\d*|\d+)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9-]*)|(?P<sign>[/()\[\]]))"
)
Match = Callable[[str, int], frozenset[int]]


class Grammar:
    """Every matcher says at which places a part may end that begins at `at`; no place is no match."""

    def __init__(self, text: str) -> None:
        self._rules: dict[str, Match] = {}
        self._memo: dict[tuple[str, int], frozenset[int]] = {}
        plain = "\n".join(_without_comment(line) for line in text.splitlines())
        for rule in re.split(r"\n(?=[A-Za-z])", plain.strip()):
            name, _, body = rule.partition("=")
            self._rules[name.strip()] = _Reader(body, self).all()

    def derives(self, rule: str, text: str) -> bool:
        self._memo.clear()
        return len(text) in self.ends(rule, text, 0)

    def ends(self, rule: str, text: str, at: int) -> frozenset[int]:
        known = self._memo.get((rule, at))
        if known is None:
            known = self._memo[rule, at] = self._rules[rule](text, at)
        return known


def _without_comment(line: str) -> str:
    kept = re.match(r'(?:[^";]|"[^"]*")*', line)
    return kept[0] if kept else line


class _Reader:
    """Turns the right side of one rule into a matcher."""

    def __init__(self, body: str, grammar: Grammar) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._grammar = grammar
        rest = body.strip()
        while rest:
            found = _TOKEN.match(rest)
            assert found is not None, rest
            assert found.lastgroup is not None
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            rest = rest[found.end() :].strip()

    def all(self) -> Match:
        made = self._alternatives()
        assert not self._tokens, self._tokens
        return made

    def _alternatives(self) -> Match:
        choices = [self._sequence()]
        while self._tokens and self._tokens[0][1] == "/":
            self._tokens.pop(0)
            choices.append(self._sequence())
        return lambda text, at: frozenset().union(*(choice(text, at) for choice in choices))

    def _sequence(self) -> Match:
        parts: list[Match] = []
        while self._tokens and self._tokens[0][1] not in ("/", ")", "]"):
            parts.append(self._repetition())

        def match(text: str, at: int) -> frozenset[int]:
            places = frozenset({at})
            for part in parts:
                places = frozenset().union(*(part(text, place) for place in places))
            return places

        return match

    def _repetition(self) -> Match:
        least, most = 1, 1
        if self._tokens[0][0] == "repeat":
            low, star, high = self._tokens.pop(0)[1].partition("*")
            least, most = int(low or 0), int(high or 1_000_000) if star else int(low)
        return _repeated(self._element(), least, most)

    def _element(self) -> Match:
        kind, token = self._tokens.pop(0)
        if token in ("(", "["):
            inner = self._alternatives()
            self._tokens.pop(0)
            return inner if token == "(" else lambda text, at: inner(text, at) | {at}
        if kind == "name":
            return lambda text, at: self._grammar.ends(token, text, at)
        return _code(token) if kind == "code" else _string(token)


def _repeated(part: Match, least: int, most: int) -> Match:
    if (least, most) == (1, 1):
        return part

    def match(text: str, at: int) -> frozenset[int]:
        places, found, times = frozenset({at}), frozenset[int](), 0
        while places and times < most:
            if times >= least:
                found |= places
            places = frozenset().union(*(part(text, place) for place in places)) - found
            times += 1
        return found | places if times >= least else found

    return match


def _code(token: str) -> Match:
    first, _, last = token[2:].partition("-")
    low, high = chr(int(first, 16)), chr(int(last or first, 16))
    return lambda text, at: frozenset({at + 1} if text[at : at + 1] and low <= text[at] <= high else ())


def _string(token: str) -> Match:
    exact = token.startswith("%s")
    wanted = token.lstrip("%si").strip('"')

    @cache
    def same(given: str) -> bool:
        return given == wanted if exact else given.isascii() and given.lower() == wanted.lower()

    return lambda text, at: frozenset({at + len(wanted)} if same(text[at : at + len(wanted)]) else ())
