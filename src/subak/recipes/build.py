"""From a recipe to a graph: names become stages, resources are closed in."""

from __future__ import annotations

from collections.abc import Mapping

from subak.engine.graph import Graph, Node
from subak.engine.stage import Item
from subak.knowledge.codec import JsonCodec
from subak.knowledge.results import FieldTitle
from subak.knowledge.schema import FactSchema, Field
from subak.recipes.resources import Resources
from subak.recipes.schema import FieldSection, Recipe, SourceSection
from subak.sources.reach import Reach
from subak.sources.spec import SourceSpec
from subak.stages.draft import DraftOptions, draft
from subak.stages.earlier import Earlier
from subak.stages.extract import extract
from subak.stages.facts import facts
from subak.stages.fetch import fetch
from subak.stages.index import index
from subak.stages.listing import listing
from subak.stages.publish import PublishOptions, publish
from subak.stages.verify import verify


def build(recipe: Recipe, resources: Resources) -> Graph:
    """Return the graph of a recipe.

    listing -> fetch -> extract -> index -> facts -> (by category) draft -> verify,
    and facts with verified articles -> publish.

    Raises:
        UserError: A prompt or a statement of the recipe cannot be used.
    """
    graph = Graph()
    indexed = _documents(graph, recipe, resources)
    schemas = fact_schemas(recipe)
    if not schemas:
        return graph
    found = graph.then(
        facts(
            resources.model,
            schemas,
            resources.template("facts"),
            resources.journal,
            {section.category: section.max_chars for section in recipe.facts},
            Earlier(resources.archive.previous, resources.journal.find_result),
        ),
        indexed,
    )
    publishable = [found]
    if recipe.article.write:
        publishable.append(_articles(graph, recipe, resources, found))
    everything = graph.gather("results", publishable, by=None)
    options = PublishOptions(
        name=recipe.name,
        title=recipe.title or recipe.name,
        language=recipe.language,
        base_url=recipe.output.base_url,
        formats=recipe.output.formats,
        folder=resources.workspace.folder / recipe.output.folder,
        fields=field_titles(recipe),
    )
    graph.then(
        publish(
            options,
            resources.archive.find,
            resources.clock,
            resources.journal,
            resources.archive.sources_of,
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
    return graph.then(index(resources.catalogue, resources.journal), read)


def _articles(graph: Graph, recipe: Recipe, resources: Resources, found: Node) -> Node:
    options = DraftOptions(
        title_for={each.category: each.title for each in recipe.facts if each.title},
        language=recipe.language,
        fields=field_titles(recipe),
        facts_per_call=recipe.article.facts_per_call,
        max_rewrites=recipe.article.max_rewrites,
    )
    categories = graph.gather("categories", found, by="category")
    drafted = graph.then(
        draft(
            resources.model,
            options,
            resources.template("draft"),
            resources.clock,
            resources.journal,
            resources.title_of,
        ),
        categories,
    )
    return graph.then(verify(resources.archive.find, resources.journal), drafted)


def source_specs(recipe: Recipe) -> list[SourceSpec]:
    """Return the recipe's sources as the listing stage wants them."""
    return [_spec(number, source) for number, source in enumerate(recipe.source)]


def fact_schemas(recipe: Recipe) -> Mapping[str, FactSchema]:
    """Return the fact schema of each category."""
    return {
        section.category: FactSchema(
            category=section.category,
            entity_kind=section.entity,
            fields=tuple(map(_field, section.fields)),
        )
        for section in recipe.facts
    }


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
    )


def _title(section: FieldSection) -> str:
    return section.title or section.name.replace("_", " ").capitalize()
