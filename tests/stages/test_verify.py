"""Only what the stored documents prove is let through."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from subak.engine.events import Scalar
from subak.errors import InvalidAnswer
from subak.knowledge.articles.article import Article, Citation, Section, Sentence
from subak.knowledge.documents.document import Document
from subak.stages.verify import verify

TEXT = "# Tax\nThe VAT rate of Italy is 22,5 % since 2024.\nPopulation: 59.000.000.\n"
DOCUMENT = Document("d1", "https://tax.example/it", "Tax", TEXT)
QUOTE = "The VAT rate of Italy is 22,5 % since 2024."
STATEMENT = "The VAT rate of Italy is 22.5% since 2024."


@dataclass
class Heard:
    """Keeps what was told."""

    messages: list[str] = field(default_factory=list)

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep the message."""
        self.messages.append(str(data["message"]))


def citation(quote: str = QUOTE, *, shift: int = 0, document: str = "d1") -> Citation:
    """Cite a quote of the document, maybe at a wrong place."""
    start = TEXT.find(quote) + shift
    return Citation(document, DOCUMENT.url, "Tax", start, start + len(quote), quote)


GOOD = Sentence(
    "Italy's VAT rate is 22.5% since 2024.",
    "rewritten",
    (citation(),),
    "Italy",
    "vat",
    STATEMENT,
)
LITERAL = replace(GOOD, text=STATEMENT, verdict="literal")


def verified(*sentences: Sentence, heard: Heard | None = None) -> Article:
    """Run the stage on an article with one section."""
    article = Article(
        "tax", "Tax", "tax", "en", 0.0, "m", (Section("Analysis", sentences),)
    )
    return checked(article, heard)


def checked(article: Article, heard: Heard | None = None) -> Article:
    """Run the stage on an article."""
    stage = verify({"d1": DOCUMENT}.get, heard or Heard())

    async def scenario() -> list[Article]:
        return [one async for one in stage.run(article)]

    (result,) = asyncio.run(scenario())
    return result


def test_verify_keeps_what_is_proved() -> None:
    """True sentences pass unchanged, and nothing is told."""
    heard = Heard()
    article = verified(GOOD, LITERAL, heard=heard)
    assert article.sections[0].sentences == (GOOD, LITERAL)
    assert article.dropped == ()
    assert heard.messages == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(GOOD, citations=()), "no citation"),
        (replace(GOOD, citations=(citation(shift=1),)), "does not stand at its place"),
        (replace(GOOD, citations=(citation(shift=-500),)), "does not stand"),
        (replace(GOOD, citations=(citation(document="x"),)), "not stored"),
        (replace(GOOD, citations=(citation(""),)), "the quote is empty"),
        (
            replace(
                GOOD, citations=(replace(citation(), url="https://evil.example/"),)
            ),
            "another address",
        ),
        (replace(GOOD, citations=(citation(), citation(shift=2))), "does not stand"),
        (replace(GOOD, text="Italy's VAT rate is 22.6% since 2024."), "22.6"),
        (replace(GOOD, text="Italy's VAT rate is not 22.5% since 2024."), "denies"),
        (replace(GOOD, text="See https://evil.example/ for 22.5%."), "address"),
        (replace(LITERAL, text="The VAT rate of Italy is 5%."), "not the literal"),
        (
            replace(
                LITERAL,
                text="The VAT rate of Italy is 24%.",
                statement="The VAT rate of Italy is 24%.",
            ),
            'the number "24%" is in none',
        ),
        (replace(GOOD, statement="", text=f"Flat {QUOTE}"), "not in the source"),
    ],
)
def test_verify_drops_what_is_not_proved(bad: Sentence, reason: str) -> None:
    """A bad citation, number or wording costs the sentence, and says why."""
    heard = Heard()
    article = verified(GOOD, bad, heard=heard)
    assert article.sections[0].sentences == (GOOD,)
    assert len(article.dropped) == 1
    assert reason in article.dropped[0].reason
    assert len(heard.messages) == 1


