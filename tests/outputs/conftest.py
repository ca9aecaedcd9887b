"""A small, realistic outcome of a run: two categories, three countries, four pages."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.article import (
    Article,
    Citation,
    Dropped,
    Section,
    Sentence,
)
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.fact import (
    Evidence,
    Fact,
    FieldValue,
    Level,
    Record,
    Refusal,
)
from subak.knowledge.results import FieldTitle, Results

NOVEMBER_22 = 1_795_327_200.0

TOP_RATE = "The top rate of income tax is 45%, which applies above EUR 277,826."
WORLDWIDE = "Resident individuals are taxed on their worldwide income."
GERMANY = f"""# Germany: individual income tax

{WORLDWIDE} The tax year is the calendar year.

## Rates for 2026

{TOP_RATE} A solidarity surcharge of up to 5.5% of the income tax may be added.

| Taxable income (EUR) | Rate |
| --- | --- |
| up to 12,348 | 0% |
| 12,349 to 69,878 | 14% to 42% |
| 69,879 to 277,825 | 42% |
| above 277,826 | 45% |

## Value added tax

- The standard rate of VAT is 19%.
- A reduced rate of 7% applies to food, books and newspapers.

Returns are due by 31 July of the following year.
Extensions are granted on request."""

FRANCE = """# Taxation in France

The top marginal rate is 45% above EUR 181,917.

## Consumption

The normal rate of VAT is 20%; reduced rates of 10%, 5.5% and 2.1% apply."""

PRESS = """# Paris keeps its top rate

