"""What is new, changed, disputed or not confirmed is told as such, and first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from subak.knowledge.articles.article import Article
from subak.knowledge.articles.finding import Finding, Findings
from subak.knowledge.facts.fact import Fact, Record
from subak.knowledge.settling.settlement import Settled
from subak.llm.model import ModelId
from subak.stages.draft import Background
from subak.stages.draft_options import DraftOptions
from tests.stages.draft_sample import (
    OPTIONS,
    TWO,
    FakeModel,
    analysis,
    good,
    lines,
    record,
    write,
)

THREE = (*TWO, record("Peru", vat=18))


def settled(**news: Settled) -> Background:
    """Settle every fact as known before, but those named "Entity_field"."""

    def settle(
        _category: str, records: Sequence[Record], _fields: Sequence[str]
    ) -> tuple[Settled, ...]:
        facts = [fact for each in records for fact in each.facts]
        return tuple(
            news.get(f"{fact.entity}_{fact.field}", Settled(fact, "same"))
            for fact in sorted(facts, key=lambda one: one.entity)
        )

    return Background(settle=settle)


def fact(entity: str, field: str) -> Fact:
    """Return one of the sample's facts."""
    (found,) = [
        each
        for one in THREE
        for each in one.facts
        if (each.entity, each.field) == (entity, field)
    ]
    return found


def headings(article: Article) -> list[str]:
    """Return the headings in order."""
    return [section.heading for section in article.sections]


def told(article: Article, heading: str) -> list[str]:
    """Return the sentences of a section as people read them."""
    return [
        sentence.shown
        for section in article.sections
        if section.heading == heading
        for sentence in section.sentences
    ]


CHANGED = settled(
    Kenya_vat=Settled(
        fact("Kenya", "vat"), "changed", was=14.0, was_until="2025-12-31", was_unit="%"
    )
)


def test_draft_says_what_a_changed_value_was() -> None:
    """The old value stands behind the new one, never in the model's hands."""
    model = FakeModel(good)
    article = write(model, *THREE, background=CHANGED)
    before = "(14% until 31 December 2025)"
    assert not any("16%" in one for one in told(article, "Executive summary"))
    assert told(article, "Action items") == [
        f"Update the vat rate of Kenya to 16% {before}."
    ]
    assert article.headline is not None
    assert article.headline.shown == f"Kenya: vat rate up to 16% {before}"
    assert not any("14" in line for one in model.prompts for line in lines(one))


def test_draft_lists_what_changed_among_the_findings() -> None:
    """Where nobody has to act on it, it is told there; below it is not told again."""
    options = replace(OPTIONS, stakeholders={"importers": ("duty",)})
    article = write(FakeModel(good), *THREE, background=CHANGED, options=options)
    sentence = "Kenya's vat rate is 16% (14% until 31 December 2025)."
    assert told(article, "Key findings")[0] == sentence
    assert sentence not in [one.shown for one in analysis(article)]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "(14% until 31 December 2025)"),
        ("it", "(14% fino al 31 dicembre 2025)"),
        ("id", "(14% sampai 31 Desember 2025)"),
    ],
)
def test_draft_says_it_in_the_languages_words(language: str, said: str) -> None:
    """Code's own words are those of the article's language."""
    options = replace(OPTIONS, language=language)
    article = write(FakeModel(good), *THREE, background=CHANGED, options=options)
    assert article.headline is not None
    assert said in article.headline.shown


def test_draft_a_changed_status_changes_no_prompt() -> None:
    """What is news is a matter of order in the article, not of what is asked."""
    first, second = FakeModel(good), FakeModel(good)
    write(first, *THREE)
    write(second, *THREE, background=CHANGED)
    keys = [
        [one.key(ModelId("m")) for one in model.prompts] for model in (first, second)
    ]
    assert keys[0] == keys[1]


def test_draft_names_both_sources_of_a_conflict() -> None:
    """Two values are both said, with both quotes, and made an action item."""
    other = fact("Peru", "vat")
    mine = fact("Kenya", "vat")
    rival = replace(
        other, entity="Kenya", value=17.0, statement="The vat rate of Kenya is 17.0%."
    )
    settling = settled(Kenya_vat=Settled(mine, "same", others=(rival,)))
    background = replace(settling, title_of=str.upper)
    article = write(FakeModel(good), *TWO, background=background)
    (said,) = [
        one
        for part in article.sections
        for one in part.sentences
        if one.status == "conflict"
    ]
    assert said.text.startswith("Sources differ on the vat rate of Kenya: 16% is ")
    assert "16%" in said.text
    assert "17%" in said.text
    assert {one.document for one in said.citations} == {"Kenya", "Peru"}
    assert told(article, "Action items") == [
        "Settle the vat rate of Kenya: “KENYA” says 16%, “PERU” says 17%."
    ]
    summary = told(article, "Executive summary")
    assert not any("Kenya's vat" in one for one in summary)


