"""DraftOptions: what a recipe says about its articles."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from subak.knowledge.articles.outline import PARTS, Length, Outline, Part
from subak.knowledge.articles.topics import Topics
from subak.knowledge.results import FieldTitle, fields_of


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
        stakeholders: Names of fields, or topics, by who is concerned with them.
        concerns: The same by category.
    """

    title_for: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    fields: tuple[FieldTitle, ...] = ()
    facts_per_call: int = 6
    max_rewrites: int = 24
    parts: tuple[Part, ...] = PARTS
    max_actions: int = 5
    length: Length = "normal"
    audience: str = ""
    stakeholders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concerns: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def outline(self, category: str) -> Outline:
        """Return the plan of one category's article about facts."""
        return Outline(
            {one.field: one.title for one in fields_of(self.fields, category)},
            self.language,
            self.parts,
            self.max_actions,
            self.length,
            self.concerned(category),
        )

    def topics(self, category: str) -> Topics:
        """Return the plan of one category's article about what documents say."""
        groups = self.concerned(category)
        return Topics(self.language, self.length, self.parts, groups)

    def concerned(self, category: str) -> Mapping[str, tuple[str, ...]]:
        """Return the names of fields and topics by who is concerned with them."""
        own = self.concerns.get(category) or self.concerns.get("", {})
        return {
            who: (*self.stakeholders.get(who, ()), *own.get(who, ()))
            for who in dict.fromkeys((*self.stakeholders, *own))
        }

    @property
    def digest(self) -> str:
        """Return a hash of every option that changes an article."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
