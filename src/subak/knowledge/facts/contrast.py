"""Contrast: words that make a value another party's, level's or group's.

"Employer 33 %" is not the employee's rate, a state's tax not the federation's, a rate
for small companies not the general one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from subak.knowledge.facts.mention import Topic, clause_of
from subak.knowledge.facts.scope import behind, sentence_of
from subak.knowledge.text.labels import own_labels
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import ReadUnit, nearest_heading
from subak.knowledge.text.words import Span

_LEVIED = (
    r"(?:tax(?:es)?|rates?|lev(?:y|ies)|dut(?:y|ies)|surcharges?|surtax"
    r"|contributions?|governments?)"
)


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    words: re.Pattern[str]
    is_special: bool = False


def _side(name: str, words: str, *, special: bool = False) -> _Side:
    return _Side(name, re.compile(rf"\b(?:{words})", re.IGNORECASE), special)


_FOR_WHOM = re.compile(
    r"\b(?:for\s+(?:an?|each|every)|per\s+(?:ogni|ciascun)|untuk\s+(?:setiap|tiap))\s+"
    r"(?:(?!the\b)\w+\s+){0,3}$",
    re.IGNORECASE,
)
# The sides of one contrast exclude each other. A special side must be asked for.
_CONTRASTS: tuple[tuple[_Side, ...], ...] = (
    (
        _side(
            "employer",
            r"quota\s+del\s+datore\b|employers?(?!\s+(?:must\s+)?(?:withh|deduct|retain))\b|dator[ei]\s+di\s+lavoro|pemberi\s+kerja|majikan\b"
            r"|aziend[ae]\b|arbeitgeber|empleador|employeur|(?:your|the)\s+(?:boss|firm)\b"
            r"|(?:the|your)\s+company\s+(?:adds|pays|contributes)\b"
            r"|(?:the|a|each)\s+(?:firm|company)['’]s\s+(?:share|contribution)"
            r"|perusahaan\s+(?:menanggung|menambah)\w*\b|(?:il\s+tuo|il)\s+capo\b"
            r"|(?:borne|paid|payable|due)\s+by\s+the\s+(?:compan|firm|business|enterpris)"
            r"|(?:versat[aio]|dovut[aio]|a\s+carico)\s+(?:dall['’]|dell['’])(?:impresa|ente)\b"
            r"|(?:ditanggung|dibayar|bagian)\s+(?:oleh\s+)?(?:perusahaan|kantor)\b",
        ),
        _side(
            "employee",
            r"employees?(?!['’]s?\s+(?:fund|account|benefit))\b|workers?\b"
            r"|(?:lavorator|dipendent)[ei]\b|(?<!kecelakaan )(?<!umur )pekerja\b"
            r"|karyawan\b|pegawai\b|buruh\b|arbeitnehmer|trabajador|salarié"
            r"|insured\s+(?:person|worker|member)s?\b|wage[- ]earners?\b"
            r"|assicurat[oi]\b"
            r"|impiegat[oi]\b|busta\s+paga\b"
            r"|(?:withheld|deducted|taken)\s+from\s+(?:the\s+|their\s+|your\s+)?"
            r"(?:gross\s+)?(?:wages?|pay|salar(?:y|ies)|staff|personnel)\b"
            r"|(?:your|their)\s+pay\s?slips?\b|staff(?:['’]s)?\s+(?:share|contribution)"
            r"|trattenut[aioe]\s+(?:\w+\s+){0,2}(?:salari|stipend|retribuzion|busta)"
            r"|dipotong\s+dari\s+(?:gaji|upah)\b",
        ),
        _side("self-employed", r"self-employed|lavorator[ei]\s+autonom[oi]"),
    ),
    (
        _side("federal", r"federal\b|national\b|nazional[ei]\b|nasional\b|pusat\b"),
        _side(
            "regional",
            r"(?:state|provincial|regional|local|municipal|county|cantonal|city)\s+"
            r"(?!(?:levies|taxes|imposes|collects|charges|applies|has|sets)\s+\w)"
            rf"(?:[\w-]+\s+){{0,2}}{_LEVIED}\b"
            r"|(?:individual|many|most|some|all)\s+(?:states|provinces|cantons)\b"
            r"|(?:addizional[ei]|impost[ae]|tass[ae]|aliquot[ae])\s+"
            r"(?:regional|comunal|municipal|provincial)[ei]\b"
            r"|pajak\s+(?:daerah|provinsi|kota|kabupaten)\b|negara\s+bagian",
            special=True,
        ),
    ),
    (
        _side("standard", r"standard\b|general\b|ordinari[ao]\b|normale?\b|standar\b"),
        _side(
            "reduced",
            r"(?:super-)?reduced(?:[\s-]+\w+){0,2}[\s-]+rates?\b|lower\s+rates?\b"
            r"|aliquot[ae](?:\s+\w+){0,2}\s+(?:ridott|agevolat)[ae]\b|tarif\s+khusus\b"
            r"|tarif\s+(?:lebih\s+)?rendah\b|preferential\b",
            special=True,
        ),
    ),
    (
        _side("residents", r"(?<!non[- ])(?<!non)residents?\b|(?<!non )residenti\b"),
        _side(
            "non-residents",
            r"non[- ]?residents?\b|non\s+residenti\b|bukan\s+penduduk\b"
            r"|wajib\s+pajak\s+luar\s+negeri\b",
            special=True,
        ),
    ),
    (
        _side(
            "small companies",
            r"small(?:er)?\s+(?:and\s+medium[\w-]*\s+)?"
            r"(?:business(?:es)?|compan(?:y|ies)|enterprises?|firms?)\b|SMEs?\b"
            r"|piccol[ei]\s+(?:e\s+medie\s+)?(?:impres[ae]|aziend[ae]|imprenditori)\b|UMKM\b"
            r"|small(?:er)?\s+(?:\w+\s+)?(?:entrepreneurs?|taxpayers?|traders?)\b"
            r"|micro[- ]?(?:impres\w+"
            r"|compan(?:y|ies)|enterprises?|business\w*|entities)\b"
            r"|usaha\s+(?:mikro|kecil)\b",
            special=True,
        ),
        _side(
            "large groups",
            r"(?:large\s+)?multinational\s+(?:groups?|enterprises|companies)\b"
            r"|large\s+(?:groups?|companies|businesses)\b|top-up\s+tax\b"
            r"|grandi\s+(?:gruppi|imprese)\b|gruppi\s+multinazionali\b"
            r"|kelompok\s+(?:usaha\s+)?multinasional\b|perusahaan\s+besar\b"
            r"|(?:largest|biggest)\s+(?:\w+\s+)?(?:firms|companies|groups)\b",
            special=True,
        ),
    ),
    (
        _side(
            "some companies",
            r"(?:oil|gas|petroleum|mining|insurance|shipping|holding|listed|offshore"
            r"|tobacco|energy|financial)\s+(?:and\s+\w+\s+)?(?:compan(?:y|ies)|firms?"
            r"|enterprises?|corporations?|institutions?|producers?)\b"
            r"|(?:foreign\s+)?banks?\s+(?:alone\s+|and\s+\w+\s+(?:companies\s+)?)?pay"
            r"|(?:compan(?:y|ies)|firms?|enterprises?|businesses)\s+(?:that|which|in\s+the)\s+"
            r"(?:extract|refin|produc|drill|explor|oil|gas|petrol|mining|financial)\w*"
            r"|(?:imprese|società)\s+che\s+(?:estra|raffin)\w+|perusahaan\s+(?:hulu|migas)\b"
            r"|(?:free|special\s+economic|export\s+processing)[- ]zones?\b"
            r"|zon[ae]\s+franc\w+|kawasan\s+(?:bebas|industri|berikat)\b"
            r"|societ[àa]\s+(?:petrolifer|assicurativ|stranier|quotat|di\s+informatica)"
            r"|perusahaan\s+(?:minyak|tambang|asing|asuransi)\b|perseroan\s+terbuka\b",
            special=True,
        ),
    ),
    (
        _side(
            "private",
            r"private\s+(?:pension|insurance|fund)|voluntary|volontari[aoe]\b|sukarela\b"
            r"|(?:previdenza|pensione)\s+(?:complementare|integrativa)\b",
            special=True,
        ),
    ),
    (
        _side("nationals", r"nationals\b|citizens?\b|warga\s+negara\b|cittadin[io]\b"),
        _side(
            "foreigners",
            r"foreigners?\b|foreign\s+(?:workers?|employees?|staff|nationals?)\b"
            r"|expatriates?\b|(?:pekerja|tenaga(?:\s+kerja)?)\s+asing\b"
            r"|(?:lavoratori|dipendenti)\s+stranieri\b",
            special=True,
        ),
    ),
)


def find_contrast(topic: Topic, unit: ReadUnit, place: Span) -> str:
    """Return the words that make the value at a place another's, "" when none do."""
    asked = _asked(topic)
    for sides in _CONTRASTS:
        wanted = {side.name for side in sides} & asked
        side, words = _nearest(sides, unit, place)
        if side is None or side.name in wanted:
            continue
        if wanted or side.is_special:
            return words
    return ""


