"""draft: the proved facts of one category become an article of checked sentences.

The model only rewrites single propositions; what to say, in which order and with which
citation is decided by code. An article is complete whatever the model answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from typing import TypeVar

from subak.engine.clock import Clock, publication_time
from subak.engine.events import EventSink
from subak.engine.stage import Group, Stage
from subak.knowledge.articles.alignment import Alignment, literal
from subak.knowledge.articles.article import Article, Citation, Dropped, Section
from subak.knowledge.articles.finding import Findings
from subak.knowledge.articles.outline import Outline
from subak.knowledge.articles.passage_on import passage_on
from subak.knowledge.articles.proposition import Proposition, readable
from subak.knowledge.articles.quotation import quotations
from subak.knowledge.articles.settled_proposition import propose_settled
from subak.knowledge.articles.written import Written
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Record
from subak.knowledge.settling.settlement import Previous, Settled, Standing, settle
from subak.llm.ask import Answering
from subak.stages.draft_options import DraftOptions
from subak.stages.rewriting import DraftPrompts, Rewriting

_Kind = TypeVar("_Kind", Record, Findings)


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
        find_document: Returns a stored document by its id.
    """

    title_of: Callable[[str], str] = lambda _: ""
    settle: Settle = _settle_alone
    find_document: Callable[[str], Document | None] = lambda _: None

    def passage_on(self, document: str, title: str) -> Citation | None:
        """Find what a document says of a field by its title."""
        found = self.find_document(document)
        return passage_on(found, title) if found else None


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
    drafting = _Drafting(Rewriting(model, options, prompts, events), clock, background)

    async def run(group: Group) -> AsyncIterator[Article]:
        yield await drafting.article(group)

    return Stage(
        name="draft",
        run=run,
        codec=JsonCodec(Article),
        version=4,
        key={
            "model": model.id,
            "template": _digest("\0".join(astuple(prompts))),
            "options": options.digest,
        },
    )


def slug(category: str) -> str:
    """Return a category as a file name: "Visa & Residency" gives "visa-residency"."""
    plain = unicodedata.normalize("NFKD", category).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "article"


@dataclass(frozen=True, slots=True)
class _Drafting:
    """Makes articles of groups."""

    rewriting: Rewriting
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
        compared = outline.compared(facts)
        quotes, spiked = _sayable(quotations(found))
        async with asyncio.TaskGroup() as tasks:
            about = tasks.create_task(self.rewriting.rewrite(facts, category))
            words = tasks.create_task(self.rewriting.reword(quotes, category))
        stated = _written(facts, about.result())
        ranked = tuple(
            Written(one, replace(literal(one), verdict="typed")) for one in compared
        )
        said = _written(quotes, words.result())
        topics = options.topics(category)
        sections = (
            *outline.sections(stated, records, ranked, self.background.passage_on),
            *topics.sections(said),
        )
        return Article(
            slug=slug(category),
            title=options.title_for.get(category, "") or readable(category),
            category=category,
            language=options.language,
            generated_at=publication_time(self.clock),
            model=self.rewriting.model.id if _is_rewritten(sections) else "",
            sections=sections,
            dropped=(
                *undone,
                *spiked,
                *about.result().dropped,
                *words.result().dropped,
            ),
            headline=outline.headline(stated, ranked) or topics.headline(said),
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


def _members(group: Group, kind: type[_Kind]) -> list[_Kind]:
    values = (member.item.value for member in group.members)
    return [value for value in values if isinstance(value, kind)]


def _is_rewritten(sections: Iterable[Section]) -> bool:
    return any(one.is_worded for each in sections for one in each.sentences)


def _written(
    propositions: Sequence[Proposition], alignment: Alignment
) -> tuple[Written, ...]:
    return tuple(map(Written, propositions, alignment.sentences))


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


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
