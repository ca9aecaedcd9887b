"""review: a second model reads an article by a rubric before it is published.

It can only take back: a flagged sentence falls back to its literal proposition or,
where it is that already, is marked. Nothing it writes is published as a statement.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from subak.engine.events import EventSink
from subak.engine.stage import Stage
from subak.errors import SubakError
from subak.knowledge.articles.article import Article, Flag, Review, Sentence
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.codec import JsonCodec
from subak.llm.ask import Answering
from subak.llm.foreign import fence, neutralise
from subak.llm.model import Message, Prompt
from subak.stages.attempt import attempt
from subak.stages.task_text import TaskText

RUBRIC = (
    "Flag a sentence that says something else than the statement beside it, that is"
    " ungrammatical, or that a reader could misunderstand."
)
_SENTENCES_A_CALL = 12
_TOKENS_A_FLAG = 40
_LONGEST_PROBLEM_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong with the sentence of that number, from 1."""

    n: int
    problem: str


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answer to one prompt."""

    problems: list[_Problem]


def review(
    model: Answering, rubric: str, template: str, events: EventSink
) -> Stage[Article, Article]:
    """Make the stage that has articles read by a second model.

    Args:
        model: Reads.
        rubric: What it looks for; "" for ``RUBRIC``.
        template: Jinja text of the task; gets ``rubric`` and ``count``.
        events: Told what was flagged, and of answers that can't be used.

    Raises:
        UserError: The template is not usable.
    """
    task = TaskText("review", template, ("rubric", "count"))
    task.render(rubric="?", count=1)
    reviewer = _Reviewer(model, rubric or RUBRIC, task, events)

    async def run(article: Article) -> AsyncIterator[Article]:
        yield await reviewer.read(article)

    text = f"{rubric or RUBRIC}\0{template}"
    return Stage(
        name="review",
        run=run,
        codec=JsonCodec(Article),
        key={
            "model": model.id,
            "prompt": hashlib.blake2b(text.encode(), digest_size=16).hexdigest(),
        },
    )


@dataclass(frozen=True, slots=True)
class _Reviewer:
    model: Answering
    rubric: str
    task: TaskText
    events: EventSink

    async def read(self, article: Article) -> Article:
        """Return the article without what was flagged, and with the verdict."""
        sentences = list(dict.fromkeys(_sentences(article)))
        problems: dict[Sentence, str] = {}
        read = 0
        for start in range(0, len(sentences), _SENTENCES_A_CALL):
            part = sentences[start : start + _SENTENCES_A_CALL]
            answer = await attempt(self.model, self._prompt(part))
            if isinstance(answer, SubakError):
                self._note(article, f"{len(part)} sentences unread: {answer.message}")
                continue
            read += len(part)
            for one in msgspec.convert(answer.value, _Answered).problems:
                if 1 <= one.n <= len(part):
                    problems.setdefault(part[one.n - 1], _plain(one.problem))
        if problems:
            self._note(article, f"{len(problems)} sentences flagged by {self.model.id}")
        return _taken_back(article, problems, Review(self.model.id, read))

    def _prompt(self, sentences: list[Sentence]) -> Prompt:
        lines = "\n".join(
            f"[{number}] {one.text} | {one.statement or one.text}"
            for number, one in enumerate(sentences, start=1)
        )
        task = self.task.render(rubric=neutralise(self.rubric), count=len(sentences))
        return Prompt(
            messages=(Message("user", f"{fence(lines)}\n\n{task}"),),
            schema=_schema(len(sentences)),
            max_tokens=24 + _TOKENS_A_FLAG * len(sentences),
        )

    def _note(self, article: Article, message: str) -> None:
        self.events.emit(
            "note", stage="review", item=article.slug, message=message, level="warning"
        )


def _sentences(article: Article) -> Iterator[Sentence]:
    for section in article.sections:
        yield from section.sentences


def _taken_back(
    article: Article, problems: Mapping[Sentence, str], verdict: Review
) -> Article:
    flags = tuple(
        Flag(one.text, problem, "marked" if _is_literal(one) else "literal")
        for one, problem in problems.items()
    )

    def judged(sentence: Sentence) -> Sentence:
        problem = problems.get(sentence)
        if problem is None:
            return sentence
        if _is_literal(sentence):
            return replace(sentence, flag=problem)
        return replace(sentence, text=sentence.statement, verdict="literal")

    sections = tuple(
        replace(section, sentences=tuple(map(judged, section.sentences)))
        for section in article.sections
    )
    first = article.headline
    literal = {one.text.removesuffix("."): one for one in problems}
    if first is not None and first.text in literal and not _is_literal(first):
        text = first.statement.removesuffix(".")
        first = replace(first, text=text, verdict="literal")
    return replace(
        article,
        sections=sections,
        headline=first,
        review=replace(verdict, flags=flags),
    )


def _is_literal(sentence: Sentence) -> bool:
    return not sentence.is_worded or not sentence.statement


def _plain(problem: str) -> str:
    """Return what a model says as one short line without markup."""
    text = " ".join(problem.split())[:_LONGEST_PROBLEM_CHARS]
    return "flagged" if not text or markup_problem(text) else text


def _schema(count: int) -> str:
    problem = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": count},
            "problem": {"type": "string", "maxLength": _LONGEST_PROBLEM_CHARS},
        },
        "required": ["n", "problem"],
        "additionalProperties": False,
    }
    items = {"type": "array", "maxItems": count, "items": problem}
    schema = {
        "type": "object",
        "properties": {"problems": items},
        "required": ["problems"],
        "additionalProperties": False,
    }
    return json.dumps(schema, separators=(",", ":"))
