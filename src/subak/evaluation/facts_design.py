"""The design that ships: one call under a schema, then evidence found by code."""

from __future__ import annotations

from collections.abc import AsyncIterator

from subak.engine.events import EventSink
from subak.engine.stage import Stage
from subak.evaluation.metered import Metered
from subak.evaluation.reading import Reading, reading_of
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.llm.ask import Answering
from subak.recipes.fact_schemas import fact_schemas
from subak.recipes.schema import Recipe
from subak.stages.facts import facts


def facts_design(
    model: Answering, recipe: Recipe, template: str, events: EventSink
) -> Stage[Document, Reading]:
    """Return the facts stage of a run, each record with its bill.

    The evidence is found anew in each run: a change of the code that finds it shows
    at once, while answers of the model come from the journal.
    """
    metered = Metered(model)
    budgets = {section.category: section.max_chars for section in recipe.facts}
    stage = facts(metered, fact_schemas(recipe), template, events, budgets)

    async def run(document: Document) -> AsyncIterator[Reading]:
        async for record in stage.run(document):
            yield reading_of(record, metered.take_bill())

    return Stage(
        "facts",
        run,
        JsonCodec(Reading),
        version=stage.version,
        key=stage.key,
        once_per_run=True,
    )
