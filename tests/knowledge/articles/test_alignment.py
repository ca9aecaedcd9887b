"""Which rewrite says which proposition, and what is left to a judge."""

from __future__ import annotations

from subak.knowledge.articles.alignment import Alignment, Rewrite, align
from subak.knowledge.articles.article import Citation
from subak.knowledge.articles.proposition import Proposition

STATEMENT = "Self-employed persons in Fiji may deduct up to 30 % of their expenses."
OTHER_WORDS = (
    "People in Fiji who work for themselves may deduct up to 30 % of their expenses."
)
LIE = "People in Fiji who work for themselves must deduct 30 % of their expenses."


def _proposition() -> Proposition:
    citation = Citation("d", "https://d.example/", "Law", 0, len(STATEMENT), STATEMENT)
    return Proposition(
        entity="Fiji",
        field="land",
        text=STATEMENT,
        label="Land of Fiji: no.",
        line="Fiji | land | no",
        value="no",
        unit="",
        level="evidence",
        citations=(citation,),
    )


def _aligned(text: str) -> Alignment:
    return align([_proposition()], [Rewrite(1, text)], ["Fiji"])


def test_other_words_stay_literal_until_judged() -> None:
    """The doubt is told beside the literal sentence and the refusal."""
    aligned = _aligned(OTHER_WORDS)
    assert [one.verdict for one in aligned.sentences] == ["literal"]
    assert [one.text for one in aligned.dropped] == [OTHER_WORDS]
    (doubt,) = aligned.doubts
    assert (doubt.place, doubt.sentence.verdict) == (0, "paraphrase")
    assert doubt.sentence.text == OTHER_WORDS
    assert doubt.sentence.statement == STATEMENT


def test_what_a_judge_lets_through_is_published_under_its_name() -> None:
    """The sentence takes the place of the literal one and is refused no more."""
    aligned = _aligned(OTHER_WORDS)
    judged = aligned.judged(aligned.doubts, "judge-1")
    (sentence,) = judged.sentences
    assert (sentence.text, sentence.verdict) == (OTHER_WORDS, "paraphrase")
    assert (sentence.judge, sentence.citations[0].quote) == ("judge-1", STATEMENT)
    assert (judged.dropped, judged.doubts) == ((), ())


def test_what_a_judge_refuses_stays_literal() -> None:
    """No doubt is left, the refusal is told."""
    judged = _aligned(OTHER_WORDS).judged((), "judge-1")
    assert [one.verdict for one in judged.sentences] == ["literal"]
    assert [one.text for one in judged.dropped] == [OTHER_WORDS]
    assert judged.doubts == ()


def test_a_lie_is_no_doubt() -> None:
    """A judge is not asked what code can tell."""
    assert _aligned(LIE).doubts == ()
