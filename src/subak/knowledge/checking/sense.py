"""Sense: a sentence as what its words say, in order, whatever words it chose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from subak.knowledge.checking.claim import Claim, Token, read_claim
from subak.knowledge.checking.lexicon import DENIAL, Lexicon, lexicon_of
from subak.knowledge.text.figures import Figure
from subak.knowledge.text.language import Language

PartKind = Literal["sense", "operator", "light", "small", "figure", "mark"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BEFORE_MEASURE = r"(?:year|month|week|day|hour|decade)"
_COUNTED = (
    r"(?:night|kwh|mwh|litre|liter|tonne|hectare|vehicle|passenger|share|unit|child)"
)
_ORDINALS = tuple(
    (re.compile(rf"(?<=\bthe ){word}(?= (?:of|day|each)\b)", re.IGNORECASE), number)
    for number, word in (
        ("1st", "first"),
        ("2nd", "second"),
        ("3rd", "third"),
        ("5th", "fifth"),
        ("10th", "tenth"),
        ("12th", "twelfth"),
        ("15th", "fifteenth"),
        ("17th", "seventeenth"),
        ("20th", "twentieth"),
        ("25th", "twenty-fifth"),
        ("30th", "thirtieth"),
        ("31st", "thirty-first"),
    )
)
_SPELLED = (
    (re.compile(r"\bMay(?=,? \d{4}\b)"), "Maymonth"),
    (
        re.compile(r"\b(is|are|was|were) due to (?=[a-z]+\b(?! of\b))"),
        r"\1 planned to ",
    ),
    *_ORDINALS,
    (re.compile(r", or (?=[$€£]?\d|[A-Z]{3} \d)"), ", "),
    (re.compile(r"\bsome (?=[$€£]?\d)", re.IGNORECASE), "about "),
    (re.compile(r"\bone or more\b", re.IGNORECASE), "at least one"),
    (
        re.compile(
            rf"\b(for|of|in|within|after|least|most) an? (?={_BEFORE_MEASURE}\b)",
            re.IGNORECASE,
        ),
        r"\1 one ",
    ),
    (re.compile(r"\ban? (?=quarter\b|fifth\b|tenth\b|half\b)", re.IGNORECASE), ""),
    (re.compile(r"\btwo[- ]fifths\b", re.IGNORECASE), "40 percent"),
    (re.compile(r"\bthree[- ]fifths\b", re.IGNORECASE), "60 percent"),
    (re.compile(r"\bfour[- ]fifths\b", re.IGNORECASE), "80 percent"),
    (re.compile(r"\bthree[- ]quarters\b", re.IGNORECASE), "75 percent"),
    (re.compile(r"\b(?:one[- ])?fifth(?= of\b)", re.IGNORECASE), "20 percent"),
    (re.compile(r"\b(?:one[- ])?tenth(?= of\b)", re.IGNORECASE), "10 percent"),
    (re.compile(r"\b(?:one[- ])?quarter(?= of\b)", re.IGNORECASE), "25 percent"),
    (
        re.compile(r"\bhalf(?: of)?(?= (?:the|all|its|their|of)\b)", re.IGNORECASE),
        "50 percent",
    ),
    (re.compile(r"\b([a-z]+)[- ]free\b", re.IGNORECASE), r"without \1"),
    (re.compile(r"\b(?:a |the )?decade\b", re.IGNORECASE), "10 years"),
    (re.compile(r"\ba dozen\b", re.IGNORECASE), "12"),
    (re.compile(r"\b(?:one|1) in (?:two|2)\b", re.IGNORECASE), "50 percent"),
    (re.compile(r"\b(?:one|1) in (?:four|4)\b", re.IGNORECASE), "25 percent"),
    (re.compile(r"\b(?:one|1) in (?:five|5)\b", re.IGNORECASE), "20 percent"),
    (re.compile(r"\b(?:one|1) in (?:ten|10)\b", re.IGNORECASE), "10 percent"),
    (
        re.compile(
            r"\b(\d[\d.,]*)(?= (?:to|and|or) \d[\d.,]* ?(?:%|percent|per cent))",
            re.IGNORECASE,
        ),
        r"\1 percent",
    ),
    (re.compile(r"\blower(?:ed|s|ing)\b", re.IGNORECASE), "reduced"),
    (re.compile(r"\bhusbands? (?:and|or) wi(?:f|v)es?\b", re.IGNORECASE), "spouses"),
    (re.compile(r"\bmothers? (?:and|or) fathers?\b", re.IGNORECASE), "parents"),
    (re.compile(r"\bmen and women\b", re.IGNORECASE), "adults"),
    (re.compile(r"\breached (?=[$€£]?\d)", re.IGNORECASE), "was "),
    (re.compile(r"\breaches (?=[$€£]?\d)", re.IGNORECASE), "is "),
    (re.compile(r"\bone (?=specific|particular|single)\b", re.IGNORECASE), "a "),
    (re.compile(r"\btwo times\b", re.IGNORECASE), "twice"),
    (
        re.compile(
            r"\b(\d[\d.,]* ?(?:[a-z]+|€|\$|£|%)|[€$£] ?\d[\d.,]*) an? "
            rf"(?={_COUNTED}\b)",
            re.IGNORECASE,
        ),
        r"\1 per ",
    ),
    (
        re.compile(rf"\b(within \d+ {_BEFORE_MEASURE}s?) (?:of|from)\b", re.IGNORECASE),
        r"\1 after",
    ),
    (re.compile(r"\bterawatt[- ]hours?\b", re.IGNORECASE), "TWh"),
    (re.compile(r"\bgigawatt[- ]hours?\b", re.IGNORECASE), "GWh"),
    (re.compile(r"\bmegawatt[- ]hours?\b", re.IGNORECASE), "MWh"),
    (re.compile(r"\bkilowatt[- ]hours?\b", re.IGNORECASE), "kWh"),
    (re.compile(r"\bgigawatts?\b", re.IGNORECASE), "GW"),
    (re.compile(r"\bmegawatts?\b", re.IGNORECASE), "MW"),
    (re.compile(r"\bsquare kilomet(?:re|er)s?\b", re.IGNORECASE), "km²"),
    (
        re.compile(r"\bone(?= (?:must|may|can|has|should|needs)\b)", re.IGNORECASE),
        "people",
    ),
)
# Before a day "dal" says since when, before anything else by whom.
_ITALIAN = (
    (re.compile(r"\bda(?:l|llo|lla|i|gli|lle) (?![\d(])", re.IGNORECASE), "da "),
    (re.compile(r"\bdall['’](?!\d)", re.IGNORECASE), "da "),
)
_ALL_SPELLED = {"en": _SPELLED, "it": _ITALIAN}
_PREPOSITIONS = {
    "en": "of in at on for with from to into by under against between outside within"
    " among over during through per onto off across without via",
    "it": "di del dello della dell dei degli delle in nel nello nella nell nei nelle a"
    " al allo alla all ai agli alle da dal dallo dalla dai per con su sul sulla tra"
    " verso",
    "id": "di dari ke kepada pada untuk oleh dengan bagi dalam antara",
}
_CANONICAL = {
    **dict.fromkeys(_set("da dal dallo dalla dai oleh"), "by"),
    **dict.fromkeys(_set("a al allo alla all ai agli alle kepada"), "to"),
    "bagi": "for",
    "dari": "from",
    "ke": "to",
    "untuk": "for",
    "con": "with",
}
_BARE_BOUNDS = _set("under over around about above below up")
_QUANTITIES = frozenset({DENIAL, "all", "most", "some", "many", "few", "both"})
_ENDS = _set("and that which who e ed che dan yang serta")
CURRENCIES = _set(
    "eur usd gbp idr jpy inr chf sgd aud cad nzd hkd sek nok dkk pln czk huf try cny"
    " krw thb vnd php mxn clp ars brl zar kes ngn egp mad aed sar omr qar ils lkr pkr"
    " npr myr"
)
MONTHS = _set(
    "january february march april maymonth june july august september october november"
    " december gennaio febbraio marzo aprile maggio giugno luglio agosto settembre"
    " ottobre dicembre januari februari maret mei juni juli agustus oktober desember"
)
_NO_MONEY = _set("made mad try tries tried trying")
_BE = _set("is are was were be been being get gets got")
_VERBS = _set("è sono ha hanno era erano viene vengono adalah ialah berlaku memiliki")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a sentence says.

    Args:
        kind: What it is.
        senses: Classes it may belong to, any of which may be meant.
        text: As written, in lower case.
        token: Its first token.
        preposition: The preposition that governs it, "" for none.
        is_proper: True for a name, known or written like one.
    """

    kind: PartKind
    senses: frozenset[str]
    text: str
    token: Token
    preposition: str = ""
    is_proper: bool = False

    @property
    def figure(self) -> Figure | None:
        """Return the figure, None for other kinds."""
        return self.token.figure

    def says(self, other: Part) -> bool:
        """Tell whether both may say the same."""
        return not self.senses.isdisjoint(other.senses)


