"""Rewriting: propositions in calls, and the sentences that stand up to the check."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import jinja2
import msgspec

from subak.engine.events import EventSink
from subak.errors import SubakError
from subak.knowledge.articles.alignment import Alignment, Rewrite, align, literal
from subak.knowledge.articles.article import Dropped, Sentence
from subak.knowledge.articles.opening import beginning, is_turned, without_echo
from subak.knowledge.articles.proposition import Proposition
from subak.llm.ask import Answering
from subak.llm.foreign import fence, neutralise
from subak.llm.model import Message, Prompt
from subak.stages.attempt import attempt
from subak.stages.draft_options import DraftOptions
from subak.stages.judge import Judge

_TOKENS_PER_SENTENCE = 45
_LONGEST_REWRITTEN_CHARS = 240


@dataclass(frozen=True, slots=True)
class DraftPrompts:
    """The Jinja2 texts of the prompts.

    Args:
        facts: Words facts; gets ``propositions``, ``count`` and ``audience``.
        quotes: Words sentences anew; gets the same.
        judge: Asks whether two sentences mean the same; "" for no judge.
    """

    facts: str
    quotes: str
    judge: str = ""


def batches(
    propositions: Iterable[Proposition], size: int
) -> list[tuple[Proposition, ...]]:
    """Pack propositions into calls: whole entities together while they fit.

    A fact that changes leaves the prompts of all other entities as they were.
    """
    packed: list[tuple[Proposition, ...]] = []
    current: tuple[Proposition, ...] = ()
    for _, same in groupby(propositions, key=lambda one: one.entity):
        facts = tuple(same)
        if current and len(current) + len(facts) > size:
            packed.append(current)
            current = ()
        current += facts
        while len(current) > size:
            packed.append(current[:size])
            current = current[size:]
    return [*packed, current] if current else packed


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answer to one prompt."""

    sentences: list[Rewrite]


@dataclass(frozen=True, slots=True)
class _Found:
    """The sentences that were made of propositions, and what was refused."""

    sentences: Mapping[Proposition, Sentence]
    dropped: tuple[Dropped, ...]

    def alignment(self, propositions: Sequence[Proposition]) -> Alignment:
        """Return one sentence for each; of those without one the literal."""
        sentences = (self.sentences.get(one) or literal(one) for one in propositions)
        return Alignment(tuple(sentences), self.dropped)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Asks the model for sentences, many batches at a time."""

    model: Answering
    options: DraftOptions
    prompts: DraftPrompts
    events: EventSink

    async def rewrite(self, facts: Sequence[Proposition], category: str) -> Alignment:
        """Return one sentence a fact, rewritten or literal.

        A value is shown beside its name; a yes or no as the sentence that says it, for
        of "X | dual citizenship | no" a 1.5B model turned 3 of 6 into permissions.
        """
        valued = [one for one in facts if not isinstance(one.value, bool)]
        decided = [
            one
            for one in facts
            if isinstance(one.value, bool) and one.text != one.label
        ]
        async with asyncio.TaskGroup() as group:
            values = group.create_task(
                self._found(valued, category, self.prompts.facts)
            )
            words = group.create_task(
                self._found(decided, category, self.prompts.quotes)
            )
        found = _Found(
            {**values.result().sentences, **words.result().sentences},
            (*values.result().dropped, *words.result().dropped),
        )
        return found.alignment(facts)

    async def reword(self, said: Sequence[Proposition], category: str) -> Alignment:
        """Return each sentence in other words, or as it stands."""
        found = await self._found(said, category, self.prompts.quotes)
        return found.alignment(said)

    async def _found(
        self, propositions: Sequence[Proposition], category: str, template: str
    ) -> _Found:
        names = list(dict.fromkeys(one.name for one in propositions if one.name))
        # By entity and field, whatever is news: a changed status changes no prompt.
        is_worded = template == self.prompts.quotes
        wanted = [
            one
            for one in propositions
            if _gains(one) and (beginning(one) or not is_worded)
        ]
        planned = batches(
            wanted[: self.options.max_rewrites], self.options.facts_per_call
        )
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._batch(batch, names, category, template))
                for batch in planned
            ]
        sentences: dict[Proposition, Sentence] = {}
        for batch, task in zip(planned, tasks, strict=True):
            sentences.update(zip(batch, task.result().sentences, strict=True))
        dropped = tuple(one for task in tasks for one in task.result().dropped)
        return _Found(sentences, dropped)

    async def _batch(
        self, batch: Sequence[Proposition], names: list[str], category: str, text: str
    ) -> Alignment:
        answer = await attempt(self.model, self._prompt(batch, text))
        if isinstance(answer, SubakError):
            note = self._note(answer, batch, category)
            return replace(align(batch, (), names), dropped=(note,))
        answered = msgspec.convert(answer.value, _Answered).sentences
        rewrites = _tidied(answered, batch) if text == self.prompts.quotes else answered
        judge = Judge(self.model, self.prompts.judge)
        return await judge.settle(align(batch, rewrites, names))

    def _prompt(self, batch: Sequence[Proposition], template: str) -> Prompt:
        is_worded = template == self.prompts.quotes
        shown = [_turned(one) if is_worded else one.line for one in batch]
        lines = "\n".join(
            f"[{number}] {line}" for number, line in enumerate(shown, start=1)
        )
        environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, autoescape=False
        )
        text = environment.from_string(template).render(
            propositions=fence(lines),
            count=len(batch),
            audience=neutralise(self.options.audience),
        )
        return Prompt(
            messages=(Message("user", text),),
            schema=_schema(len(batch)),
            max_tokens=sum(map(_tokens, batch)) + 20,
        )

    def _note(
        self, error: SubakError, batch: Sequence[Proposition], category: str
    ) -> Dropped:
        reason = f"{len(batch)} sentences stay literal: {error.message}"
        self.events.emit(
            "note", stage="draft", item=category, message=reason, level="warning"
        )
        return Dropped("(no usable answer)", reason, batch[0].entity)


def _tidied(rewrites: Iterable[Rewrite], batch: Sequence[Proposition]) -> list[Rewrite]:
    """Return what keeps to the beginning it was given, without saying it twice."""
    kept = []
    for one in rewrites:
        fact = batch[one.n - 1]
        text = without_echo(one.text, fact.text, beginning(fact))
        if is_turned(text, fact):
            kept.append(Rewrite(one.n, text))
    return kept


def _turned(one: Proposition) -> str:
    """Return a sentence with the words that its other wording is to begin with."""
    return f"{one.text} | {beginning(one)}"


def _tokens(one: Proposition) -> int:
    """Return how long a rewrite may be; a quote needs room for its own length."""
    return max(_TOKENS_PER_SENTENCE, 20 + len(one.text) // 3)


def _gains(one: Proposition) -> bool:
    """Tell whether a model may word it better than code.

    Long quotes come back shortened, which the check refuses.
    """
    return len(one.text) <= _LONGEST_REWRITTEN_CHARS and one.status != "kept"


def _schema(count: int) -> str:
    number = {"type": "integer", "minimum": 1, "maximum": count}
    sentences = {
        "type": "array",
        "minItems": count,
        "maxItems": count,
        "items": _object({"n": number, "text": {"type": "string"}}),
    }
    return json.dumps(_object({"sentences": sentences}), separators=(",", ":"))


def _object(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