The finance bill leaves the top rate of income tax at 45%, the ministry said."""

YEARS = "Ordinary naturalisation requires four years of permanent residence."
DUAL = "Dual citizenship is permitted since the amendment of 2023."
BRAZIL = f"# Naturalisation in Brazil\n\n{YEARS} {DUAL}"


def _document(url: str, title: str, text: str, entity: str, category: str) -> Document:
    return Document(
        id=document_id(url, text),
        url=url,
        title=title,
        text=text,
        language="en",
        published="2026-10-01",
        fetched_at=NOVEMBER_22 - 7_200,
        entity=entity,
        category=category,
        tier=1,
        licence="Open Government Licence",
    )


_GERMANY = _document(
    "https://tax.example.de/income?year=2026",
    "Germany: individual income tax",
    GERMANY,
    "Germany",
    "taxation",
)
_FRANCE = _document(
    "https://impots.example.fr/taux", "Taxation in France", FRANCE, "France", "taxation"
)
_PRESS = _document(
    "https://news.example.com/paris",
    "Paris keeps its top rate",
    PRESS,
    "France",
    "taxation",
)
_BRAZIL = _document(
    "https://gov.example.br/naturalizacao",
    "Naturalisation in Brazil",
    BRAZIL,
    "Brazil",
    "citizenship",
)


def _proof(document: Document, quote: str) -> Evidence:
    start = document.text.index(quote)
    return Evidence(document.id, document.url, start, start + len(quote), quote)


def _cited(document: Document, quote: str) -> Citation:
    one = _proof(document, quote)
    return Citation(one.document, one.url, document.title, one.start, one.end, quote)


def _fact(
    document: Document,
    field: str,
    value: FieldValue,
    quote: str,
    unit: str = "",
    level: Level = "evidence",
) -> Fact:
    return Fact(
        entity=document.entity,
        category=document.category,
        field=field,
        value=value,
        unit=unit,
        level=level,
        evidence=(_proof(document, quote),),
        statement=f"{document.entity}: {field} is {value} {unit}".strip(),
    )


def _record(document: Document, *found: Fact | Refusal) -> Record:
    return Record(
        document=document.id,
        url=document.url,
        entity=document.entity,
        category=document.category,
        facts=tuple(one for one in found if isinstance(one, Fact)),
        refused=tuple(one for one in found if isinstance(one, Refusal)),
    )


def _refusal(document: Document, field: str, proposed: str, reason: str) -> Refusal:
    where = (document.entity, document.category, field)
    return Refusal(*where, proposed, reason, document.id, document.url)


def _records() -> tuple[Record, ...]:
    return (
        _record(
            _BRAZIL,
            _fact(_BRAZIL, "years", 4, YEARS, "years"),
            _fact(_BRAZIL, "dual", True, DUAL),
            _refusal(_BRAZIL, "fee", "BRL 0", "The source says nothing about fees."),
        ),
        _record(
            _FRANCE,
            _fact(_FRANCE, "top_rate", 45.0, "rate is 45%", "%", "agreed"),
            _fact(_FRANCE, "threshold", 181_917, "45% above EUR 181,917", "EUR"),
            _fact(_FRANCE, "vat", 20.0, "The normal rate of VAT is 20%", "%"),
            _refusal(_FRANCE, "deadline", "31 May", "The quote is not in the text."),
        ),
        _record(_PRESS, _fact(_PRESS, "top_rate", 45.0, "at 45%", "%", "agreed")),
        _record(
            _GERMANY,
            _fact(_GERMANY, "top_rate", 45.0, TOP_RATE, "%"),
            _fact(_GERMANY, "threshold", 277_826, "| above 277,826 | 45% |", "EUR"),
            _fact(_GERMANY, "vat", 19.0, "The standard rate of VAT is 19%.", "%"),
            _fact(_GERMANY, "worldwide", True, WORLDWIDE),
            _fact(_GERMANY, "deadline", "31 July", "Returns are due by 31 July"),
            _refusal(_GERMANY, "corporate_rate", "15%", "The quote is not there."),
        ),
    )


def _sentence(text: str, *citations: Citation, entity: str = "") -> Sentence:
    return Sentence(text, "rewritten", citations, entity)


def _taxation() -> Article:
    rates = (
        _sentence(
            "Germany takes 45% of taxable income above EUR 277,826.",
            _cited(_GERMANY, TOP_RATE),
            _cited(_GERMANY, "| above 277,826 | 45% |"),
            entity="Germany",
        ),
        _sentence(
            "Residents are taxed there on their worldwide income.",
            _cited(_GERMANY, WORLDWIDE),
            entity="Germany",
        ),
        _sentence(
            "France asks for the same 45%, but already above EUR 181,917.",
            _cited(_FRANCE, "The top marginal rate is 45% above EUR 181,917."),
            _cited(_PRESS, "the top rate of income tax at 45%"),
            entity="France",
        ),
        _sentence(
            "The finance bill leaves that rate unchanged.",
            _cited(_PRESS, "The finance bill leaves the top rate of income tax at 45%"),
            entity="France",
        ),
    )
    german = (_cited(_GERMANY, "The standard rate of VAT is 19%."),)
    french = (_cited(_FRANCE, "The normal rate of VAT is 20%"),)
    consumption = (
        Sentence("Germany: the standard rate of VAT is 19%.", "literal", german),
        Sentence("France: the normal rate of VAT is 20%.", "literal", french),
    )
    return Article(
        slug="taxation",
        title="How Germany and France tax income and consumption",
        category="taxation",
        language="en",
        generated_at=NOVEMBER_22,
        model="qwen2.5-1.5b-instruct",
        sections=(
            Section("Top rates meet at 45 percent", rates),
            Section("Consumption", consumption, "list"),
        ),
        dropped=(Dropped("France has the highest VAT.", "No proved fact says this."),),
    )


def _citizenship() -> Article:
    sentences = (
        _sentence(
            "Four years of residence lead to a passport.", _cited(_BRAZIL, YEARS)
        ),
        _sentence("A second one is allowed since 2023.", _cited(_BRAZIL, DUAL)),
    )
    return Article(
        slug="citizenship",
        title="Brazil naturalises after four years",
        category="citizenship",
        language="en",
        generated_at=NOVEMBER_22 - 3_600,
        model="",
        sections=(Section("", sentences),),
    )


def make_results() -> Results:
    """Return the whole sample."""
    documents = (_BRAZIL, _FRANCE, _GERMANY, _PRESS)
    return Results(
        name="intel",
        title="Tax and citizenship, checked",
        language="en",
        generated_at=NOVEMBER_22,
        base_url="https://facts.example.org/intel/",
        records=_records(),
        articles=(_citizenship(), _taxation()),
        documents=tuple(sorted(documents, key=lambda one: one.id)),
        fields=(
            FieldTitle("taxation", "top_rate", "Top income tax rate"),
            FieldTitle("taxation", "threshold", "Top rate starts at"),
            FieldTitle("taxation", "vat", "Standard VAT rate"),
            FieldTitle("taxation", "worldwide", "Worldwide income taxed"),
            FieldTitle("taxation", "deadline", "Return due"),
            FieldTitle("citizenship", "years", "Years of residence"),
            FieldTitle("citizenship", "dual", "Dual citizenship"),
        ),
    )


@pytest.fixture
def results() -> Results:
    """Give the whole sample."""
    return make_results()
