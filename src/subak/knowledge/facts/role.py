"""Which role a value plays in its unit: whose it is, and for which time.

The right number beside the right words can still be another field's, another
country's or last year's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from subak.knowledge.facts.bystander import is_kin, is_subjectless
from subak.knowledge.facts.contrast import (
    asks_for_side,
    sides_named,
    stands_for_whom,
)
from subak.knowledge.facts.extreme import asks_for_highest, says_highest
from subak.knowledge.facts.mention import (
    Mention,
    Topic,
    clause_of,
    find_mention,
)
from subak.knowledge.facts.nation import nation_of_label, nations_of_cell
from subak.knowledge.facts.scope import before, sentence_of
from subak.knowledge.text.dates import Year, read_dates, read_years
from subak.knowledge.text.reading import ReadUnit, nearest_heading
from subak.knowledge.text.words import Span, content_words, read_words, stem, stems

_PAST = re.compile(
    r"\b(?:until|till|before|prior to|up to|fino (?:al|a)|prima del|hingga|sampai)\b"
    r".{0,25}?(?P<year>(?:1[5-9]|20)\d\d)\b"
    r"|\b(?:formerly|previously|in precedenza|precedentemente|sebelumnya)\b",
    re.IGNORECASE,
)
_LEVY = re.compile(
    r"(?P<kind>(?:[^\W\d_][\w-]*\s+){1,2})(?:insurance|contributions?|funds?|dut(?:y|ies)"
    r"|lev(?:y|ies)|surcharges?|tax(?:es)?|fees?)\b(?=\W*(?:\w+\W+){0,3}$)"
    r"|\b(?:assicurazione|contribut[oi]|impost[ae]|tass[ae]|addizional[ei]|fondo"
    r"|iuran|asuransi|(?<!wajib )pajak|premi|dana)\s+"
    r"(?P<other>(?:[^\W\d_][\w-]*\s*){1,2})",
    re.IGNORECASE,
)
_SOLE = re.compile(
    r"\b(?:only|sole|single|solo|soltanto|unic[oa]|hanya|satu-satunya|nur|sólo)\b",
    re.IGNORECASE,
)
_SMALL_WORDS_TEXT = (
    "sebesar sekitar hingga sampai sejumlah senilai berjumlah pari circa dovut about "
    "flat single rate tarif"
)
_SMALL_WORDS = frozenset(stem(word) for word in _SMALL_WORDS_TEXT.split())
# They say how a tax is taken, not which.
_NEUTRAL_LEVY = re.compile(
    r"\b(?:sostitutiv[ao]|final[ei]?|dana\s+tabungan"
    r"|provident\s+fund|pension\s+fund)\b",
    re.IGNORECASE,
)
# Who withholds a value from another's pay doesn't bear it.
_COLLECTS = re.compile(
    r"\s+(?:must\s+|has\s+to\s+)?(?:withh\w+|deducts?|retains?|tratten\w+|trattiene"
    r"|memotong)\b",
    re.IGNORECASE,
)
# "Employer and employee each pay 5 %": one value, both sides.
_EACH = re.compile(
    r"\b(?:each|both|alike|masing-masing|ciascun[oa]?|entramb[ie]|je(?:weils)?"
    r"|cada\s+uno|chacun)\b",
    re.IGNORECASE,
)
_OTHER_CLAUSE = 1000
_OTHER_NUMBER = 2000


def year_of(unit: ReadUnit, place: Span) -> int | None:
    """Return the year the value at a place is stated for, None when none is."""
    if years := read_years(unit.column_title(place)):
        return years[-1].value
    if year := _year_in_brackets(unit, place) or _year_in_clause(unit, place):
        return year
    earlier = [year for year in unit.years if year.end <= place.start]
    if earlier and not _numbers_between(unit, earlier[-1].end, place.start):
        return earlier[-1].value
    heading = nearest_heading(unit.unit)
    years = read_years(heading.text) if heading else ()
    return years[-1].value if years else None


def is_past(unit: ReadUnit, place: Span, document_year: int | None) -> bool:
    """Tell whether the clause calls the value a former one."""
    clause = clause_of(unit.text, place.start)
    match = _PAST.search(unit.text, clause.start, clause.end)
    if match is None:
        return False
    if match["year"] is None:
        return True
    if _is_amount(unit, match.start("year")):
        return False
    return document_year is None or int(match["year"]) < document_year


def _is_amount(unit: ReadUnit, start: int) -> bool:
    """Tell whether what looks like a year is an amount: "up to 2000 EUR"."""
    return any(
        each.start <= start < each.end and (each.currency or each.percent)
        for each in unit.numbers
    )


def holds_for_both(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the words before a value give it to each of those they name."""
    return bool(_EACH.search(before(unit, place)))