@dataclass(frozen=True)
class Reading:
    """A sentence read by sense."""

    parts: tuple[Part, ...]
    claim: Claim
    lexicon: Lexicon = field(repr=False)

    @property
    def meant(self) -> tuple[Part, ...]:
        """Return what has to stand in the other sentence as well."""
        return tuple(part for part in self.parts if part.kind == "sense")

    @property
    def operators(self) -> tuple[Part, ...]:
        """Return the words that change what is said."""
        return tuple(part for part in self.parts if part.kind == "operator")

    @property
    def figures(self) -> tuple[Part, ...]:
        """Return the figures."""
        return tuple(part for part in self.parts if part.kind == "figure")

    @property
    def is_passive(self) -> bool:
        """Tell whether someone is named by whom something is done."""
        if not any(part.preposition == "by" for part in self.meant):
            return False
        return any(
            part.text in _BE or part.text.startswith("di") for part in self.parts
        )


def read_senses(text: str, names: Sequence[str], language: Language) -> Reading:
    """Read a sentence by sense; ``names`` count as one word each."""
    for pattern, plain in _ALL_SPELLED.get(language.code, ()):
        text = pattern.sub(plain, text)
    claim = read_claim(text, names, language)
    lexicon = lexicon_of(language.code)
    parts = [
        replace(part, is_proper=True) if at and _is_capital(part, lexicon) else part
        for at, part in enumerate(_parts(claim, lexicon, language))
    ]
    parts = list(_whole_names(parts))
    governed = _governed(parts, frozenset(_PREPOSITIONS[language.code].split()))
    return Reading(tuple(governed), claim, lexicon)


