"""The model rewrites, code decides; the article is whole whatever the model says."""

from __future__ import annotations

import pytest

from subak.errors import BrokenAnswer, Overloaded
from subak.knowledge.articles.proposition import propose
from subak.knowledge.facts.fact import Fact, Record
from subak.knowledge.results import FieldTitle
from subak.llm.model import ModelId
from subak.stages.draft import draft, slug
from subak.stages.draft_options import DraftOptions
from subak.stages.rewriting import DraftPrompts, batches
from tests.stages.draft_sample import (
    OPTIONS,
    TWO,
    FakeModel,
    Heard,
    StillClock,
    analysis,
    good,
    lines,
    record,
    write,
)


def test_draft_publishes_checked_rewrites() -> None:
    """True rewrites are taken, with the citation code found."""
    article = write(FakeModel(good), *TWO)
    sentences = analysis(article)
    assert [one.text for one in sentences] == [
        "Italy's vat rate is 22%.",
        "Italy's duty rate is 3%.",
        "Kenya's vat rate is 16%.",
        "Kenya's duty rate is 9%.",
    ]
    assert {one.verdict for one in sentences} == {"rewritten"}
    assert sentences[0].citations[0].quote == "vat 22"
    assert sentences[0].citations[0].title == "ITALY"
    assert sentences[0].statement == "The vat rate of Italy is 22%."
    assert (article.title, article.slug, article.model) == (
        "What is taxed",
        "tax",
        "fake",
    )
    assert article.generated_at == 1_000.0
    assert article.dropped == ()


def test_draft_costs_few_short_calls() -> None:
    """Four facts are one call, its answer bounded."""
    model = FakeModel(good)
    write(model, *TWO)
    (prompt,) = model.prompts
    assert prompt.max_tokens == 200
    assert len(prompt.messages[-1].content) < 900


def test_draft_takes_the_literal_where_a_rewrite_lies() -> None:
    """A wrong number and an added reason stay out, and are listed."""

    def bad(shown: list[str]) -> list[tuple[int, str]]:
        return [
            (1, "Italy's vat rate is 23%."),
            (2, "Italy's duty rate is 3% because it is an exporter."),
            *good(shown)[2:],
        ]

    article = write(FakeModel(bad), *TWO)
    assert [one.verdict for one in analysis(article)] == [
        "literal",
        "literal",
        "rewritten",
        "rewritten",
    ]
    assert [(one.text, one.reason) for one in article.dropped] == [
        ("Italy's vat rate is 23%.", 'the percent "23" is not in the source'),
        (
            "Italy's duty rate is 3% because it is an exporter.",
            'the sentence adds a cause or consequence: "because"',
        ),
    ]


def test_draft_realigns_shifted_sentences() -> None:
    """A model that shifts its numbers by one still finds its facts."""

    def shifted(shown: list[str]) -> list[tuple[int, str]]:
        true = good(shown)
        return [(n, true[(n + 1) % len(true)][1]) for n, _ in true]

    article = write(FakeModel(shifted), *TWO)
    assert {one.verdict for one in analysis(article)} == {"rewritten"}
    assert article.dropped == ()


@pytest.mark.parametrize(
    "copied",
    [
        "{0} | {1} | {2}",
        "The {1} of {0} is {2}.",
        "{1} of {0}: {2}.",
    ],
)
def test_draft_calls_a_copy_literal(copied: str) -> None:
    """What the model was shown, and the proposition itself, are no rewrites."""

    def copy(shown: list[str]) -> list[tuple[int, str]]:
        return [
            (n, copied.format(*line.split(" | ")))
            for n, line in enumerate(shown, start=1)
        ]

    article = write(FakeModel(copy), *TWO)
    assert {one.verdict for one in analysis(article)} == {"literal"}
    assert (article.model, article.dropped) == ("", ())
    assert analysis(article)[0].text == "The vat rate of Italy is 22%."


def test_draft_takes_what_the_label_supports() -> None:
    """The title's words serve as well as the statement's; the support is kept."""
    options = DraftOptions(fields=(FieldTitle("tax", "vat", "Consumption levy"),))
    article = write(FakeModel(good), record("Italy", vat=22), options=options)
    (sentence,) = analysis(article)
    assert sentence.text == "Italy's consumption levy is 22%."
    assert sentence.statement == "Consumption levy of Italy: 22%."


def test_draft_shows_yes_or_no_as_a_sentence() -> None:
    """A small model turns a bare "no" round; what it makes of a sentence is checked."""
    base = record("Italy", vat=22)
    denied = Fact(
        "Italy",
        "tax",
        "duty",
        False,
        "",
        "evidence",
        base.facts[0].evidence,
        "Italy has no duty rate.",
    )
    model = FakeModel(good)
    article = write(
        model, Record("Italy", base.url, "Italy", "tax", (*base.facts, denied))
    )
    assert [lines(prompt) for prompt in model.prompts] == [
        ["Italy | vat rate | 22%"],
        ["Italy has no duty rate. | Duty rate"],
    ]
    assert analysis(article)[1].text == "Italy has no duty rate."


