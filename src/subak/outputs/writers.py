"""WRITERS: the formats a recipe may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from subak.knowledge.results import Results
from subak.outputs.changes import ChangesWriter
from subak.outputs.csv import CsvWriter
from subak.outputs.digest import DigestWriter
from subak.outputs.documents import DocumentsWriter
from subak.outputs.esmodule import EsModuleWriter
from subak.outputs.json import JsonWriter
from subak.outputs.jsonl import JsonlWriter
from subak.outputs.markdown import MarkdownWriter
from subak.outputs.parquet import ParquetWriter
from subak.outputs.rss import RssWriter
from subak.outputs.sqlite import SqliteWriter
from subak.outputs.texts import TextsWriter
from subak.outputs.website import WebsiteWriter
from subak.outputs.writer import Writer


@dataclass(frozen=True, slots=True)
class _Together:
    """Several writers under one name."""

    writers: tuple[Writer, ...]

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the files of each, in their order, and return their paths."""
        return [path for one in self.writers for path in one.write(results, folder)]


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "json": JsonWriter(),
        "jsonl": _Together((JsonlWriter(), DocumentsWriter("jsonl"))),
        "csv": _Together((CsvWriter(), DocumentsWriter("csv"))),
        "markdown": MarkdownWriter(),
        "website": WebsiteWriter(),
        "rss": RssWriter(),
        "changes": ChangesWriter(),
        "esmodule": EsModuleWriter(),
        "digest": DigestWriter(),
        "texts": TextsWriter(),
        "sqlite": SqliteWriter(),
        "parquet": ParquetWriter(),
    }
)
