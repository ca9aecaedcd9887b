"""A judged sentence is checked once more for all that code can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subak.errors import InvalidAnswer
from subak.knowledge.articles.article import Sentence
from tests.stages.test_verify import GOOD, LITERAL, verified

JUDGED = replace(
    GOOD,
    text="Italy's sales tax stands at 22.5% since 2024.",
    statement="The turnover tax of Italy is 22.5% since 2024.",
    verdict="paraphrase",
    judge="judge-1",
)


def test_judged_sentence_is_let_through() -> None:
    """Its figures, names and times agree, a judge is named."""
    article = verified(JUDGED)
    assert [one.judge for one in article.sections[0].sentences] == ["judge-1"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (replace(JUDGED, judge=""), "no judge has read the sentence"),
        (
            replace(JUDGED, text="Italy's sales tax was 22.5% until 2024."),
            "another time",
        ),
        (replace(JUDGED, text="Kenya's sales tax stands at 22.5% since 2024."), "name"),
    ],
)
def test_judge_is_not_believed_where_code_can_tell(
    wrong: Sentence, reason: str
) -> None:
    """Another time, another name or no judge at all is dropped."""
    article = verified(wrong, LITERAL)
    assert [one.verdict for one in article.sections[0].sentences] == ["literal"]
    assert reason in article.dropped[0].reason


def test_article_of_unjudged_sentences_is_refused() -> None:
    """Nothing provable is left."""
    with pytest.raises(InvalidAnswer):
        verified(replace(JUDGED, judge=""))