def sides_named(text: str) -> frozenset[str]:
    """Return the parties a text names: employer, employee, self-employed."""
    return frozenset(side.name for side in _CONTRASTS[0] if side.words.search(text))


def asks_for_side(topic: Topic) -> bool:
    """Tell whether a field asks for one party's value."""
    return bool(sides_asked(topic))


def sides_asked(topic: Topic) -> frozenset[str]:
    """Return the parties whose value a field asks for."""
    return _asked(topic) & {side.name for side in _CONTRASTS[0]}


def _asked(topic: Topic) -> frozenset[str]:
    """Return the sides a field asks for, by its names or else by its meaning."""
    named = " ; ".join((topic.field.name.replace("_", " "), *topic.field.phrases))
    meant = _sides_in(topic.field.meaning)
    return _sides_in(named) | (meant if len(meant) == 1 else frozenset())


@lru_cache(maxsize=1024)
def _sides_in(text: str) -> frozenset[str]:
    return frozenset(
        side.name for sides in _CONTRASTS for side in sides if side.words.search(text)
    )


def _nearest(
    sides: tuple[_Side, ...], unit: ReadUnit, place: Span
) -> tuple[_Side | None, str]:
    """Return the side said closest to the value: clause, bracket, label, heading."""
    for text, position in _zones(unit, place):
        found = [
            (_gap(match, position), side, match.group())
            for side in sides
            for match in side.words.finditer(text)
            if not stands_for_whom(text, match.start())
        ]
        if found:
            _, side, words = min(found, key=lambda each: each[0])
            return side, words
    return None, ""


