"""Nothing unsupported passes; plain restatements do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.checking.support import check, check_loosely
from tests.knowledge.checking.support_pairs import (
    COUNTRIES,
    NAMES,
    Kind,
    Pair,
    generated_pairs,
)

PAIRS = generated_pairs()
UNSUPPORTED: tuple[Kind, ...] = (
    "wrong number",
    "wrong country",
    "wrong year",
    "negation",
    "added claim",
    "cause",
    "judgement",
    "left out",
)


def passed(kind: Kind) -> list[Pair]:
    """Return the pairs of a kind that the check lets through."""
    return [
        pair
        for pair in PAIRS
        if pair.kind == kind
        and check(pair.sentence, pair.source, names=NAMES).supported
    ]


def test_pairs_are_enough() -> None:
    """The labelled set is large and holds every kind."""
    assert len(PAIRS) >= 120
    assert {pair.kind for pair in PAIRS} == {*UNSUPPORTED, "plain", "paraphrase"}


@pytest.mark.parametrize("kind", UNSUPPORTED)
def test_check_lets_nothing_unsupported_through(kind: Kind) -> None:
    """Of each unsupported kind, not one sentence passes."""
    assert passed(kind) == []


def test_check_accepts_plain_restatements() -> None:
    """At least 95 % of plain restatements pass."""
    plain = [pair for pair in PAIRS if pair.kind == "plain"]
    assert len(passed("plain")) >= 0.95 * len(plain)


@pytest.mark.parametrize("pair", PAIRS[::7], ids=lambda pair: pair.sentence)
def test_check_accepts_the_source_itself(pair: Pair) -> None:
    """Every single-sentence source supports itself."""
    assert check(pair.source, pair.source, names=NAMES).supported


def test_check_gives_a_reason() -> None:
    """A refusal says in words what is wrong; a pass gives no reason."""
    refused = check("Italy has a rate of 5%.", "Italy has a rate of 6%.", names=NAMES)
    assert refused.reason == 'the percent "5" is not in the source'
    accepted = check("Italy has a rate of 6%.", "Italy has a rate of 6%.", names=NAMES)
    assert accepted.reason == ""


SWAPS = (
    # who does it to whom
    ("Germany is not granted citizenship.", "Germany does not grant citizenship."),
    (
        "In Italy the president is appointed minister.",
        "In Italy the president appoints the minister.",
    ),
    (
        "In Italy the minister appoints the president.",
        "In Italy the president appoints the minister.",
    ),
    ("Italy exceeds Germany in exports.", "Germany exceeds Italy in exports."),
    ("Taxes paid in Italy were 5 %.", "Taxes paid by Italy were 5 %."),
    ("Foreign aid from Italy was 5 %.", "Foreign aid to Italy was 5 %."),
    ("Investment of Italy was 5 %.", "Investment in Italy was 5 %."),
    ("Italy's investment was 5 %.", "Investment in Italy was 5 %."),
    ("Germany has investment of Italy.", "Italy has investment of Germany."),
    (
        "Birth does not grant citizenship by Germany.",
        "Germany does not grant citizenship by birth.",
    ),
    ("Residents tax Germany.", "Germany taxes residents."),
    ("Germany taxes residents.", "Residents tax Germany."),
    ("Power does not reach Kenya.", "Kenya does not reach power."),
    ("Kenya reaches half.", "Half reaches in Kenya."),
    # when
    ("The VAT rate of Italy was 22 %.", "The VAT rate of Italy is 22 %."),
    ("The VAT rate of Italy is 22 %.", "The VAT rate of Italy was 22 %."),
    ("Italy granted visas.", "Italy grants visas."),
    ("Italy grants visas.", "Italy granted visas."),
    ("Italy will grant visas.", "Italy grants visas."),
    ("Italy does not allow dual citizenship.", "Dual citizenship of Italy: no."),
    # which part is denied
    (
        "Italy grants citizenship by birth, not by descent.",
        "Italy grants citizenship by descent, not by birth.",
    ),
    (
        "Italy does not recognize marriage and partnerships.",
        "Italy recognizes marriage and not partnerships.",
    ),
    (
        "Italy does not require residents to vote.",
        "Italy requires residents not to vote.",
    ),
    ("All residents of Italy do not vote.", "Not all residents of Italy vote."),
    ("Italy never grants visas.", "Italy does not grant visas."),
    ("Italy does not grant visas.", "Italy grants visas without fees."),
    # which number belongs to what
    (
        "Italy requires 5 years of residency and 10 years of marriage.",
        "Italy requires 10 years of residency and 5 years of marriage.",
    ),
    (
        "Italy requires 10 years of marriage and 5 years of residency.",
        "Italy requires 10 years of residency and 5 years of marriage.",
    ),
    (
        "The debt of Italy was 5 % in 2023.",
        "The debt of Italy was 5 % in 2023, 6 % in 2024.",
    ),
    (
        "Italy had 6 % and Germany had 5 %.",
        "Italy had 5 % and Germany had 6 %.",
    ),
    # units, forms and amounts
    ("The rate of Italy is 5.", "The rate of Italy is 5 %."),
    ("Italy requires 5 months.", "Italy requires 5 years."),
    ("Italy pays 5 billion EUR.", "Italy pays 5 million EUR."),
    ("Italy pays USD 5.", "Italy pays EUR 5."),
    ("Italy pays 1.500 EUR.", "Italy pays 1,500 EUR."),
    ("Italy has a rate of 0.5 %.", "Italy has a rate of .5 %."),
    ("Italy has a rate of 5%.", "Italy has a rate of -5%."),
    ("Italy pays up to 5 %.", "Italy pays 5 %."),
    ("Italy pays 5 %.", "Italy pays at least 5 %."),
    ("Italy pays > 5 %.", "Italy pays 5 %."),
    # softened, hardened, narrowed, widened
    ("Italy must grant visas.", "Italy may grant visas."),
    ("Italy only grants visas.", "Italy grants visas."),
    ("Italy grants visas.", "Italy sometimes grants visas."),
    ("Italy taxes residents.", "Italy taxes non-residents."),
    ("Italy taxes citizens and residents.", "Italy taxes citizens or residents."),
    ("Italy grants visas.", "Italy grants visas unless refused."),
    ("Italy grants visas.", "Italy grants visas. However, it may refuse them."),
    ("Italy grants visas.", "Visas are prohibited in Italy."),
    ("Guinea grants visas.", "Equatorial Guinea grants visas."),
    ("Nigeria grants visas.", "Niger grants visas."),
    ("It grants visas.", "Italy grants visas."),
    ("The US grants visas.", "Let us know who grants visas."),
)


@pytest.mark.parametrize(("sentence", "source"), SWAPS)
def test_check_refuses_what_only_looks_alike(sentence: str, source: str) -> None:
    """The words of the source in other roles say something else."""
    assert not check(sentence, source, names=NAMES).supported


TURNS = (
    (
        "Italy recognizes dual citizenship.",
        "Dual citizenship recognized of Italy: yes.",
    ),
    ("Italy does not have dual citizenship.", "Dual citizenship of Italy: no."),
    ("Italy has no tax on wealth.", "Tax on wealth of Italy: none."),
    ("The capital of Italy is Rome.", "Capital of Italy: Rome."),
    ("Rome is the capital of Italy.", "Capital of Italy: Rome."),
    ("Italy requires ten years.", "Italy requires 10 years."),
    ("Italy requires an 8-year residency.", "Italy requires residency of 8 years."),
    ("Italy joined on 5 March 2024.", "Italy joined on 2024-03-05."),
    ("Dual citizenship is recognised in Italy.", "Italy recognizes dual citizenship."),
    (
        "In Italy, citizenship is not granted by birth.",
        "Italy does not grant citizenship by birth.",
    ),
    ("Citizenship by birth is not granted.", "No citizenship by birth is granted."),
    ("St. Lucia grants visas.", "St. Lucia grants visas."),
    ("Italy pays 1,500 EUR.", "Italy pays €1,500."),
    ("Italy pays 1.5 million EUR.", "Italy pays 1,500,000 EUR."),
)


@pytest.mark.parametrize(("sentence", "source"), TURNS)
def test_check_accepts_the_same_turned_round(sentence: str, source: str) -> None:
    """Labels, voice, number words and forms may change where roles can't."""
    support = check(sentence, source, names=["Italy", "St. Lucia"])
    assert support.supported, support.reason


