"""Paths: where each page of the site lies, relative to its root."""

from __future__ import annotations

from subak.outputs.names import file_name


class Paths:
    """Addresses of pages; names are made safe here and nowhere else."""

    @staticmethod
    def article(slug: str) -> str:
        """Return the page of an article."""
        return f"articles/{file_name(slug)}.html"

    @staticmethod
    def category(category: str) -> str:
        """Return the page of a category."""
        return f"categories/{file_name(category)}.html"

    @staticmethod
    def entity(entity: str) -> str:
        """Return the page of an entity."""
        return f"entities/{file_name(entity)}.html"

    @staticmethod
    def document(document: str) -> str:
        """Return the page with the stored text of a document."""
        return f"documents/{file_name(document)}.html"

    @staticmethod
    def map(category: str, field: str) -> str:
        """Return the page with the map of a field."""
        return f"maps/{file_name(category)}--{file_name(field)}.html"

    @staticmethod
    def answer(category: str, field: str) -> str:
        """Return the anchor of a field on an entity's page."""
        return f"{file_name(category)}--{file_name(field)}"
