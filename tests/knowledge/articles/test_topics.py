"""An article of what documents say: a lead, a summary of some, then all by topic."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from subak.knowledge.articles.topics import Topics
from subak.knowledge.articles.written import Written
from tests.knowledge.articles.taxes import fact, literal, propositions, record


def _news(count: int, topics: int = 2) -> list[Written]:
    """Return so many sentences of one day, in turn of each topic."""
    (base,) = propositions(record("", fact("", "vat", 1.0)))
    return [
        literal(
            replace(
                base,
                text=f"Rule {'abcdefghijkl'[at]} holds from now on.",
                field=f"topic {at % topics}",
                date="2026-11-01",
            )
        )
        for at in range(count)
    ]


def test_topics_tell_no_sentence_more_than_twice() -> None:
    """Headline or summary, and once in its topic."""
    news = _news(9)
    plan = Topics()
    headline = plan.headline(news)
    assert headline is not None
    told = [one.text for part in plan.sections(news) for one in part.sentences]
    counts = Counter([f"{headline.text}.", *told])
    assert set(counts) == {one.sentence.text for one in news}
    assert max(counts.values()) == 2
    assert [len(part.sentences) for part in plan.sections(news)] == [3, 5, 4]


def test_topics_of_few_sentences_need_no_summary() -> None:
    """Two sentences are no summary of two sentences."""
    headings = [part.heading for part in Topics().sections(_news(2))]
    assert headings == ["Detailed analysis: Topic 0", "Detailed analysis: Topic 1"]
    assert Topics().sections([]) == ()
    assert Topics().headline([]) is None


def test_topics_lead_with_what_was_worded_anew() -> None:
    """A quotation leads only where the newest day has nothing better."""
    news = _news(4)
    worded = replace(news[2].sentence, verdict="rewritten", text="Rule c holds now.")
    news[2] = Written(news[2].proposition, worded)
    headline = Topics().headline(news)
    assert headline is not None
    assert headline.text == "Rule c holds now"


def test_topics_tell_whom_they_concern() -> None:
    """As the recipe parts the topics."""
    plan = Topics(stakeholders={"employers": ("Topic 1",)})
    last = plan.sections(_news(4))[-1]
    assert (last.heading, last.sentences[0].text) == (
        "Stakeholders",
        "Employers: topic 1.",
    )