def test_verify_reads_numbers_of_quotes_in_any_form() -> None:
    """59.000.000 in the document proves 59 million in the sentence."""
    text = "The population of Italy is 59 million."
    quote = citation("Population: 59.000.000.")
    sentence = Sentence(text, "literal", (quote,), "Italy", "population", text)
    assert verified(sentence).sections[0].sentences == (sentence,)


def test_verify_checks_a_sentence_without_statement_by_its_quote() -> None:
    """Without a proposition the quotes themselves must say it."""
    sentence = replace(
        GOOD, statement="", text="Italy's VAT rate is 22,5 % since 2024."
    )
    assert verified(sentence).sections[0].sentences == (sentence,)


def test_verify_removes_empty_sections() -> None:
    """A section whose sentences are all dropped vanishes, and each is listed once."""
    bad = replace(GOOD, citations=())
    article = Article(
        "tax",
        "Tax",
        "tax",
        "en",
        0.0,
        "m",
        (Section("One", (bad,)), Section("Two", (GOOD,)), Section("Three", (bad,))),
    )
    stage = verify({"d1": DOCUMENT}.get, Heard())

    async def scenario() -> list[Article]:
        return [one async for one in stage.run(article)]

    (result,) = asyncio.run(scenario())
    assert [section.heading for section in result.sections] == ["Two"]
    assert len(result.dropped) == 1
    assert stage.codec.decode(stage.codec.encode(result)) == result


def test_verify_refuses_an_article_of_nothing() -> None:
    """No provable sentence, no article; the error names the category."""
    with pytest.raises(InvalidAnswer, match="nothing provable to publish for tax"):
        verified(replace(GOOD, citations=()))


QUOTED = replace(
    GOOD,
    text=f"“{QUOTE}”",
    verdict="literal",
    statement=f"“{QUOTE}”",
    status="quoted",
)


def test_verify_keeps_words_of_the_document_itself() -> None:
    """A quotation stands as it is, or in words that its source supports."""
    reworded = replace(
        QUOTED,
        text="Italy's VAT rate is 22,5 % since 2024.",
        verdict="rewritten",
        statement=QUOTE,
    )
    assert verified(QUOTED, reworded).dropped == ()


def test_verify_refuses_a_quotation_of_other_words() -> None:
    """What is marked as quoted but stands nowhere is dropped, true or not."""
    other = replace(QUOTED, text=f"“{STATEMENT}”", statement=f"“{STATEMENT}”")
    article = verified(GOOD, other)
    assert article.sections[0].sentences == (GOOD,)
    assert article.dropped[0].reason == (
        "the words are not those of the cited document"
    )


@pytest.mark.parametrize(
    ("text", "is_kept"),
    [("Italy's VAT rate is 22.5% since 2024", True), ("Italy is cheap", False)],
)
def test_verify_keeps_a_headline_that_the_article_tells(
    text: str, is_kept: bool
) -> None:
    """A headline is one of the sentences let through, else there is none."""
    article = Article(
        "tax",
        "Tax",
        "tax",
        "en",
        0.0,
        "m",
        (Section("Analysis", (GOOD,)),),
        headline=replace(GOOD, text=text),
    )
    stage = verify({"d1": DOCUMENT}.get, Heard())

    async def scenario() -> list[Article]:
        return [one async for one in stage.run(article)]

    (result,) = asyncio.run(scenario())
    assert (result.headline is not None) is is_kept


def test_verify_drops_a_note_with_markup() -> None:
    """What code adds in brackets may carry no address either."""
    article = verified(LITERAL, replace(GOOD, note="see https://evil.example/"))
    assert article.sections[0].sentences == (LITERAL,)


def test_verify_checks_a_headline_of_its_own() -> None:
    """One that repeats no sentence has to be proved like one."""
    text = "Italy: VAT rate up to 22.5%"
    proved = replace(LITERAL, text=text, statement=text)
    untrue = replace(proved, text="Italy: VAT rate up to 23%")
    bare = replace(LITERAL, text=STATEMENT.removesuffix("."))
    for headline, kept in ((proved, proved), (untrue, None), (bare, bare)):
        article = Article(
            "tax",
            "Tax",
            "tax",
            "en",
            0.0,
            "m",
            (Section("Analysis", (GOOD,)),),
            headline=headline,
        )
        assert checked(article).headline == kept