def _parts(claim: Claim, lexicon: Lexicon, language: Language) -> Iterator[Part]:
    tokens = claim.tokens
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "word":
            words = _words_from(tokens, at)
            if words[0] in _BARE_BOUNDS and len(words) > 1:
                size, found = _bare_bound(tokens, at, lexicon, language)
            else:
                size, found = _looked_up(words, token, lexicon, language)
            yield from (_resolved(part, tokens, at, lexicon) for part in found)
            at += size
            continue
        if token.kind == "figure":
            yield Part("figure", frozenset({token.text}), token.text, token)
            at += 1
            if token.figure and token.figure.measure and at < len(tokens):
                at += tokens[at].kind == "word"
            continue
        kind: PartKind = "sense" if token.kind == "name" else "mark"
        senses = _name_senses(token, lexicon) if kind == "sense" else {token.text}
        yield Part(kind, frozenset(senses), token.text, token, "", kind == "sense")
        at += 1


def _bare_bound(
    tokens: Sequence[Token], at: int, lexicon: Lexicon, language: Language
) -> tuple[int, list[Part]]:
    """Read "under" as a limit only where a figure follows."""
    size, found = _looked_up(_words_from(tokens, at), tokens[at], lexicon, language)
    following = tokens[at + size : at + size + 2]
    is_bound = size > 1 or any(token.figure for token in following)
    token = tokens[at]
    kind: PartKind = "small" if token.text == "under" else "sense"
    bare = [Part(kind, frozenset({token.text}), token.text, token)]
    return (size, found) if is_bound else (1, bare)


