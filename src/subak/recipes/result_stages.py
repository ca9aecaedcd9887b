"""From documents to files: facts or claims, articles, profiles, what is published.

A recipe that wants nothing of it never imports this: 10 MB and 0.4 s of a start.
"""

from __future__ import annotations

from collections.abc import Sequence

from subak.engine.graph import Graph, Node
from subak.engine.stage import Stage
from subak.knowledge.articles.article import Article
from subak.knowledge.documents.document_codec import DocumentCodec
from subak.knowledge.facts.fact import Record
from subak.knowledge.results import fields_of
from subak.knowledge.settling.published import Published
from subak.knowledge.settling.settlement import Settled, Standing, settle, standing
from subak.llm.ask import Answering
from subak.recipes.fact_schemas import fact_schemas, field_titles
from subak.recipes.history import open_history, previous_data
from subak.recipes.lost_articles import LostArticles
from subak.recipes.resources import Resources
from subak.recipes.schema import ClaimsSection, FactsSection, Recipe
from subak.recipes.text_stages import add_claims, add_profiles
from subak.stages.draft import Background, Settle, draft
from subak.stages.draft_options import DraftOptions
from subak.stages.earlier import Earlier
from subak.stages.facts import facts
from subak.stages.publish import PublishOptions, publish
from subak.stages.review import review
from subak.stages.rewriting import DraftPrompts
from subak.stages.settle import settle as settle_stage
from subak.stages.verify import verify


def add_results(
    graph: Graph, recipe: Recipe, resources: Resources, indexed: Node
) -> None:
    """Add what the recipe makes of its documents; nothing if that is nothing.

    Raises:
        UserError: A prompt or a statement of the recipe cannot be used.
    """
    found = [
        *_facts(graph, recipe, resources, indexed),
        *add_claims(graph, recipe, resources, indexed),
    ]
    written = add_profiles(graph, recipe, resources, indexed)
    previous = previous_data(recipe, resources.workspace.folder)
    history = open_history(resources, fact_schemas(recipe), previous)
    background = _background(resources, history)
    if found and recipe.article.write:
        articles = _articles(graph, recipe, resources, found, background)
        written = [articles, *written]
    publishable = found
    if written:
        check = verify(resources.archive.find, resources.journal)
        checked = graph.then(check, written)
        if resources.reviewer is not None:
            reading = _review(recipe, resources, resources.reviewer)
            checked = graph.then(reading, checked)
        publishable = [*found, checked]
    if not publishable and "texts" in recipe.output.formats:
        publishable = [indexed]  # the documents themselves
    if not publishable:
        return
    everything = graph.gather("results", publishable, by=None)
    options = PublishOptions(
        name=recipe.name,
        title=recipe.title or recipe.name,
        language=recipe.language,
        base_url=recipe.output.base_url,
        formats=recipe.output.formats,
        folder=resources.workspace.folder / recipe.output.folder,
        fields=field_titles(recipe),
        previous=previous,
        find_lost=_lost_articles(recipe, resources).find if written else None,
    )
    graph.then(
        publish(
            options,
            resources.archive.find,
            resources.clock,
            resources.journal,
            resources.archive.sources_of,
            history,
        ),
        everything,
    )


def _facts(
    graph: Graph, recipe: Recipe, resources: Resources, documents: Node
) -> list[Node]:
    schemas = fact_schemas(recipe)
    if not schemas:
        return []
    stage = facts(
        resources.model,
        schemas,
        resources.template("facts"),
        resources.journal,
        {section.category: section.max_chars for section in recipe.facts},
        Earlier(
            resources.archive.previous,
            resources.journal.find_result,
            DocumentCodec(resources.archive),
        ),
    )
    return [graph.then(stage, documents)]


def _background(resources: Resources, history: Published) -> Background:
    judge = _settling(resources, history)
    return Background(resources.title_of, judge, resources.archive.find)


def _settling(resources: Resources, history: Published) -> Settle:
    """Return what judges records against what was published before this run."""

    def settling(
        category: str, records: Sequence[Record], fields: Sequence[str]
    ) -> tuple[Settled, ...]:
        def standing_of(document: str) -> Standing:
            return standing(resources.archive.find(document))

        return settle(records, standing_of, history.previous(category), fields)

    return settling


def _review(
    recipe: Recipe, resources: Resources, reviewer: Answering
) -> Stage[Article, Article]:
    template = resources.template("review")
    return review(reviewer, recipe.review.rubric, template, resources.journal)


def _articles(
    graph: Graph,
    recipe: Recipe,
    resources: Resources,
    found: Sequence[Node],
    background: Background,
) -> Node:
    fields = field_titles(recipe)
    options = DraftOptions(
        title_for={
            each.category: each.title for each in _sections(recipe) if each.title
        },
        language=recipe.language,
        fields=fields,
        facts_per_call=recipe.article.facts_per_call,
        max_rewrites=recipe.article.max_rewrites,
        parts=recipe.article.parts,
        length=recipe.article.length,
        audience=recipe.article.audience,
        stakeholders=recipe.article.stakeholders,
        concerns=_concerns(recipe),
    )
    judged = settle_stage(
        background.settle, lambda name: [one.field for one in fields_of(fields, name)]
    )
    settled = graph.then(judged, graph.gather("settling", found, by="category"))
    categories = graph.gather("categories", [*found, settled], by="category")
    return graph.then(
        draft(
            resources.model,
            options,
            DraftPrompts(
                *map(resources.template, ("draft", "reword", "judge")),
            ),
            resources.clock,
            resources.journal,
            background,
        ),
        categories,
    )


def _lost_articles(recipe: Recipe, resources: Resources) -> LostArticles:
    named = {one.category for one in _sections(recipe)}
    if "" in named:  # its fields are those of any category
        named |= {source.category for source in recipe.source}
    last = "verify" if resources.reviewer is None else "review"
    lost = LostArticles(
        resources.journal, named if recipe.article.write else (), last_stage=last
    )
    resources.journal.subscribe(lost)
    return lost


def _sections(recipe: Recipe) -> tuple[FactsSection | ClaimsSection, ...]:
    return (*recipe.facts, *recipe.claims)


def _concerns(recipe: Recipe) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return whom the fields and topics of each category concern."""
    found = {each.category: dict(each.concerns) for each in recipe.claims}
    for section in recipe.facts:
        groups = found.setdefault(section.category, {})
        for field in section.fields:
            for who in field.concerns:
                groups[who] = (*groups.get(who, ()), field.name)
    return found
