"""Propositions and the sections code makes of them."""

from __future__ import annotations

import itertools

from subak.knowledge.articles.article import Section, Sentence
from subak.knowledge.articles.outline import Outline, Written
from subak.knowledge.articles.proposition import Proposition, propose
from subak.knowledge.facts.fact import (
    Evidence,
    Fact,
    FieldValue,
    Level,
    Record,
    Refusal,
)

FIELDS = {"vat": "VAT rate", "corporate": "Corporate tax", "wealth": "Wealth tax"}


def fact(
    entity: str,
    field: str,
    value: FieldValue,
    *,
    document: str = "",
    level: Level = "evidence",
    statement: str = "",
) -> Fact:
    """Make a fact proved by one quote of its own document."""
    document = document or f"doc-{entity}"
    quote = f"{field} {value}"
    evidence = Evidence(document, f"https://{document}.example/", 0, len(quote), quote)
    unit = "" if isinstance(value, str | bool) else "%"
    return Fact(entity, "tax", field, value, unit, level, (evidence,), statement)


def record(entity: str, *facts: Fact, refused: tuple[str, ...] = ()) -> Record:
    """Make the record of one document, with fields that were refused."""
    document = facts[0].evidence[0].document if facts else f"doc-{entity}"
    url = f"https://{document}.example/"
    refusals = tuple(
        Refusal(entity, "tax", name, "99", "no quote", document, url)
        for name in refused
    )
    return Record(document, url, entity, "tax", facts, refusals)


def literal(proposition: Proposition) -> Written:
    """Publish a proposition as it stands."""
    return Written(
        proposition,
        Sentence(
            proposition.text,
            "literal",
            proposition.citations,
            proposition.entity,
            proposition.field,
            proposition.text,
        ),
    )


def sections(*records: Record, outline: Outline | None = None) -> dict[str, Section]:
    """Return the sections of an article with literal sentences, by heading."""
    written = [literal(one) for one in propose(records, FIELDS)]
    made = (outline or Outline(FIELDS)).sections(written, records)
    return {section.heading: section for section in made}


def texts(section: Section) -> list[str]:
    """Return the sentences of a section."""
    return [sentence.text for sentence in section.sentences]


ITALY = record("Italy", fact("Italy", "vat", 22.0), fact("Italy", "corporate", 24.0))
KENYA = record("Kenya", fact("Kenya", "corporate", 30.0), fact("Kenya", "vat", 16.0))


def test_propose_orders_by_entity_then_field() -> None:
    """The order depends on names and the recipe only, not on arrival."""
    expected = [
        "VAT rate of Italy: 22%.",
        "Corporate tax of Italy: 24%.",
        "VAT rate of Kenya: 16%.",
        "Corporate tax of Kenya: 30%.",
    ]
    for records in itertools.permutations([ITALY, KENYA]):
        assert [one.text for one in propose(records, FIELDS)] == expected


def test_propose_prefers_the_statement() -> None:
    """A statement of the recipe is taken as it stands, on one line."""
    stated = fact("Italy", "vat", 22.0, statement="Italy's VAT\n is 22%")
    assert [one.text for one in propose([record("Italy", stated)], {})] == [
        "Italy's VAT is 22%."
    ]


def test_propose_words_values_in_the_language() -> None:
    """Yes and no, and the label, follow the article's language."""
    has_tax = record("Italia", fact("Italia", "wealth", False))
    made = propose([has_tax], {"wealth": "Imposta"}, language="it")
    assert made[0].text == "Imposta di Italia: no."


def test_propose_joins_documents_that_agree() -> None:
    """The same value in two documents is one proposition with both quotes."""
    one = record("Italy", fact("Italy", "vat", 22.0, document="a"))
    other = record("Italy", fact("Italy", "vat", 22.0, document="b"))
    made = propose([other, one], FIELDS, title_of=lambda name: f"Title {name}")
    assert len(made) == 1
    assert [citation.title for citation in made[0].citations] == ["Title a", "Title b"]
    assert not made[0].is_disputed


def test_outline_findings_cite_both_ends() -> None:
    """A key finding names the highest and the lowest value and quotes both."""
    made = sections(ITALY, KENYA)["Key findings"]
    assert made.kind == "list"
    assert texts(made) == [
        "VAT rate: of those covered here, highest in Italy (22%) and lowest in Kenya"
        " (16%).",
        "Corporate tax: of those covered here, highest in Kenya (30%) and lowest in"
        " Italy (24%).",
    ]
    assert [one.quote for one in made.sentences[0].citations] == [
        "vat 22.0",
        "vat 16.0",
    ]


