"""Turns: one plain order for sentences that only turn their clauses round.

"Nyanza, the former capital, was ..." and "The former capital, Nyanza, was ..." are one
sentence. Each turn keeps what a sentence says, so it may be made of either text alone.
Where no turn fits a text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_NAME = r"[A-Z][\w'’-]*(?: (?:of |the |and )?[A-Z][\w'’-]*)*"
_OWNED = (
    r"(?:The|Its|[A-Z][\w'’ -]*?['’]s)"
    r"(?:(?! (?:is|are|was|were|has|have|and|or|who|which|that|where) )"
    r"[^,;:.\d]){4,80}?"
)
_HELPERS = r"(?:is|are|was|were|has|have|had|can|may|must|will|should)"
_UNDENIED = r"(?!.*\b(?:not|no|never|only|does|do|did|will|may|can|must)\b.* appl)"
_SAYS = r"(?:estimate[sd]?|say|says|said|report(?:s|ed)?|forecasts?|expect(?:s|ed)?)"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_THAT_YEAR = re.compile(
    r"(?:\bof |\bdi |\bdel(?:lo)? |\bpada )?"
    r"\b(?:(?:that|the same) year|(?:quell['’]|quello stesso |stesso )anno"
    r"|tahun (?:itu|tersebut|yang sama))\b",
    re.IGNORECASE,
)
_SUPERLATIVE = r"(?:\w+est|leading|top|only|first|second|third)"


def straight(text: str, code: str) -> str:
    """Return the text in plain order; ``code`` is its language."""
    plain = _dated(text.strip())
    for pattern, turn in _TURNS.get(code, ()):
        plain = pattern.sub(turn, plain)
    return plain


def _dated(text: str) -> str:
    """Name "that year" where the text names one year before it and no other."""
    found = _THAT_YEAR.search(text)
    years = set(_YEAR.findall(text))
    if not found or len(years) != 1 or not _YEAR.search(text[: found.start()]):
        return text
    return _THAT_YEAR.sub(years.pop(), text)


def _lower(text: str) -> str:
    first, _, _ = text.partition(" ")
    is_small = first in {"The", "A", "An", "In", "On", "By", "It", "Its", "Some", "All"}
    return text[:1].lower() + text[1:] if is_small else text


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _identity(match: re.Match[str]) -> str:
    """ "The capital is Rome" as "Rome is the capital"."""
    return f"{match[3]} {match[2]} {_lower(match[1])}{match[4]}"


def _apposition(match: re.Match[str]) -> str:
    return f"{match[2]}, {_lower(match[1])}, "


def _relative(match: re.Match[str]) -> str:
    """ "X, who does that, is so" as "X is so and does that"."""
    return f"{match[1]} {match[3]} and {match[2]}."


def _where(match: re.Match[str]) -> str:
    return f"{_upper(match[2])} in {_lower(match[1])}."


def _said(match: re.Match[str]) -> str:
    return f"{_upper(match[2])} {match[3]} that {_lower(match[1])}."


def _barred(match: re.Match[str]) -> str:
    doing = match[1][:1].lower() + match[1][1:]
    return f"{_upper(match[3])} are {match[2]} from {doing}."


def _levied(match: re.Match[str]) -> str:
    """ "Tax on dividends: 10%" as "Dividends are subject to a tax of 10%"."""
    return f"{_upper(match[2])} are subject to a {match[1].lower()} of {match[3]}."


def _applies(match: re.Match[str]) -> str:
    """ "The rate applies to books" as "Books are subject to the rate"."""
    verb = "were" if match[2].endswith("d") else "are"
    return f"{_upper(match[3])} {verb} subject to {_lower(match[1])}."


_Turn = Callable[[re.Match[str]], str] | str
_ENGLISH: tuple[tuple[re.Pattern[str], _Turn], ...] = tuple(
    (re.compile(pattern), turn)
    for pattern, turn in (
        (rf"^({_OWNED}), ({_NAME}), (?={_HELPERS}\b)", _apposition),
        (
            rf"^({_OWNED}) (is|was) ({_NAME})(\.$|, (?:followed|ahead|with)\b.*$)",
            _identity,
        ),
        (
            r"^([^,;]{3,80}), (?:who|which) ([^,;]{3,120}),"
            rf" ({_HELPERS} [^,;]+)\.$",
            _relative,
        ),
        (r"^([^;]{3,120}) (?:is|are) where ([^,;]{3,120})\.$", _where),
        (rf"^([^;]{{9,200}}), ((?:the )?[\w ]{{2,50}}) ({_SAYS})\.$", _said),
        (
            r"^([A-Z]\w+ing [^,;]{3,80}) (?:is|are) (prohibited|forbidden|banned)"
            r" for ([^,;]{3,80})\.$",
            _barred,
        ),
        (
            rf"^{_UNDENIED}((?:The|A|An) [^,;]{{3,80}}) (appl(?:y|ies|ied)) to"
            r" ([^;]{3,120})\.$",
            _applies,
        ),
        (
            rf"\bthe ({_SUPERLATIVE}\b[^,;.]{{2,60}}) in the world\b",
            r"the world's \1",
        ),
        (
            r"^([A-Z][a-z]+(?: [a-z]+){0,3}) on ([^:;|]{3,80}):"
            r" (\d[\d.,]* ?(?:%|percent|per cent))\.?$",
            _levied,
        ),
        (r", (?:while|whereas) (?=[a-z])", ", and "),
        (r"(?<=\d) \(([a-z][a-z -]{2,30})\)", r" for \1"),
        (r"(?<=%) \(([a-z][a-z -]{2,30})\)", r" for \1"),
    )
)
_TURNS: Mapping[str, tuple[tuple[re.Pattern[str], _Turn], ...]] = {
    "en": _ENGLISH,
    "it": ((re.compile(r", mentre "), ", e "),),
    "id": ((re.compile(r", sedangkan "), ", dan "),),
}
