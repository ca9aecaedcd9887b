"""A fake model that words facts, and records for it to word."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources

from subak.engine.events import Scalar
from subak.engine.stage import Group, Item, Member
from subak.errors import SubakError
from subak.knowledge.articles.article import Article, Sentence
from subak.knowledge.articles.finding import Findings
from subak.knowledge.facts.fact import Evidence, Fact, Record
from subak.knowledge.results import FieldTitle
from subak.llm.foreign import fenced_texts
from subak.llm.model import Completion, ModelId, Prompt, Timing, Usage
from subak.stages.draft import Background, draft
from subak.stages.draft_options import DraftOptions
from subak.stages.rewriting import DraftPrompts

_SHIPPED = resources.files("subak.recipes") / "prompts"
PROMPTS = DraftPrompts(
    (_SHIPPED / "draft.md").read_text("utf-8"),
    (_SHIPPED / "reword.md").read_text("utf-8"),
)
Answer = Callable[[list[str]], list[tuple[int, str]]]


@dataclass
class StillClock:
    """A clock that stands."""

    def now(self) -> float:
        """Return one moment."""
        return 1_000.0

    def monotonic(self) -> float:
        """Return one moment."""
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Give way once."""
        await asyncio.sleep(0)


@dataclass
class Heard:
    """Keeps what was told."""

    kinds: list[str] = field(default_factory=list)

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep the kind."""
        self.kinds.append(kind)


@dataclass
class FakeModel:
    """Answers the numbered lines of a prompt by a function of them."""

    answer: Answer
    error: SubakError | None = None
    failures: int = 1_000
    prompts: list[Prompt] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        """Name the fake."""
        return ModelId("fake")

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer, or fail as told."""
        self.prompts.append(prompt)
        await asyncio.sleep(0)
        if self.error is not None and len(self.prompts) <= self.failures:
            raise self.error
        sentences = [{"n": n, "text": text} for n, text in self.answer(lines(prompt))]
        text = json.dumps({"sentences": sentences})
        return Completion(text, Usage(), Timing(0.0))


def lines(prompt: Prompt) -> list[str]:
    """Return the lines a prompt shows, without their numbers."""
    (inner,) = fenced_texts(prompt.messages[0].content)
    return [re.sub(r"^\[\d+\] ", "", line) for line in inner.splitlines()]


def possessive(line: str) -> str:
    """Word "C | T | V" as "C's T is V."; copy a sentence."""
    parts = line.split(" | ")
    if len(parts) < 3:
        return parts[0]
    entity, title, value = parts
    return f"{entity}'s {title} is {value}."


def good(shown: list[str]) -> list[tuple[int, str]]:
    """Word every line truly."""
    return [(n, possessive(text)) for n, text in enumerate(shown, start=1)]


def record(entity: str, **values: float) -> Record:
    """Make a record with one fact a value, each proved by its own quote."""
    facts = []
    for name, value in values.items():
        quote = f"{name} {value}"
        evidence = Evidence(entity, f"https://{entity}.example/", 0, len(quote), quote)
        facts.append(
            Fact(
                entity,
                "tax",
                name,
                value,
                "%",
                "evidence",
                (evidence,),
                f"The {name} rate of {entity} is {value}%.",
            )
        )
    return Record(entity, f"https://{entity}.example/", entity, "tax", tuple(facts))


def group_of(*records: Record | Findings) -> Group:
    """Gather records as the engine does."""
    members = tuple(Member("facts", Item(one.document, one)) for one in records)
    return Group("tax", members)


OPTIONS = DraftOptions(
    title_for={"tax": "What is taxed"},
    fields=tuple(FieldTitle("tax", name, f"{name} rate") for name in ("vat", "duty")),
)
BACKGROUND = Background(str.upper)
TWO = (record("Italy", vat=22, duty=3), record("Kenya", vat=16, duty=9))


def write(
    model: FakeModel,
    *records: Record | Findings,
    options: DraftOptions = OPTIONS,
    heard: Heard | None = None,
    background: Background = BACKGROUND,
) -> Article:
    """Run the stage on one group."""
    stage = draft(model, options, PROMPTS, StillClock(), heard or Heard(), background)

    async def scenario() -> list[Article]:
        return [article async for article in stage.run(group_of(*records))]

    (article,) = asyncio.run(scenario())
    assert stage.codec.decode(stage.codec.encode(article)) == article
    return article


def analysis(article: Article) -> list[Sentence]:
    """Return the sentences of the detailed analysis."""
    return [
        sentence
        for section in article.sections
        if section.heading.startswith("Detailed analysis")
        for sentence in section.sentences
    ]
