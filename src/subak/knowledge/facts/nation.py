"""Nation: the countries a text names, by name, adjective, flag or code.

A money's name names no country: "US dollars", "franchi svizzeri".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from subak.knowledge.facts.identity import (
    NamedCountry,
    country_of_code,
    find_country,
    named_countries,
)
from subak.knowledge.text.words import read_words, stem

_MONEY = re.compile(
    r"[\s(]*(?:dollar\w*|dolar\w*|pounds?|sterlin\w+|francs?|franchi|franco|crowns?"
    r"|kron\w+|krun\w*|korun\w*|corone|lir[ae]|pesos?|rupees?|rupie|dinar[is]?"
    r"|dirhams?|r[iy][iy]?als?|yen|yuan|won|ringgit|rupiah|z[lł]ot\w+|forints?|le[iuv]|lek"
    r"|levs?|baht|dong|shillings?|scellin\w+|shilling|marks?|marchi|euros?|rubl\w+"
    r"|roubles?|rands?|reais|real|naira|cedis?|hryvni\w+)\b",
    re.IGNORECASE,
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_FIRST_FLAG_LETTER = 0x1F1E6
_CODE = re.compile(r"[\W_]*([A-Z]{2,3})[\W_]*")
_OF_COUNTRIES = re.compile(
    r"^\W*(?:country|countries|nation|state|paese|paesi|stato|negara|land|länder|país"
    r"|países|pays|jurisdiction)\b",
    re.IGNORECASE,
)
# A language in its own words, as above the columns of a text in two of them.
_LANGUAGE = re.compile(
    r"[\W_]*(?:(?:testo|versione|sintesi|teks|ringkasan|in)\s+)?"
    r"(?:english|italiano|(?:bahasa\s+)?indonesia|deutsch|français|español|português"
    r"|nederlands|polski|shqip|ελληνικά)"
    r"(?:\s+(?:text|version|summary|translation))?[\W_]*",
    re.IGNORECASE,
)
# English ones count with a capital only: "Polish", not "polish".
_ENGLISH = (
    "AL albanian|DZ algerian|AR argentine argentinian|AM armenian|AU australian"
    "|AT austrian|AZ azerbaijani|BH bahraini|BD bangladeshi|BE belgian|BR brazilian"
    "|BG bulgarian|CA canadian|CL chilean|CN chinese|CO colombian|HR croatian"
    "|CY cypriot|CZ czech|DK danish|EG egyptian|EE estonian|FI finnish|FR french"
    "|GE georgian|DE german|GH ghanaian|GR greek|HU hungarian|IS icelandic|IN indian"
    "|ID indonesian|IE irish|IL israeli|IT italian|JP japanese|KZ kazakh|KE kenyan"
    "|KR korean|KW kuwaiti|LV latvian|LT lithuanian|MY malaysian|MT maltese"
    "|MX mexican|MD moldovan|ME montenegrin|MA moroccan|NL dutch|NG nigerian"
    "|NO norwegian|OM omani|PK pakistani|PE peruvian|PH philippine filipino|PL polish"
    "|PT portuguese|QA qatari|RO romanian|RU russian|SA saudi|RS serbian"
    "|SG singaporean|SK slovak|SI slovenian slovene|ES spanish|SE swedish|CH swiss"
    "|TW taiwanese|TZ tanzanian|TH thai|TN tunisian|TR turkish|UG ugandan"
    "|UA ukrainian|AE emirati|GB british|US american|UY uruguayan|UZ uzbek"
    "|VN vietnamese|ZM zambian"
)
_ITALIAN = (
    "IT italiano|AL albanese|AT austriaco|BE belga|BG bulgaro|HR croato|CZ ceco"
    "|DK danese|EE estone"
    "|FI finlandese|FR francese|DE tedesco|GR greco|HU ungherese|IE irlandese"
    "|JP giapponese|LV lettone|LT lituano|NL olandese|NO norvegese|PL polacco"
    "|PT portoghese|RO rumeno romeno|RU russo|RS serbo|SK slovacco|SI sloveno"
    "|ES spagnolo|SE svedese|CH svizzero|TR turco|UA ucraino|GB britannico inglese"
    "|US statunitense americano|CN cinese|BR brasiliano"
)


# Who writes in Italian calls his readers so: only a rule or tax is meant by it.
_HOME = "IT"
_OF_RULE = re.compile(
    r"\b(?:aliquot\w+|iva|irpef|ires|impost\w+|tass[aei]\w*|contribut\w+|legg[ei]"
    r"|norm\w+|fisco|scaglion\w+|tariff\w+|regime)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def nations_in(text: str) -> tuple[NamedCountry, ...]:
    """Return the countries a text names, in order."""
    found = [each for each in named_countries(text) if not _MONEY.match(text, each.end)]
    found += _by_adjective(text)
    for flag in _FLAG.finditer(text):
        letters = (chr(ord(sign) - _FIRST_FLAG_LETTER + ord("A")) for sign in flag[0])
        if name := country_of_code("".join(letters)):
            found.append(NamedCountry(name, flag.start(), flag.end()))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def nations_of_cell(text: str) -> frozenset[str]:
    """Return the countries a title or label cell names, or is nothing but."""
    named = frozenset(each.name for each in nations_in(text))
    whole = find_country(text, whole=True)
    return named | {whole} if whole else named


def nations_of_titles(titles: Sequence[str]) -> tuple[frozenset[str], ...]:
    """Return the countries each title of a table names.

    Codes count where two of them stand side by side: "IT" alone may be a word.
    """
    if _are_languages(titles):
        return tuple(frozenset() for _ in titles)
    coded = [_of_code(title) for title in titles]
    is_coded = len({name for name in coded if name}) > 1
    return tuple(
        nations_of_cell(title) | ({code} if is_coded and code else set())
        for title, code in zip(titles, coded, strict=True)
    )


def _are_languages(titles: Sequence[str]) -> bool:
    """Tell whether columns hold one text in several languages."""
    return sum(bool(_LANGUAGE.fullmatch(title)) for title in titles) > 1


def nation_of_label(label: str, title: str) -> frozenset[str]:
    """Return the countries a row's label names.

    Args:
        title: The title above it; a code counts below "country".
    """
    code = _of_code(label) if _OF_COUNTRIES.match(title) else ""
    return nations_of_cell(label) | ({code} if code else set())


def _of_code(text: str) -> str:
    match = _CODE.fullmatch(text)
    return country_of_code(match[1]) if match else ""


def _by_adjective(text: str) -> list[NamedCountry]:
    found = []
    english, italian = _adjectives()
    for word in read_words(text):
        key = word.stem
        code = english.get(key, "") if word.text[:1].isupper() else ""
        code = code or italian.get(key, "")
        if code == _HOME and not _OF_RULE.search(text, 0, word.start):
            continue
        if code and not _is_money(text, word.start, word.end):
            found.append(NamedCountry(country_of_code(code), word.start, word.end))
    return found


def _is_money(text: str, start: int, end: int) -> bool:
    """Tell whether a money stands beside: "Swiss francs", "franchi svizzeri"."""
    before = read_words(text[max(0, start - 20) : start])[-1:]
    return bool(_MONEY.match(text, end)) or any(
        _MONEY.fullmatch(word.text) for word in before
    )


@cache
def _adjectives() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return code by adjective, for English and for Italian."""
    tables = []
    for listed in (_ENGLISH, _ITALIAN):
        table: dict[str, str] = {}
        for entry in listed.split("|"):
            code, *words = entry.split()
            table |= {stem(word): code for word in words}
        tables.append(table)
    return tables[0], tables[1]