def find_rival(
    topic: Topic, mention: Mention, unit: ReadUnit, place: Span, rivals: Sequence[Topic]
) -> Topic | None:
    """Return the other field the value belongs to, None when it is free."""
    distance = _distance(mention, unit, place)
    is_side = asks_for_side(topic)
    ahead = [each for each in mention.spans if each.end <= place.start]
    has_subject = any(not is_subjectless(unit, each) for each in ahead)
    is_top = asks_for_highest(topic) and says_highest(before(unit, place))
    for rival in rivals:
        other = find_mention(rival, unit, place)
        if other is None:
            continue
        # Of two sides only words that name one tell whose a value is.
        by_side = is_side and asks_for_side(rival)
        is_other = not is_kin(topic, rival)
        other = replace(
            other,
            spans=tuple(
                span
                for span in other.spans
                if not _COLLECTS.match(unit.text, span.end)
                and not stands_for_whom(unit.text, span.start)
                and not (by_side and not _names_side(unit, span))
                # "The top rate for employees" is no contribution of theirs.
                and not (is_top and mention.spans and _is_party(unit, span))
                # "VAT: 20 %, reduced to 5 %" has one name around the other's value.
                and not (span.start < place.start and place.end < span.end)
                # Nor is "the highest rate" of gains one of income.
                and not (has_subject and is_other and is_subjectless(unit, span))
            ),
        )
        if _is_within(mention, other):
            return rival
        is_named = other.spans or other.in_column
        if is_named and _distance(other, unit, place) < distance:
            return rival
    return None


def _names_side(unit: ReadUnit, span: Span) -> bool:
    return bool(sides_named(unit.text[span.start : span.end]))


def _is_party(unit: ReadUnit, span: Span) -> bool:
    """Tell whether words are nothing but the name of a party."""
    said = unit.text[span.start : span.end]
    return bool(sides_named(said)) and " " not in said.strip()


def follows_another(mention: Mention, unit: ReadUnit, place: Span) -> bool:
    """Tell whether a value of the same sort and a semicolon stand before it.

    "18 years of age; age 16 for some elections": the second qualifies the first.
    """
    own = [each for each in unit.numbers if each.start == place.start]
    starts = [span.end for span in mention.spans if span.end <= place.start]
    begin = max(starts, default=0)
    return any(
        begin <= other.start
        and other.end <= place.start
        and (other.percent, other.currency) == (own[0].percent, own[0].currency)
        and ";" in unit.text[other.end : place.start]
        for other in unit.numbers
        if own
    )


def names_other_country(unit: ReadUnit, country: str) -> bool:
    """Tell whether a row or a heading is about another country than the document."""
    if not country:
        return False
    above = [each.text for each in reversed(unit.unit.headings) if each.level > 1]
    # The nearest heading that names one tells: "In Canada" > "For American readers".
    named = (nations_of_cell(text) for text in above)
    found = next((each for each in named if each), frozenset())
    if unit.unit.kind == "row":
        label = unit.text[unit.label.start : unit.label.end]
        title = next(iter(unit.columns), "")
        labelled = nation_of_label(label, title)
        if labelled:
            return country not in labelled
    return bool(found) and country not in found