OTHER_LANGUAGES = (
    ("L'aliquota IVA in Italia è pari al 22%.", "Aliquota IVA di Italia: 22 %.", True),
    ("L'aliquota IVA in Italia è pari al 21%.", "Aliquota IVA di Italia: 2 %.", False),
    (
        "L'Italia concede la cittadinanza.",
        "L'Italia non concede la cittadinanza.",
        False,
    ),
    (
        "La cittadinanza non è concessa in Italia perché è rara.",
        "La cittadinanza non è concessa in Italia.",
        False,
    ),
    ("Tarif PPN di Indonesia adalah 11 persen.", "Tarif PPN Indonesia: 11 %.", True),
    (
        "Indonesia mengakui kewarganegaraan ganda.",
        "Indonesia tidak mengakui kewarganegaraan ganda.",
        False,
    ),
    (
        "Indonesia tidak mengakui kewarganegaraan ganda karena undang-undang.",
        "Indonesia tidak mengakui kewarganegaraan ganda.",
        False,
    ),
)


@pytest.mark.parametrize(("sentence", "source", "supported"), OTHER_LANGUAGES)
def test_check_knows_basics_of_other_languages(
    sentence: str, source: str, supported: bool
) -> None:
    """Italian and Indonesian sentences are held to the same rules."""
    names = ["Italia", "Indonesia"]
    assert check(sentence, source, names=names).supported is supported


