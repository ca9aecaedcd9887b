"""A second model can take back what was worded, and write nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from subak.errors import BrokenAnswer, SubakError, UserError
from subak.knowledge.articles.article import Article
from subak.llm.model import Completion, ModelId, Prompt, Timing, Usage
from subak.stages.review import review
from tests.stages.draft_sample import OPTIONS, TWO, FakeModel, Heard, good, write

TEMPLATE = "{{ rubric }} of {{ count }}"


@dataclass
class Reader:
    """A model that finds the same problems in every part it is shown."""

    problems: Sequence[tuple[int, str]]
    error: SubakError | None = None
    prompts: list[Prompt] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """Name the fake."""
        return ModelId("reader")

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer, or fail as told."""
        self.prompts.append(prompt)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        problems = [{"n": n, "problem": text} for n, text in self.problems]
        return Completion(json.dumps({"problems": problems}), Usage(), Timing(0.0))


def read(reader: Reader, article: Article, heard: Heard | None = None) -> Article:
    """Run the stage on one article."""
    stage = review(reader, "Is it true?", TEMPLATE, heard or Heard())

    async def scenario() -> list[Article]:
        return [one async for one in stage.run(article)]

    (judged,) = asyncio.run(scenario())
    assert stage.codec.decode(stage.codec.encode(judged)) == judged
    return judged


def drafted() -> Article:
    """Return an article with rewritten and literal sentences."""
    options = replace(OPTIONS, stakeholders={"importers": ("duty",)})
    return write(FakeModel(good), *TWO, options=options)


def test_review_takes_a_flagged_wording_back() -> None:
    """A flagged sentence becomes its proposition wherever it stands."""
    before = drafted()
    assert before.headline is not None
    sentences = list(
        dict.fromkeys(one for part in before.sections for one in part.sentences)
    )
    first = next(one for one in sentences if one.text == f"{before.headline.text}.")
    number = sentences.index(first) + 1
    after = read(Reader([(number, "says too much")]), before)
    same = [
        one.text
        for section in after.sections
        for one in section.sentences
        if one.statement == first.statement
    ]
    assert set(same) == {first.statement}
    assert after.review is not None
    assert after.review.model == "reader"
    assert after.review.flags[0].outcome == "literal"
    assert after.headline is not None
    assert after.headline.text == first.statement.removesuffix(".")


def test_review_marks_what_is_literal_already() -> None:
    """A literal sentence stays, with the reviewer's doubt beside it."""
    before = drafted()
    sentences = list(
        dict.fromkeys(one for part in before.sections for one in part.sentences)
    )
    number = next(
        place for place, one in enumerate(sentences, start=1) if not one.is_worded
    )
    after = read(Reader([(number, "odd")]), before)
    marked = [one for part in after.sections for one in part.sentences if one.flag]
    assert {one.text for one in marked} == {sentences[number - 1].text}
    assert {one.flag for one in marked} == {"odd"}


def test_review_writes_nothing_of_its_own() -> None:
    """Every sentence of the outcome is one of before or its statement."""
    before = drafted()
    problems = [(n, "<script>x</script>") for n in range(1, 6)]
    after = read(Reader(problems), before)
    known = {
        text
        for part in before.sections
        for one in part.sentences
        for text in (one.text, one.statement)
    }
    assert {one.text for part in after.sections for one in part.sentences} <= known
    assert after.review is not None
    assert {one.problem for one in after.review.flags} == {"flagged"}


def test_review_finding_nothing_changes_nothing_but_the_verdict() -> None:
    """The article stands, and says that it was read."""
    before = drafted()
    after = read(Reader([]), before)
    assert after.sections == before.sections
    assert after.review is not None
    assert after.review.sentences > 0
    assert after.review.flags == ()


def test_review_that_cannot_be_used_leaves_the_article() -> None:
    """A reader that only loops has read nothing, and a note says so."""
    before, heard = drafted(), Heard()
    after = read(Reader([], error=BrokenAnswer("loops")), before, heard)
    assert after.sections == before.sections
    assert after.review is not None
    assert after.review.sentences == 0
    assert "note" in heard.kinds


def test_review_refuses_a_template_it_cannot_fill() -> None:
    """An unknown name is a mistake of the recipe, told before the first article."""
    with pytest.raises(UserError, match="template"):
        review(Reader([]), "", "{{ nonsense }}", Heard())