def _resolved(part: Part, tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Part:
    """Choose between "a permit" and "permits": a noun has an article before it."""
    operators = part.senses & lexicon.operators
    if not operators or operators == part.senses:
        return part
    before = tokens[at - 1].text if at else ""
    if before in {"a", "an", "the", "of", "work", "residence"}:
        return replace(part, senses=part.senses - operators)
    return replace(part, kind="operator", senses=operators)


def _words_from(tokens: Sequence[Token], at: int) -> list[str]:
    words: list[str] = []
    for token in tokens[at : at + 6]:
        if token.kind != "word":
            break
        words.append(token.text)
    return words


def _looked_up(
    words: list[str], token: Token, lexicon: Lexicon, language: Language
) -> tuple[int, list[Part]]:
    """Return how many words are taken and what they say."""
    if token.stem in CURRENCIES and _is_money(token):
        return 1, [Part("sense", frozenset({token.stem}), token.text, token)]
    stems, entries = lexicon.find(words)
    is_known = stems in lexicon.phrases or len(entries[0].senses) > 1
    is_acronym = token.surface.isupper() and len(token.surface) > 1
    if len(stems) == 1 and not is_acronym and not is_known:
        if words[0] in language.connecting or words[0] in language.articles:
            return 1, [Part("small", frozenset({words[0]}), words[0], token)]
        if words[0] in _PREPOSITIONS[language.code].split():
            return 1, [Part("small", frozenset({words[0]}), words[0], token)]
    if any(len(entry.senses) > 1 for entry in entries):
        senses = max((entry.senses for entry in entries), key=len)
        return len(stems), [_part({each}, token, lexicon) for each in senses]
    classes = {sense for entry in entries for sense in entry.senses}
    return len(stems), [_part(classes, token, lexicon)]


def _is_money(token: Token) -> bool:
    """Tell "TRY" and "MAD" from "try" and "made"."""
    return token.surface.isupper() or token.text not in _NO_MONEY


def _part(classes: set[str], token: Token, lexicon: Lexicon) -> Part:
    senses = frozenset(classes)
    kind: PartKind = "sense"
    if senses & lexicon.lights:
        kind = "light"
    elif senses <= lexicon.operators:
        kind = "operator"
    return Part(kind, senses, token.text, token, "", bool(senses & lexicon.places))


def _is_capital(part: Part, lexicon: Lexicon) -> bool:
    """Tell whether a word inside a sentence is written like a name."""
    surface = part.token.surface
    is_known = (lexicon.key(part.text),) in lexicon.phrases
    if part.kind != "sense" or is_known or part.senses & CURRENCIES:
        return False
    return surface[:1].isupper()


def _name_senses(token: Token, lexicon: Lexicon) -> set[str]:
    """A name of several words is also known by its class: "Italy", "Italian"."""
    _, entries = lexicon.find(token.text.lower().split())
    known = {each for entry in entries if entry.size > 0 for each in entry.senses}
    whole = len(token.text.split()) == entries[0].size
    return {token.stem, *(known if whole else ())}


def _whole_names(parts: Sequence[Part]) -> Iterator[Part]:
    """A word written like a name right after one belongs to it: "Canal Authority"."""
    is_named = False
    for part in parts:
        is_capital = part.kind == "sense" and part.token.surface[:1].isupper()
        is_named = part.is_proper or (is_named and is_capital)
        yield replace(part, is_proper=True) if is_named else part


def _governed(parts: Sequence[Part], prepositions: frozenset[str]) -> Iterator[Part]:
    """Tell each part by which preposition it is governed, up to the next verb."""
    current, is_full, is_owned = "", False, False
    for part in parts:
        is_owned = part.text == "'s" or (is_owned and part.kind == "sense")
        if is_full and not part.is_proper and not is_owned:
            current = ""
        if part.kind in {"small", "operator"} and part.text in prepositions:
            current = _CANONICAL.get(part.text, part.text)
        elif not is_owned and (
            part.kind in {"mark", "light"}
            or part.text in _BE | _ENDS | _VERBS
            or (part.kind == "operator" and not part.senses & _QUANTITIES)
        ):
            current = ""
        yield replace(part, preposition=current)
        is_full = part.is_proper or part.kind == "figure"
