"""draft: the proved facts of one category become an article of checked sentences.

The model only rewrites single propositions; what to say, in which order and with which
citation is decided by code. An article is complete whatever the model answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby

import jinja2
import msgspec

from subak.engine.clock import Clock, publication_time
from subak.engine.events import EventSink
from subak.engine.stage import Group, Stage
from subak.errors import (
    BrokenAnswer,
    ContextOverflow,
    Exhausted,
    InvalidAnswer,
    SubakError,
)
from subak.knowledge.alignment import Alignment, Rewrite, align, literal
from subak.knowledge.article import Article, Dropped, Sentence
from subak.knowledge.codec import JsonCodec
from subak.knowledge.fact import Record
from subak.knowledge.outline import PARTS, Outline, Part, Written
from subak.knowledge.proposition import Proposition, propose, readable
from subak.knowledge.results import FieldTitle
from subak.knowledge.shape import markup_problem
from subak.llm.ask import Answering, ask
from subak.llm.foreign import fence
from subak.llm.model import Message, Prompt

_TOKENS_PER_SENTENCE = 45
_LONGEST_REWRITTEN_CHARS = 240
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """What the recipe says about articles.

    Args:
        title_for: Headline by category; default: the category in words.
        language: BCP 47 primary tag.
        fields: Fields of all categories with their titles, in reading order.
        facts_per_call: Propositions in one call at most.
        max_rewrites: Propositions of one article given to the model at most.
        parts: What an article has, in order.
        max_actions: Action items at most.
    """

    title_for: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    fields: tuple[FieldTitle, ...] = ()
    facts_per_call: int = 6
    max_rewrites: int = 24
    parts: tuple[Part, ...] = PARTS
    max_actions: int = 10

    def outline(self, category: str) -> Outline:
        """Return the plan of one category's article."""
        fields = {
            one.field: one.title for one in self.fields if one.category == category
        }
        return Outline(fields, self.language, self.parts, self.max_actions)

    @property
    def digest(self) -> str:
        """Return a hash of every option that changes an article."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return _digest(text)


def draft(
    model: Answering,
    options: DraftOptions,
    template: str,
    clock: Clock,
    events: EventSink,
    title_of: Callable[[str], str] = lambda _: "",
) -> Stage[Group, Article]:
    """Make the stage that writes one article from the Records of one category.

    Args:
        model: Rewrites the propositions.
        options: Titles, order and limits.
        template: Jinja2 text of the prompt; gets ``propositions`` and ``count``.
        clock: Dates the article.
        events: Hears of batches that stayed literal.
        title_of: Finds the title of a document by its id.
    """
    drafting = _Drafting(_Rewriting(model, options, template, events), clock, title_of)

    async def run(group: Group) -> AsyncIterator[Article]:
        yield await drafting.article(group)

    return Stage(
        name="draft",
        run=run,
        codec=JsonCodec(Article),
        key={
            "model": model.id,
            "template": _digest(template),
            "options": options.digest,
        },
    )


def slug(category: str) -> str:
    """Return a category as a file name: "Visa & Residency" gives "visa-residency"."""
    plain = unicodedata.normalize("NFKD", category).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "article"


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
class _Drafting:
    """Makes articles of groups."""

    rewriting: _Rewriting
    clock: Clock
    title_of: Callable[[str], str]

    async def article(self, group: Group) -> Article:
        """Write the article of one category."""
        records = _records(group)
        category = records[0].category if records else group.name
        options = self.rewriting.options
        outline = options.outline(category)
        propositions = propose(
            records, outline.fields, language=options.language, title_of=self.title_of
        )
        sayable, dropped = _sayable(propositions)
        alignment = await self.rewriting.rewrite(sayable, category)
        sentences = alignment.sentences
        is_rewritten = any(one.verdict == "rewritten" for one in sentences)
        return Article(
            slug=slug(category),
            title=options.title_for.get(category, "") or readable(category),
            category=category,
            language=options.language,
            generated_at=publication_time(self.clock),
            model=self.rewriting.model.id if is_rewritten else "",
            sections=outline.sections(tuple(map(Written, sayable, sentences)), records),
            dropped=(*dropped, *alignment.dropped),
        )


@dataclass(frozen=True, slots=True)
class _Answered:
    """The answer to one prompt."""

    sentences: list[Rewrite]


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """Asks the model for sentences, many batches at a time."""

    model: Answering
    options: DraftOptions
    template: str
    events: EventSink

    async def rewrite(
        self, propositions: Sequence[Proposition], category: str
    ) -> Alignment:
        """Return one sentence a proposition, rewritten or literal."""
        names = list(dict.fromkeys(one.entity for one in propositions))
        wanted = [one for one in propositions if _gains(one)]
        planned = batches(
            wanted[: self.options.max_rewrites], self.options.facts_per_call
        )
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._attempt(batch)) for batch in planned]
        found: dict[Proposition, Sentence] = {}
        dropped: list[Dropped] = []
        for batch, task in zip(planned, tasks, strict=True):
            answer = task.result()
            if isinstance(answer, SubakError):
                dropped.append(self._note(answer, batch, category))
                answer = []
            aligned = align(batch, answer, names)
            dropped += aligned.dropped
            found.update(zip(batch, aligned.sentences, strict=True))
        sentences = (found.get(one) or literal(one) for one in propositions)
        return Alignment(tuple(sentences), tuple(dropped))

    async def _attempt(
        self, batch: Sequence[Proposition]
    ) -> list[Rewrite] | InvalidAnswer | BrokenAnswer | ContextOverflow:
        """Ask for one batch; an unusable answer is a value, not a failure."""
        prompt = self._prompt(batch)
        for attempt in range(_ATTEMPTS):
            try:
                answer = await ask(self.model, replace(prompt, sample=attempt))
                return msgspec.convert(answer.value, _Answered).sentences
            except BrokenAnswer as error:
                broken = error
            except Exhausted as error:
                if isinstance(error.__cause__, BrokenAnswer):
                    return error.__cause__
                raise
            except (InvalidAnswer, ContextOverflow) as error:
                return error
        return broken

    def _prompt(self, batch: Sequence[Proposition]) -> Prompt:
        lines = "\n".join(
            f"[{number}] {one.line}" for number, one in enumerate(batch, start=1)
        )
        environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, autoescape=False
        )
        text = environment.from_string(self.template).render(
            propositions=fence(lines), count=len(batch)
        )
        return Prompt(
            messages=(Message("user", text),),
            schema=_schema(len(batch)),
            max_tokens=_TOKENS_PER_SENTENCE * len(batch) + 20,
        )

    def _note(
        self, error: SubakError, batch: Sequence[Proposition], category: str
    ) -> Dropped:
        reason = f"{len(batch)} sentences stay literal: {error.message}"
        self.events.emit(
            "note", stage="draft", item=category, message=reason, level="warning"
        )
        return Dropped("(no usable answer)", reason, batch[0].entity)


def _records(group: Group) -> list[Record]:
    values = (member.item.value for member in group.members)
    return [value for value in values if isinstance(value, Record)]


def _sayable(
    propositions: Iterable[Proposition],
) -> tuple[list[Proposition], list[Dropped]]:
    """Part the propositions that may be published from those with foreign markup."""
    sayable, dropped = [], []
    for one in propositions:
        if problem := markup_problem(one.text):
            reason = f"the statement {problem}"
            dropped.append(Dropped(one.text, reason, one.entity, one.field))
        else:
            sayable.append(one)
    return sayable, dropped


def _gains(one: Proposition) -> bool:
    """Tell whether a model may word it better than code.

    A yes or no it can only copy or turn round: a 1.5B model turned 3 of 6 denials
    into permissions. Long quotes come back shortened, which the check refuses.
    """
    is_short = len(one.text) <= _LONGEST_REWRITTEN_CHARS
    return is_short and not isinstance(one.value, bool)


def _schema(count: int) -> str:
    sentence = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": count},
            "text": {"type": "string"},
        },
        "required": ["n", "text"],
        "additionalProperties": False,
    }
    return json.dumps(
        {
            "type": "object",
            "properties": {
                "sentences": {
                    "type": "array",
                    "minItems": count,
                    "maxItems": count,
                    "items": sentence,
                }
            },
            "required": ["sentences"],
            "additionalProperties": False,
        },
        separators=(",", ":"),
    )


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
