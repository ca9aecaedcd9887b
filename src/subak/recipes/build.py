"""From a recipe to a graph: names become stages, resources are closed in."""

from __future__ import annotations

from subak.engine.graph import Graph, Node
from subak.engine.stage import Item, Stage
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.documents.document_codec import DocumentCodec
from subak.knowledge.search.semantic import MODEL, Embedder
from subak.knowledge.search.vector_table import VectorTable
from subak.recipes.resources import Resources
from subak.recipes.schema import Recipe, SourceSection
from subak.sources.reach import Reach
from subak.sources.spec import SourceSpec
from subak.stages.embed import embed
from subak.stages.extract import extract
from subak.stages.fetch import fetch
from subak.stages.index import index
from subak.stages.listing import listing


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
    if _wants_results(recipe):
        from subak.recipes.result_stages import add_results  # 10 MB, 0.4 s

        add_results(graph, recipe, resources, indexed)
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
    store = resources.store
    return embed(embedder, VectorTable(store.read(), MODEL, store))


def _wants_results(recipe: Recipe) -> bool:
    asked = (recipe.facts, recipe.claims, recipe.profile)
    return any(asked) or "texts" in recipe.output.formats


def source_specs(recipe: Recipe) -> list[SourceSpec]:
    """Return the recipe's sources as the listing stage wants them."""
    return [_spec(number, source) for number, source in enumerate(recipe.source)]


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