@pytest.mark.parametrize("answer", ["nonsense", "numbers"])
def test_draft_stays_whole_when_answers_are_unusable(answer: str) -> None:
    """Invalid answers after all re-asks leave literal sentences and a note."""

    def unusable(shown: list[str]) -> list[tuple[int, str]]:
        return [] if answer == "nonsense" else [(99, text) for text in shown]

    heard = Heard()
    model = FakeModel(unusable)
    article = write(model, *TWO, heard=heard)
    assert len(model.prompts) == 3
    assert {one.verdict for one in analysis(article)} == {"literal"}
    assert len(analysis(article)) == 4
    assert "4 sentences stay literal" in article.dropped[0].reason
    assert heard.kinds == ["note"]


def test_draft_asks_again_after_a_broken_answer() -> None:
    """One broken answer is asked for anew, under another key."""
    model = FakeModel(good, error=BrokenAnswer("loops"), failures=1)
    article = write(model, *TWO)
    assert [prompt.sample for prompt in model.prompts] == [0, 1]
    assert {one.verdict for one in analysis(article)} == {"rewritten"}


def test_draft_stays_whole_when_the_model_only_loops() -> None:
    """An answer that stays broken leaves literal sentences."""
    article = write(FakeModel(good, error=BrokenAnswer("loops")), *TWO)
    assert len(analysis(article)) == 4
    assert "loops" in article.dropped[0].reason


def test_draft_passes_other_errors_on() -> None:
    """A server that is busy is the engine's matter, not a literal article."""
    with pytest.raises(ExceptionGroup) as raised:
        write(FakeModel(good, error=Overloaded("busy")), *TWO)
    assert raised.group_contains(Overloaded)


def test_draft_asks_only_for_the_country_that_changed() -> None:
    """One changed value leaves the prompts of all other countries as they were."""
    options = DraftOptions(facts_per_call=2)
    before, after = FakeModel(good), FakeModel(good)
    write(before, *TWO, record("Peru", vat=18, duty=6), options=options)
    write(
        after,
        TWO[0],
        record("Kenya", vat=17, duty=9),
        record("Peru", vat=18, duty=6),
        options=options,
    )
    changed = {p.key(ModelId("m")) for p in after.prompts} - {
        p.key(ModelId("m")) for p in before.prompts
    }
    assert len(before.prompts) == 3
    assert len(changed) == 1


def test_draft_rewrites_at_most_so_many() -> None:
    """Beyond the limit sentences stay literal, and nothing is asked."""
    model = FakeModel(good)
    article = write(model, *TWO, options=DraftOptions(max_rewrites=1))
    assert [one.verdict for one in analysis(article)].count("rewritten") == 1
    silent = FakeModel(good)
    write(silent, *TWO, options=DraftOptions(max_rewrites=0))
    assert silent.prompts == []


def test_draft_leaves_foreign_markup_out() -> None:
    """A statement that carries a link or markup is never published."""
    base = record("Italy", vat=22)
    spiked = Fact(
        "Italy",
        "tax",
        "duty",
        "see",
        "",
        "evidence",
        base.facts[0].evidence,
        "The duty of Italy is on https://evil.example/.",
    )
    model = FakeModel(good)
    article = write(
        model, Record("Italy", base.url, "Italy", "tax", (*base.facts, spiked))
    )
    assert len(analysis(article)) == 1
    assert article.dropped[0].reason == "the statement holds an address"
    assert "evil" not in model.prompts[0].messages[-1].content


def test_draft_without_facts_is_an_empty_article() -> None:
    """Nothing proved, nothing asked, nothing said; verify refuses it."""
    model = FakeModel(good)
    article = write(model, Record("d", "https://d.example/", "Italy", "tax"))
    assert article.sections == ()
    assert model.prompts == []


def test_draft_key_names_what_it_depends_on() -> None:
    """Another template or option is another key; the same is the same."""

    def key(template: str, options: DraftOptions) -> dict[str, str]:
        prompts = DraftPrompts(template, "")
        stage = draft(FakeModel(good), options, prompts, StillClock(), Heard())
        return dict(stage.key)

    first = key("a", OPTIONS)
    assert first == key("a", OPTIONS)
    assert {name for name in first if first[name] != key("b", OPTIONS)[name]} == {
        "template"
    }
    assert first["options"] != key("a", DraftOptions())["options"]


def test_batches_keep_entities_together() -> None:
    """Whole entities share a call while they fit; a large one is parted."""
    records = [
        record("A", vat=1, duty=2),
        record("B", vat=1, duty=2),
        record("C", **{f"tax{n}": float(n) for n in range(7)}),
    ]
    packed = batches(propose(records, {}), 4)
    assert [[one.entity for one in batch] for batch in packed] == [
        ["A", "A", "B", "B"],
        ["C"] * 4,
        ["C"] * 3,
    ]


@pytest.mark.parametrize(
    ("category", "name"),
    [("Visa & Residency", "visa-residency"), ("Città", "citta"), ("///", "article")],
)
def test_slug_is_safe_for_files(category: str, name: str) -> None:
    """Only letters, digits and hyphens remain."""
    assert slug(category) == name
