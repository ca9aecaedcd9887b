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
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TypeVar

import jinja2
import msgspec

from subak.engine.clock import Clock, publication_time
from subak.engine.events import EventSink
from subak.engine.stage import Group, Stage
from subak.errors import SubakError
from subak.knowledge.articles.alignment import Alignment, Rewrite, align, literal
from subak.knowledge.articles.article import Article, Dropped, Sentence
from subak.knowledge.articles.finding import Findings
from subak.knowledge.articles.outline import PARTS, Length, Outline, Part, Written
from subak.knowledge.articles.proposition import Proposition, readable
from subak.knowledge.articles.quotation import quotations
from subak.knowledge.articles.settled_proposition import propose_settled
from subak.knowledge.articles.topics import sections_by_topic
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.codec import JsonCodec
from subak.knowledge.facts.fact import Record
from subak.knowledge.results import FieldTitle, fields_of
from subak.knowledge.settling.settlement import Previous, Settled, Standing, settle
from subak.llm.ask import Answering
from subak.llm.foreign import fence, neutralise
from subak.llm.model import Message, Prompt
from subak.stages.attempt import attempt

_Kind = TypeVar("_Kind", Record, Findings)
_TOKENS_PER_SENTENCE = 45
_LONGEST_REWRITTEN_CHARS = 240


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
        length: How much an article tells.
        audience: Who reads it, in a line for the model.
        stakeholders: Names of fields by who is concerned with them.
    """

    title_for: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    fields: tuple[FieldTitle, ...] = ()
    facts_per_call: int = 6
    max_rewrites: int = 24
    parts: tuple[Part, ...] = PARTS
    max_actions: int = 10
    length: Length = "normal"
    audience: str = ""
    stakeholders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def outline(self, category: str) -> Outline:
        """Return the plan of one category's article."""
        return Outline(
            {one.field: one.title for one in fields_of(self.fields, category)},
            self.language,
            self.parts,
            self.max_actions,
            self.length,
            self.stakeholders,
        )

    @property
    def digest(self) -> str:
        """Return a hash of every option that changes an article."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return _digest(text)


@dataclass(frozen=True, slots=True)
class DraftPrompts:
    """The Jinja2 texts of the prompts.

    Args:
        facts: Words facts; gets ``propositions``, ``count`` and ``audience``.
        quotes: Words sentences of documents anew; gets the same.
    """

    facts: str
    quotes: str


def _settle_alone(
    _category: str, records: Sequence[Record], fields: Sequence[str]
) -> tuple[Settled, ...]:
    return settle(records, lambda _: Standing(), Previous(), fields)


Settle = Callable[[str, Sequence[Record], Sequence[str]], tuple[Settled, ...]]


@dataclass(frozen=True, slots=True)
class Background:
    """What an article needs to know besides the records.

    Args:
        title_of: Finds the title of a document by its id.
        settle: Judges the records of a category against what was published before.
    """

    title_of: Callable[[str], str] = lambda _: ""
    settle: Settle = _settle_alone


_NOTHING = Background()


def draft(
    model: Answering,
    options: DraftOptions,
    prompts: DraftPrompts,
    clock: Clock,
    events: EventSink,
    background: Background = _NOTHING,
) -> Stage[Group, Article]:
    """Make the stage that writes one article from what a category's documents gave.

    Args:
        model: Rewrites the propositions.
        options: Titles, order and limits.
        prompts: What the model is told.
        clock: Dates the article.
        events: Hears of batches that stayed literal.
        background: Titles of documents, and what was published before.
    """
    drafting = _Drafting(_Rewriting(model, options, prompts, events), clock, background)

    async def run(group: Group) -> AsyncIterator[Article]:
        yield await drafting.article(group)

    return Stage(
        name="draft",
        run=run,
        codec=JsonCodec(Article),
        version=3,
        key={
            "model": model.id,
            "template": _digest(f"{prompts.facts}\0{prompts.quotes}"),
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
    background: Background

    async def article(self, group: Group) -> Article:
        """Write the article of one category."""
        records, found = _members(group, Record), _members(group, Findings)
        named = [one.category for one in records] + [one.category for one in found]
        category = named[0] if named else group.name
        options = self.rewriting.options
        outline = options.outline(category)
        facts, undone = _sayable(self._facts(category, records, outline))
        quotes, spiked = _sayable(quotations(found))
        async with asyncio.TaskGroup() as tasks:
            about = tasks.create_task(self.rewriting.rewrite(facts, category))
            words = tasks.create_task(self.rewriting.reword(quotes, category))
        stated = _written(facts, about.result())
        said = _written(quotes, words.result())
        sentences = [one.sentence for one in (*stated, *said)]
        is_rewritten = any(one.verdict == "rewritten" for one in sentences)
        by_topic = sections_by_topic(said, options.language, options.length)
        dropped = (*undone, *spiked, *about.result().dropped, *words.result().dropped)
        return Article(
            slug=slug(category),
            title=options.title_for.get(category, "") or readable(category),
            category=category,
            language=options.language,
            generated_at=publication_time(self.clock),
            model=self.rewriting.model.id if is_rewritten else "",
            sections=(*outline.sections(stated, records), *by_topic),
            dropped=dropped,
            headline=outline.headline(stated) or outline.headline(said),
        )

    def _facts(
        self, category: str, records: Sequence[Record], outline: Outline
    ) -> tuple[Proposition, ...]:
        fields = list(outline.fields)
        return propose_settled(
            self.background.settle(category, records, fields),
            outline.fields,
            language=outline.language,
            title_of=self.background.title_of,
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
    prompts: DraftPrompts
    events: EventSink

    async def rewrite(
        self, propositions: Sequence[Proposition], category: str
    ) -> Alignment:
        """Return one sentence a fact, rewritten or literal."""
        return await self._answered(propositions, category, self.prompts.facts)

    async def reword(self, quotes: Sequence[Proposition], category: str) -> Alignment:
        """Return one sentence for each of the documents', reworded or as it stands."""
        return await self._answered(quotes, category, self.prompts.quotes)

    async def _answered(
        self, propositions: Sequence[Proposition], category: str, template: str
    ) -> Alignment:
        names = list(dict.fromkeys(one.entity for one in propositions if one.entity))
        # By entity and field, whatever is news: a changed status changes no prompt.
        wanted = [one for one in propositions if _gains(one)]
        planned = batches(
            wanted[: self.options.max_rewrites], self.options.facts_per_call
        )
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(attempt(self.model, self._prompt(batch, template)))
                for batch in planned
            ]
        found: dict[Proposition, Sentence] = {}
        dropped: list[Dropped] = []
        for batch, task in zip(planned, tasks, strict=True):
            answer = task.result()
            rewrites: list[Rewrite] = []
            if isinstance(answer, SubakError):
                dropped.append(self._note(answer, batch, category))
            else:
                rewrites = msgspec.convert(answer.value, _Answered).sentences
            aligned = align(batch, rewrites, names)
            dropped += aligned.dropped
            found.update(zip(batch, aligned.sentences, strict=True))
        sentences = (found.get(one) or literal(one) for one in propositions)
        return Alignment(tuple(sentences), tuple(dropped))

    def _prompt(self, batch: Sequence[Proposition], template: str) -> Prompt:
        lines = "\n".join(
            f"[{number}] {one.line}" for number, one in enumerate(batch, start=1)
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


def _members(group: Group, kind: type[_Kind]) -> list[_Kind]:
    values = (member.item.value for member in group.members)
    return [value for value in values if isinstance(value, kind)]


def _written(
    propositions: Sequence[Proposition], alignment: Alignment
) -> tuple[Written, ...]:
    return tuple(map(Written, propositions, alignment.sentences))


def _tokens(one: Proposition) -> int:
    """Return how long a rewrite may be; a quote needs room for its own length."""
    return max(_TOKENS_PER_SENTENCE, 20 + len(one.text) // 3)


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
    is_confirmed = one.status != "kept"
    return is_short and is_confirmed and not isinstance(one.value, bool)


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