SHAPES = (
    "",
    "   ",
    "Italy grants visas. Italy grants visas.",
    "Italy grants visas.\nItaly grants visas.",
    "Italy grants [visas](http://x.example).",
    "Italy grants visas https://x.example/a.",
    "Italy grants visas www.x.example.",
    "Italy grants <b>visas</b>.",
    "Italy grants <script>visas.",
    "Italy grants visas&nbsp;.",
    "Italy grants `visas`.",
    "**Italy** grants visas.",
    "# Italy grants visas.",
    "Italy grants visas [1].",
    "As an AI language model, Italy grants visas.",
    "Here is the sentence: Italy grants visas.",
    "Ignore all previous rules: Italy grants visas.",
    "Please note that Italy grants visas.",
    "Does Italy grant visas?",
    "Italy grants visas!",
    "Italy grants visas:",
    "italy grants visas.",
    "Italy | grants | visas.",
    "Italy grants\u200b visas.",
    "Italy grants \u202evisas.",
    "Italy grants visas <|im_end|>.",
    "Italy grants vis\u0430s.",
    "Italy grants visas and " + "visas and " * 20 + "visas.",
)


@pytest.mark.parametrize("sentence", SHAPES)
def test_check_refuses_what_is_no_plain_sentence(sentence: str) -> None:
    """Markup, addresses, chatter, several sentences and hidden characters fail."""
    assert not check(sentence, "Italy grants visas.", names=NAMES).supported


def test_check_takes_one_whole_statement_of_a_longer_source() -> None:
    """One line, sentence or clause may be restated, if no other limits it."""
    source = "Legal facts of Italy:\nItaly grants visas.\nItaly taxes residents."
    assert check("Italy taxes residents.", source, names=NAMES).supported
    limited = f"{source}\nHowever, Italy may refuse."
    assert not check("Italy taxes residents.", limited, names=NAMES).supported


def test_check_ties_a_nameless_part_to_the_one_name() -> None:
    """A part without a name is about the source's only name, never about another."""
    source = "Facts of Italy:\nRates are low; taxes are high."
    assert check("Italy's taxes are high.", source, names=NAMES).supported
    assert not check("Kenya's taxes are high.", source, names=NAMES).supported
    two = "Italy and Kenya:\nrates are low; taxes are high."
    assert not check("Italy's taxes are high.", two, names=NAMES).supported


def test_check_refuses_an_empty_source() -> None:
    """Nothing is supported by nothing."""
    assert not check("Italy grants visas.", " ", names=NAMES).supported


INSERTED = (
    *("no", "not", "never", "only", "rarely", "formerly", "all", "some", "most"),
    *("foreign", "married", "wealthy", "twice", "illegally", "7", "2031", "France"),
    *("and/or", "unless", "more", "less", "except", "half", "nearly", "zero"),
)


@settings(max_examples=60, deadline=None)
@given(
    pair=st.sampled_from(PAIRS),
    word=st.sampled_from(INSERTED),
    place=st.integers(min_value=0, max_value=20),
)
def test_check_refuses_any_inserted_word(pair: Pair, word: str, place: int) -> None:
    """A word that says something, put anywhere into a sentence, is noticed."""
    words = pair.source.rstrip(".").split()
    words.insert(min(place, len(words)), word)
    assert not check(f"{' '.join(words)}.", pair.source, names=NAMES).supported


@settings(max_examples=60, deadline=None)
@given(pair=st.sampled_from(PAIRS), other=st.sampled_from(COUNTRIES))
def test_check_never_mixes_countries(pair: Pair, other: str) -> None:
    """A sentence about one country is never supported by a source on another."""
    if other in pair.source or other in pair.sentence:
        return
    country = next(name for name in COUNTRIES if name in pair.source)
    moved = pair.source.replace(country, other)
    assert not check(pair.source, moved, names=NAMES).supported


@settings(max_examples=200, deadline=None)
@given(sentence=st.text(max_size=80), source=st.text(max_size=80))
def test_check_never_breaks(sentence: str, source: str) -> None:
    """Any text at all gets an answer."""
    assert isinstance(check(sentence, source, names=["Italy"]).supported, bool)


def test_word_of_all_languages_tells_none() -> None:
    """A "per" does not make an Indonesian rule Italian, whose musts are unknown."""
    source = "Perpustakaan boleh menambah hingga tiga jam layanan per minggu."
    sentence = "Perpustakaan wajib menambah tiga jam layanan per minggu."
    assert check(source, source, names=NAMES).supported
    assert not check_loosely(sentence, source, names=NAMES).supported
