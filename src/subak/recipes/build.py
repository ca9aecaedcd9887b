"""From a recipe to a graph: names become stages, resources are closed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from subak.engine.graph import Graph, Node
from subak.engine.stage import Item, Stage
from subak.knowledge.articles.article import Article
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.documents.document_codec import DocumentCodec
from subak.knowledge.facts.fact import Record
from subak.knowledge.facts.schema import FactSchema, Field
from subak.knowledge.results import FieldTitle, fields_of
from subak.knowledge.search.semantic import MODEL, Embedder
from subak.knowledge.settling.published import Published
from subak.knowledge.settling.settlement import Settled, Standing, settle, standing
from subak.llm.ask import Answering
from subak.recipes.history import open_history, previous_data
from subak.recipes.resources import Resources
from subak.recipes.schema import (
    ClaimsSection,
    FactsSection,
    FieldSection,
    Recipe,
    SourceSection,
)
from subak.recipes.text_stages import add_claims, add_profiles
from subak.sources.reach import Reach
from subak.sources.spec import SourceSpec
from subak.stages.draft import Background, Settle, draft
from subak.stages.draft_options import DraftOptions
from subak.stages.earlier import Earlier
from subak.stages.embed import embed
from subak.stages.extract import extract
from subak.stages.facts import facts
from subak.stages.fetch import fetch
from subak.stages.index import index
from subak.stages.listing import listing
from subak.stages.publish import PublishOptions, publish
from subak.stages.review import review
from subak.stages.rewriting import DraftPrompts
from subak.stages.settle import settle as settle_stage
from subak.stages.verify import verify


def build(recipe: Recipe, resources: Resources) -> Graph:
    """Return the graph of a recipe.

    listing -> fetch -> extract -> index -> facts, or claims where a category has no
    facts -> (by category) settle -> draft -> verify; index -> subject -> (by entity)
    profile -> verify; and facts, claims with verified articles and profiles ->
    publish.

    Raises:
        UserError: A prompt or a statement of the recipe cannot be used.
    """
    graph = Graph()
    indexed = _documents(graph, recipe, resources)
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
        return graph
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
    return graph


def _documents(graph: Graph, recipe: Recipe, resources: Resources) -> Node:
    items = [
        Item(spec.name, spec, {"category": spec.category, "source": spec.name})
        for spec in source_specs(recipe)
    ]
    sources = graph.source("sources", items, JsonCodec(SourceSpec))
    reach = Reach(
        resources.polite,
        resources.executor,
        clock=resources.clock,
        memory=resources.listings,
        known=resources.archive,
        ways=resources.ways,
        folder=resources.workspace.folder,
    )
    listed = graph.then(listing(reach, source_specs(recipe)), sources)
    fetched = graph.then(
        fetch(
            resources.ways,
            resources.archive,
            resources.blobs,
            resources.journal,
            resources.catalogue.remove,
            resources.clock,
        ),
        listed,
    )
    read = graph.then(
        extract(resources.archive, resources.blobs, resources.executor), fetched
    )
    codec = DocumentCodec(resources.archive)
    indexed = graph.then(index(resources.catalogue, resources.journal, codec), read)
    if resources.embedder is not None:
        graph.then(_embed(resources, resources.embedder), indexed)
    return indexed


def _embed(resources: Resources, embedder: Embedder) -> Stage[Document, int]:
    from subak.knowledge.search.vector_table import VectorTable  # needs numpy

    store = resources.store
    return embed(embedder, VectorTable(store.read(), MODEL, store))


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
    sections: tuple[FactsSection | ClaimsSection, ...]
    sections = (*recipe.facts, *recipe.claims)
    options = DraftOptions(
        title_for={each.category: each.title for each in sections if each.title},
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


def _concerns(recipe: Recipe) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return whom the fields and topics of each category concern."""
    found = {each.category: dict(each.concerns) for each in recipe.claims}
    for section in recipe.facts:
        groups = found.setdefault(section.category, {})
        for field in section.fields:
            for who in field.concerns:
                groups[who] = (*groups.get(who, ()), field.name)
    return found


def source_specs(recipe: Recipe) -> list[SourceSpec]:
    """Return the recipe's sources as the listing stage wants them."""
    return [_spec(number, source) for number, source in enumerate(recipe.source)]


def fact_schemas(recipe: Recipe) -> Mapping[str, FactSchema]:
    """Return the fact schema of each category."""
    return {section.category: fact_schema(section) for section in recipe.facts}


def fact_schema(section: FactsSection) -> FactSchema:
    """Return one section's fields as what facts are searched by."""
    return FactSchema(
        category=section.category,
        entity_kind=section.entity,
        fields=tuple(map(_field, section.fields)),
    )


def field_titles(recipe: Recipe) -> tuple[FieldTitle, ...]:
    """Return how the recipe's fields are called, in its order."""
    return tuple(
        FieldTitle(section.category, field.name, _title(field))
        for section in recipe.facts
        for field in section.fields
    )


def _spec(number: int, source: SourceSection) -> SourceSpec:
    return SourceSpec(
        name=source.name or f"{source.kind}-{number + 1}",
        kind=source.kind,
        url=source.url,
        urls=source.urls,
        entities=source.entities,
        include=source.include,
        exclude=source.exclude,
        limit=source.limit,
        category=source.category,
        tier=source.tier,
        language=source.language,
        licence=source.licence,
        allow_hosts=source.allow_hosts,
        key_path=source.list or f"source[{number}]",
        selector=source.selector,
        depth=source.depth,
        with_front=source.with_front,
        hints=source.hints,
        reading=source.reading,
        render=source.render,
        paths=source.paths,
        titles=source.titles,
        every=source.every,
    )


def _field(section: FieldSection) -> Field:
    return Field(
        name=section.name,
        title=_title(section),
        kind=section.kind,
        meaning=section.meaning,
        unit=section.unit,
        words=section.words,
        negations=section.negations,
        values=section.values,
        minimum=section.minimum,
        maximum=section.maximum,
        statement=section.statement,
        statements=section.statements,
        rate_unit=section.rate_unit,
        structure=section.structure,
    )


def _title(section: FieldSection) -> str:
    return section.title or section.name.replace("_", " ").capitalize()
