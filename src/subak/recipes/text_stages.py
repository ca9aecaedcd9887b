"""The stages that read text without a schema: claims and profiles."""

from __future__ import annotations

from subak.engine.graph import Graph, Node
from subak.knowledge.articles.claims_plan import ClaimsPlan
from subak.knowledge.articles.profile import ProfilePlan, SectionPlan
from subak.knowledge.documents.document_codec import DocumentCodec
from subak.recipes.resources import Resources
from subak.recipes.schema import ProfileSection, Recipe
from subak.stages.claims import claims
from subak.stages.earlier import Earlier
from subak.stages.profile import ProfileOptions, profile
from subak.stages.subject import subject


def add_claims(
    graph: Graph, recipe: Recipe, resources: Resources, documents: Node
) -> list[Node]:
    """Add what takes sentences of documents; nothing if the recipe asks for none.

    Raises:
        UserError: The prompt cannot be used.
    """
    if not recipe.claims:
        return []
    plans = {
        section.category: ClaimsPlan(
            section.category, section.topics, section.max_claims, section.max_chars
        )
        for section in recipe.claims
    }
    stage = claims(
        resources.model,
        plans,
        resources.template("claims"),
        resources.journal,
        frozenset(section.category for section in recipe.facts),
        Earlier(
            resources.archive.previous,
            resources.journal.find_result,
            DocumentCodec(resources.archive),
        ),
    )
    return [graph.then(stage, documents)]


def add_profiles(
    graph: Graph, recipe: Recipe, resources: Resources, documents: Node
) -> list[Node]:
    """Add what writes a text per entity; nothing if the recipe asks for none.

    Raises:
        UserError: The prompt cannot be used.
    """
    if not recipe.profile:
        return []
    kinds = {section.category: section.entity for section in recipe.profile}
    codec = DocumentCodec(resources.archive)
    told = graph.then(subject(kinds, codec, resources.journal), documents)
    entities = graph.gather("entities", told, by="entity")
    stage = profile(
        resources.model,
        ProfileOptions(tuple(map(_plan, recipe.profile)), recipe.language),
        resources.template("profile"),
        resources.clock,
        resources.journal,
    )
    return [graph.then(stage, entities)]


def _plan(section: ProfileSection) -> ProfilePlan:
    return ProfilePlan(
        name=section.name,
        title=section.title,
        category=section.category,
        sections=tuple(
            SectionPlan(one.title, one.question, one.words, one.max_sentences)
            for one in section.sections
        ),
        entity_kind=section.entity,
        max_chars=section.max_chars,
        max_calls=section.max_calls,
    )
