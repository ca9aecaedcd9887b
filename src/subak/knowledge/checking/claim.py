"""Claim: one sentence taken apart into what it says: names, figures, words, marks.

Reads a text by closed word lists; whether one claim supports another is not its task.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from subak.knowledge.text.figures import Figure, figures
from subak.knowledge.text.language import Language

TokenKind = Literal["word", "name", "figure", "mark"]

_SPACE = re.compile(r"\s+")
_CONTRACTIONS = (
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\b(?:can['’]t|cannot)\b", re.IGNORECASE), "can not"),
    (re.compile(r"n['’]t\b", re.IGNORECASE), " not"),
    (re.compile(r"\best\.?(?=[\s)]|$)"), "estimated"),
    (re.compile(r"\bapprox\.", re.IGNORECASE), "approximately"),
)
_GAP = re.compile(r"(?<=[\w\0])['’]s\b|\w+|[<>≤≥≈~±+=$€£¥₹%&/§°]|[:;,]")
_PREFIXED = re.compile(
    r"\b(non|un|anti|semi|co|re|pre|post|ex|sub|self)-(?=\w)", re.IGNORECASE
)
_CURRENCIES = {
    "€": "eur",
    "euro": "eur",
    "euros": "eur",
    "£": "gbp",
    "rp": "idr",
    "rupiah": "idr",
    "¥": "jpy",
    "yen": "jpy",
    "₹": "inr",
}
_MARKS = frozenset({":", ";", ",", "'s"})


@dataclass(frozen=True, slots=True)
class Token:
    """One part of a claim.

    Args:
        kind: What it is.
        text: The word in lower case, the name as listed, the figure's form, the mark.
        stem: The word without its ending, the name marked as such, else the text.
        surface: As written.
        figure: The figure, for that kind.
    """

    kind: TokenKind
    text: str
    stem: str
    surface: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as tokens in order."""

    tokens: tuple[Token, ...]

    @property
    def words(self) -> tuple[Token, ...]:
        """Return the word tokens."""
        return tuple(token for token in self.tokens if token.kind == "word")

    @property
    def names(self) -> tuple[str, ...]:
        """Return the distinct known names, in order of appearance."""
        found = (token.text for token in self.tokens if token.kind == "name")
        return tuple(dict.fromkeys(found))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return the figures, in order."""
        return tuple(token.figure for token in self.tokens if token.figure)

    @property
    def is_label(self) -> bool:
        """Tell whether it has the form "label: value"."""
        return any(token.text == ":" for token in self.tokens)


def read_claim(text: str, names: Sequence[str], language: Language) -> Claim:
    """Take a sentence apart; ``names`` count as one token each, longest first."""
    plain = _plain(text, language)
    pieces: list[tuple[int, int, Token]] = list(_named(plain, names))
    masked = _mask(plain, [(start, end) for start, end, _ in pieces])
    for figure in figures(masked, language):
        surface = plain[figure.start : figure.end]
        token = Token("figure", figure.form, figure.form, surface, figure)
        pieces.append((figure.start, figure.end, token))
    masked = _mask(masked, [(start, end) for start, end, _ in pieces])
    pieces.extend(
        (match.start(), match.end(), _token(match[0]))
        for match in _GAP.finditer(masked)
    )
    pieces.sort(key=lambda piece: piece[0])
    return Claim(tuple(token for _, _, token in pieces))


def _plain(text: str, language: Language) -> str:
    plain = unicodedata.normalize("NFKC", text)
    for pattern, replacement in _CONTRACTIONS:
        plain = pattern.sub(replacement, plain)
    plain = _SPACE.sub(" ", _PREFIXED.sub(r"\1", plain)).strip()
    for phrase in language.phrases:
        plain = _phrase(phrase).sub(" ", plain)
    return plain


@lru_cache(maxsize=64)
def _phrase(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{phrase})(?!\w)", re.IGNORECASE)


def _named(plain: str, names: Sequence[str]) -> Iterator[tuple[int, int, Token]]:
    taken: list[tuple[int, int]] = []
    for name in sorted({name for name in names if name.strip()}, key=_length_first):
        for match in _name(name).finditer(plain):
            start, end = match.span()
            if not any(start < stop and begin < end for begin, stop in taken):
                taken.append((start, end))
                yield start, end, Token("name", name, f"name:{name}", match[0])


def _length_first(name: str) -> tuple[int, str]:
    return -len(name), name


@lru_cache(maxsize=1024)
def _name(name: str) -> re.Pattern[str]:
    words = unicodedata.normalize("NFKC", name).split()
    return re.compile(rf"(?<!\w){r' '.join(map(re.escape, words))}(?!\w)")


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\0" * (end - start) + text[end:]
    return text


def _token(surface: str) -> Token:
    text = surface.lower().replace("’", "'")
    if text in _MARKS:
        return Token("mark", text, text, surface)
    stem = _CURRENCIES.get(text) or stem_of(text)
    return Token("word", text, stem, surface)


@lru_cache(maxsize=8192)
def stem_of(word: str) -> str:
    """Return an English word without plural, tense and spelling variants.

    Light on purpose: "employer" and "employee", "citizen" and "citizenship" stay
    apart. Words of other languages mostly pass unchanged, alike on both sides.
    """
    if len(word) <= 3 or not word.isascii():
        return word
    word = _spelling(_singular(word))
    for ending, shortest in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= shortest:
            base = word.removesuffix(ending)
            if re.search(r"[aeiouy]", base):
                word = _undoubled(base)
                break
    if len(word) > 3:
        word = word.removesuffix("e")
    return word.removesuffix("y") + "i" if word.endswith("y") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word.removesuffix("ies") + "y"
    if word.endswith("ied") and len(word) > 4:
        return word.removesuffix("ied") + "y"
    if re.search(r"(?:ss|x|z|ch|sh)es$", word):
        return word.removesuffix("es")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word.removesuffix("s")
    return word


def _spelling(word: str) -> str:
    return re.sub(r"is(e|ed|ing|ation)$", r"iz\1", word) if len(word) > 6 else word


def _undoubled(base: str) -> str:
    return base[:-1] if re.search(r"([bdfglmnprt])\1$", base) else base