def test_outline_findings_say_when_all_are_alike() -> None:
    """Equal values have no highest and lowest."""
    germany = record("Germany", fact("Germany", "vat", 22.0))
    italy = record("Italy", fact("Italy", "vat", 22.0))
    assert texts(sections(germany, italy)["Key findings"]) == [
        "VAT rate: the same in Germany and Italy (22%)."
    ]


def test_outline_findings_list_few_names() -> None:
    """Of many ties three are named; all are cited."""
    names = ["Angola", "Benin", "Chad", "Egypt", "Fiji"]
    made = sections(
        record("Zambia", fact("Zambia", "vat", 5.0)),
        *(record(name, fact(name, "vat", 9.0)) for name in names),
    )["Key findings"].sentences[0]
    assert "highest in Angola, Benin, Chad and others (9%)" in made.text
    assert len(made.citations) == 6


def test_outline_findings_need_comparable_numbers() -> None:
    """One entity, text values and disputed values are not compared."""
    disputed = record("Kenya", fact("Kenya", "vat", 16.0, level="conflict"))
    words = [record(name, fact(name, "wealth", "none")) for name in ("Italy", "Kenya")]
    assert "Key findings" not in sections(ITALY)
    assert "Key findings" not in sections(*words)
    assert "Key findings" not in sections(
        record("Italy", fact("Italy", "vat", 22.0)), disputed
    )


def test_outline_summary_takes_three_of_different_kind() -> None:
    """Fields differ first, then entities; nothing is written anew."""
    made = sections(ITALY, KENYA)
    assert texts(made["Executive summary"]) == [
        "VAT rate of Italy: 22%.",
        "Corporate tax of Kenya: 30%.",
        "VAT rate of Kenya: 16%.",
    ]


def test_outline_analysis_has_the_fewer_sections() -> None:
    """Few countries: one section each; few fields: one section a field."""
    wide = sections(ITALY, KENYA)
    assert "Detailed analysis: Italy" in wide
    names = ["Angola", "Benin", "Chad"]
    long = sections(*(record(name, fact(name, "vat", 9.0)) for name in names))
    assert texts(long["Detailed analysis: VAT rate"]) == [
        f"VAT rate of {name}: 9%." for name in names
    ]


def test_outline_actions_name_differing_sources() -> None:
    """Two values of one field become one action with both statements and quotes."""
    made = sections(
        record("Italy", fact("Italy", "vat", 22.0, document="a")),
        record("Italy", fact("Italy", "vat", 21.0, document="b")),
    )
    action = made["Action items"].sentences[0]
    assert "“VAT rate of Italy: 22%”; “VAT rate of Italy: 21%”" in action.text
    assert [one.document for one in action.citations] == ["a", "b"]
    assert "Executive summary" not in made


def test_outline_actions_follow_refusals() -> None:
    """A refused field points to what is proved of it, or else of its document."""
    made = sections(
        record("Italy", fact("Italy", "vat", 22.0, document="a")),
        record(
            "Italy",
            fact("Italy", "top", 43.0, document="b"),
            refused=("vat", "wealth"),
        ),
    )
    proved, missing = made["Action items"].sentences
    assert "could not be proved: “VAT rate of Italy: 22%”" in proved.text
    assert '"Wealth tax" of Italy' in missing.text
    assert missing.citations
    assert (missing.entity, missing.field) == ("Italy", "wealth")


def test_outline_needs_nobody_where_the_document_gave_the_value() -> None:
    """A wrong proposal that the same text corrected is no work for a person."""
    made = sections(record("Italy", fact("Italy", "vat", 22.0), refused=("vat",)))
    assert "Action items" not in made


def test_outline_actions_need_a_quote() -> None:
    """A document that proves nothing gives no sentence, for there is no quote."""
    assert sections(record("Italy", refused=("vat",))) == {}


def test_outline_actions_are_bounded() -> None:
    """A long list of refusals doesn't drown the article."""
    many = record("Italy", fact("Italy", "vat", 1.0), refused=tuple("abcdefghijkl"))
    assert len(sections(many)["Action items"].sentences) == 10


def test_outline_every_sentence_has_a_citation() -> None:
    """Whatever section, whatever language: no sentence without a quote."""
    for language in ("en", "it", "id", "fr"):
        outline = Outline(FIELDS, language=language)
        made = sections(
            ITALY,
            KENYA,
            record("Kenya", fact("Kenya", "vat", 15.0, document="b"), refused=("x",)),
            outline=outline,
        )
        assert len(made) == 5
        assert all(
            sentence.citations
            for section in made.values()
            for sentence in section.sentences
        )


def test_outline_parts_can_be_chosen() -> None:
    """The recipe's parts, in the recipe's order."""
    made = sections(ITALY, outline=Outline(FIELDS, parts=("analysis", "summary")))
    assert list(made) == ["Detailed analysis: Italy", "Executive summary"]