def find_other_levy(topic: Topic, unit: ReadUnit, mention: Mention, place: Span) -> str:
    """Return what else the words just before a value call it, "" for nothing.

    "Employer: social tax 33 %, unemployment insurance 0.8 %".
    """
    clause = clause_of(unit.text, place.start)
    ends = [each.end for each in unit.numbers if each.end <= place.start]
    left = max([clause.start, *ends])
    if any(span.end > left and span.start < place.end for span in mention.spans):
        return ""
    match = _LEVY.search(unit.text, left, place.start)
    if match is None or mention.in_column:
        return ""
    known = {each for phrase in topic.phrases for each in phrase}
    known |= set(stems(topic.field.meaning)) | set(stems(topic.field.title))
    if _NEUTRAL_LEVY.search(match.group()):
        return ""
    called = [
        word.stem for word in content_words(read_words(match["kind"] or match["other"]))
    ]
    called = [each for each in called if each not in _SMALL_WORDS]
    if not called or not known.isdisjoint(called):
        return ""
    head = unit.text[sentence_of(unit.text, place.start).start : place.start]
    # The only thing a party pays is its total, whatever it is called.
    is_sole = asks_for_side(topic) and _SOLE.search(head)
    return "" if is_sole else match.group().strip()


def series_of(unit: ReadUnit, place: Span) -> str:
    """Return what a value is called apart from its year: heading and text before it."""
    heading = nearest_heading(unit.unit)
    said = unit.text[: place.start]
    for date in reversed(read_dates(said)):
        said = said[: date.start] + said[date.end :]
    title = unit.column_title(place)
    if unit.unit.kind == "row":
        label = unit.text[unit.label.start : unit.label.end]
        said = label if read_years(title) else said
        title = "" if read_years(title) else title
    name = f"{heading.text if heading else ''}|{said}|{title}"
    return re.sub(r"[\d\W_]+", " ", name).casefold().strip()


def _year_in_brackets(unit: ReadUnit, place: Span) -> int | None:
    after = [year for year in unit.years if year.start >= place.end]
    if not after:
        return None
    between = unit.text[place.end : after[0].start]
    opened = "(" in between and ")" not in between.rpartition("(")[2]
    if opened and not _numbers_between(unit, place.end, after[0].start):
        return after[0].value
    return None


def _year_in_clause(unit: ReadUnit, place: Span) -> int | None:
    clause = clause_of(unit.text, place.start)
    inside = [
        year
        for year in unit.years
        if clause.start <= year.start and year.end <= clause.end
    ]
    return min(inside, key=lambda year: _gap(year, place)).value if inside else None


def _gap(year: Year, place: Span) -> int:
    return max(year.start - place.end, place.start - year.end)


def _numbers_between(unit: ReadUnit, start: int, end: int) -> bool:
    years = {year.start for year in unit.years}
    return any(
        start <= number.start and number.end <= end and number.start not in years
        for number in unit.numbers
    )


def _distance(mention: Mention, unit: ReadUnit, place: Span) -> int:
    """Rank how close the words stand to the value: column, clause, order, letters."""
    if mention.in_column:
        return 0
    distances = [_span_distance(span, unit, place) for span in mention.spans]
    return min(distances, default=10 * _OTHER_NUMBER)


def _span_distance(span: Span, unit: ReadUnit, place: Span) -> int:
    clause = clause_of(unit.text, place.start)
    is_before = span.end <= place.start
    left, right = (span.end, place.start) if is_before else (place.end, span.start)
    distance = max(right - left, 0) + (0 if is_before else 1)
    if not (clause.start <= span.start and span.end <= clause.end):
        distance += _OTHER_CLAUSE + (0 if is_before else _OTHER_CLAUSE // 2)
    if _numbers_between(unit, left, right):
        distance += _OTHER_NUMBER
    return distance


def _is_within(mention: Mention, other: Mention) -> bool:
    """Tell whether the rival's longer phrase contains the field's ("youth ...")."""
    return any(
        wide.holds(narrow) for wide in other.spans for narrow in mention.spans
    ) and not any(
        narrow.holds(wide) for wide in other.spans for narrow in mention.spans
    )
