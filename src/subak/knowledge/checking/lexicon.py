"""Lexicon: which words say the same, by language; read from ``wordlists``.

Holds sense classes only; what two sentences may differ in is not its task.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from subak.knowledge.checking.claim import stem_of
from subak.knowledge.checking.place_names import place_names

DENIAL = "not"

_LONGEST_PHRASE = 6
_ENDINGS = (
    re.compile(r"(?:iz)?ation$"),
    re.compile(r"(?:ment|ion|ing|al|iz|ed)$"),
)
_LEAST_ROOT = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """What one word or phrase says.

    Args:
        senses: Classes it belongs to, in order; more than one for "visa-free".
        size: How many words it takes.
    """

    senses: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The sense classes of one language.

    Args:
        phrases: Senses by the stems of a phrase; alternatives side by side.
        prefixes: Senses by the beginning of a word.
        operators: Classes that change what is said: quantity, modality, time, cause.
        lights: Words that say nothing by themselves.
        actors: Classes of those who can do something to another.
        places: Classes of countries and the like, whose adjectives count as names.
        countries: Stems of the nouns among them: "Canada", not "Canadian".
        opposites: Classes that exclude a class: "rise" and "fall".
        key: Makes the stem of a word.
    """

    phrases: Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]
    prefixes: Mapping[str, tuple[str, ...]]
    operators: frozenset[str]
    lights: frozenset[str]
    actors: frozenset[str]
    places: frozenset[str]
    countries: frozenset[str]
    opposites: Mapping[str, frozenset[str]]
    key: Callable[[str], str]

    def find(self, words: Sequence[str]) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
        """Return the stems of the longest phrase the words begin with, and its senses.

        A word of no class has its own stem as its sense.
        """
        stems = tuple(self.key(word) for word in words[:_LONGEST_PHRASE])
        for size in range(len(stems), 0, -1):
            if found := self.phrases.get(stems[:size]):
                return stems[:size], tuple(Entry(each, size) for each in found)
        return stems[:1], (Entry(self._single(words[0].lower(), stems[0]), 1),)

    def _single(self, word: str, stem: str) -> tuple[str, ...]:
        for size in range(len(word), 2, -1):
            if senses := self.prefixes.get(word[:size]):
                return senses
        return (root(stem),)


@lru_cache(maxsize=8)
def lexicon_of(code: str) -> Lexicon:
    """Return the lexicon of a language that has one, else an empty one."""
    folder = resources.files("subak.knowledge.checking") / "wordlists"
    file = folder / f"{code}.txt"
    text = file.read_text("utf-8") if file.is_file() else ""
    words, _, opposed = text.partition("\n[opposite]\n")
    places = place_names(code) if words else {}
    lexicon = _lexicon(words.splitlines(), _KEYS.get(code, stem_of), places)
    return replace(lexicon, opposites=_opposites(opposed.splitlines(), lexicon))


def root(stem: str) -> str:
    """Return a stem without the ending that makes a noun of a verb.

    "registration" and "register", "production" and "produce" meet; "employer" and
    "employee", "citizen" and "citizenship" stay apart.
    """
    for ending in _ENDINGS:
        shorter = ending.sub("", stem)
        if shorter != stem and len(shorter) >= _LEAST_ROOT:
            return shorter
    return stem


def _lexicon(
    lines: Sequence[str], key: Callable[[str], str], places: Mapping[str, str]
) -> Lexicon:
    phrases: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    prefixes: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, set[str]] = {}
    countries: set[str] = set()
    for kind, senses, words in _entries(lines):
        kinds.setdefault(kind, set()).update(senses)
        if kind == "place":
            countries.add(key(words[0].split()[0]))
        if kind == "actor":
            kinds[kind].update(words, (root(key(word)) for word in words))
            continue
        for phrase in words:
            if phrase.endswith("*"):
                prefixes[phrase.removesuffix("*")] = senses or (_LIGHT,)
                continue
            stems = tuple(map(key, phrase.split()))
            own = phrases.get(stems, ())
            phrases[stems] = (*own, senses) if senses not in own else own
    for name, place in places.items():
        stems = tuple(map(key, re.findall(r"\w+|&", name)))
        for each in {stems, tuple("and" if one == "&" else one for one in stems)}:
            if each not in phrases:
                phrases[each] = ((place,),)
                kinds.setdefault("place", set()).add(place)
                countries.add(each[0])
    operators = frozenset(kinds.get("operator", set())) | {DENIAL}
    return Lexicon(
        phrases,
        prefixes,
        operators,
        frozenset({_LIGHT}),
        frozenset(kinds.get("actor", set())),
        frozenset(kinds.get("place", set())),
        frozenset(countries),
        {},
        key,
    )


_LIGHT = "~"


def _opposites(lines: Sequence[str], lexicon: Lexicon) -> Mapping[str, frozenset[str]]:
    """Return what each class excludes; a line is "rise, grow / fall / unchanged"."""
    found: dict[str, set[str]] = {}
    for line in lines:
        sides = [
            {
                sense
                for word in filter(str.strip, side.split(","))
                for entry in lexicon.find(word.split())[1]
                for sense in entry.senses
            }
            - lexicon.lights
            for side in line.split("/")
            if line.strip() and not line.startswith("#")
        ]
        for side in sides:
            others = {one for other in sides if other is not side for one in other}
            for one in side:
                found.setdefault(one, set()).update(others - side)
    return {one: frozenset(others) for one, others in found.items()}


def _entries(lines: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
    """Yield kind, senses and words of every line."""
    kind = ""
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            kind = line.strip("[] ")
            continue
        name, colon, rest = line.partition(":")
        words = [word.strip() for word in (rest if colon else line).split(",")]
        named = tuple(DENIAL if each == "!" else each for each in name.split())
        senses = {"light": (_LIGHT,), "denial": (DENIAL,)}.get(kind, named)
        yield kind, senses if colon or kind in {"light", "denial"} else (), words


def _italian(word: str) -> str:
    word = word.lower()
    return word.rstrip("aeiouàèéìòù") or word if len(word) > 4 else word


def _indonesian(word: str) -> str:
    word = word.lower()
    return word.removesuffix("nya") if len(word) > 6 else word


def _english(word: str) -> str:
    stem = stem_of(word.lower())
    # Three letters are left alone there: "say" would miss "says".
    return f"{stem[:-1]}i" if len(stem) == 3 and stem.endswith("y") else stem


_KEYS: Mapping[str, Callable[[str], str]] = {
    "en": _english,
    "it": _italian,
    "id": _indonesian,
}