def test_draft_keeps_what_is_not_confirmed_apart_from_the_model() -> None:
    """A value of before is told literally, in its own section, as such."""
    kept = Settled(fact("Kenya", "vat"), "kept", last_confirmed="2026-01-01")
    model = FakeModel(good)
    article = write(model, *TWO, background=settled(Kenya_vat=kept))
    assert told(article, "Not confirmed this time") == [
        "The vat rate of Kenya is 16% (last confirmed on 1 January 2026)."
    ]
    shown = [line for prompt in model.prompts for line in lines(prompt)]
    assert "Kenya | vat rate | 16%" not in shown
    assert not any("16%" in one for one in told(article, "Executive summary"))


def test_draft_without_quotes_leaves_a_kept_value_to_the_tables() -> None:
    """What was taken from a file has no citation, so no sentence."""
    bare = replace(fact("Kenya", "vat"), evidence=())
    background = settled(Kenya_vat=Settled(bare, "kept"))
    article = write(FakeModel(good), *TWO, background=background)
    assert told(article, "Not confirmed this time") == []


def test_draft_tells_whom_it_concerns() -> None:
    """As the recipe declares it, for a field or for all; else nobody is named."""
    article = write(FakeModel(good), *TWO)
    assert told(article, "Stakeholders") == []
    options = replace(
        OPTIONS,
        stakeholders={"Nobody": ("x",)},
        concerns={"tax": {"importers": ("duty",)}, "other": {"readers": ("vat",)}},
    )
    article = write(FakeModel(good), *TWO, options=options)
    assert told(article, "Stakeholders") == ["Importers: duty rate (Italy and Kenya)."]


def test_draft_tells_the_model_who_reads() -> None:
    """The audience is a line of the prompt, and nothing when it is not given."""
    model = FakeModel(good)
    write(model, *TWO, options=replace(OPTIONS, audience="newcomers"))
    assert "Readers: newcomers" in model.prompts[0].messages[0].content
    plain = FakeModel(good)
    write(plain, *TWO)
    assert "Readers" not in plain.prompts[0].messages[0].content


@pytest.mark.parametrize(
    ("language", "said"), [("en", "1,500"), ("it", "1.500"), ("id", "1.500")]
)
def test_draft_writes_numbers_as_the_language_does(language: str, said: str) -> None:
    """The literal sentence has the language's own marks."""
    one = record("Italy", vat=22)
    money = replace(
        one.facts[0],
        value=1500.0,
        unit="EUR",
        statement="The vat rate of Italy is EUR 1,500.",
    )
    options = DraftOptions(language=language, max_rewrites=0)
    article = write(FakeModel(good), replace(one, facts=(money,)), options=options)
    assert said in article.sections[0].sentences[0].text


def findings(*units: tuple[str, str]) -> Findings:
    """Make the findings of one document: (topic, unit)."""
    base = record("Italy", vat=22).facts[0].evidence[0]
    return Findings(
        "Italy",
        base.url,
        "News",
        "visas",
        tuple(
            Finding("visas", topic, "", replace(base, quote=unit, end=len(unit)))
            for topic, unit in units
        ),
        published="2026-11-01",
    )


QUOTES = findings(
    ("fees", "- The visa fee is **35 euros** since March 2026."),
    ("fees", "| a | b |"),
    ("stays", "Tourists may stay for 60 days."),
)


def reworded(shown: list[str]) -> list[tuple[int, str]]:
    """Word one sentence truly, the other not."""
    return [
        (n, text.partition(" | ")[0].replace("Tourists may", "Visitors can"))
        for n, text in enumerate((one.replace("35", "45") for one in shown), start=1)
    ]


def test_draft_words_findings_anew_or_quotes_them() -> None:
    """Words of documents pass the same gate; what fails stands as a quotation."""
    model = FakeModel(reworded)
    article = write(model, QUOTES, options=DraftOptions())
    fees, stays = article.sections
    assert (fees.heading, stays.heading) == (
        "Detailed analysis: Fees",
        "Detailed analysis: Stays",
    )
    assert fees.sentences[0].text == "“The visa fee is 35 euros since March 2026.”"
    assert fees.sentences[0].citations[0].quote.startswith("- The visa")
    assert stays.sentences[0].text == "Visitors can stay for 60 days."
    assert [one.verdict for one in (*fees.sentences, *stays.sentences)] == [
        "literal",
        "rewritten",
    ]
    assert article.dropped[0].text == "The visa fee is 45 euros since March 2026."
    assert article.headline is not None
    assert article.headline.text == "Visitors can stay for 60 days"