def stands_for_whom(text: str, position: int) -> bool:
    """Tell whether words say for whom something is paid: "for each worker"."""
    return bool(_FOR_WHOM.search(text[max(0, position - 60) : position]))


def _gap(match: re.Match[str], position: int) -> int:
    before = position - match.end()
    return before if before >= 0 else match.start() - position


def _zones(unit: ReadUnit, place: Span) -> Iterator[tuple[str, int]]:
    """Yield the texts that can qualify the value, nearest first, and where it stands.

    Of the clause only what no other number of the same sort parts from it; what opens
    the sentence counts where it is the first.
    """
    text, clause = unit.text, clause_of(unit.text, place.start)
    begin, right = 0, max(clause.end, place.end)
    for number in _alike(unit, place):
        if number.end <= place.start:
            begin = number.end
        elif number.start >= place.end:
            right = min(right, number.start)
    left = max(begin, clause.start)
    yield text[left:right], place.start - left
    rest = text[place.end :]
    if rest.lstrip().startswith("("):
        yield rest.partition(")")[0], 0
    if not begin and unit.unit.kind != "row":
        yield text[: place.start], place.start
    rest = behind(unit, place)
    rest = rest[: re.search(r"[;:,(.]|$", rest).start()]  # type: ignore[union-attr]
    if sides_named(rest):
        yield rest, 0
    for label in own_labels(unit, place):
        yield label, len(label)
    head = text[sentence_of(text, place.start).start : place.start]
    if begin and len(sides_named(head)) == 1:
        yield head, len(head)
    if heading := nearest_heading(unit.unit):
        yield heading.text, len(heading.text)


def _alike(unit: ReadUnit, place: Span) -> list[Number]:
    is_percent = any(each.percent for each in unit.numbers if each.start == place.start)
    return [each for each in unit.numbers if each.percent == is_percent]
