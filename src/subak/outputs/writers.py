"""WRITERS: the formats a recipe may name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from subak.outputs.changes import ChangesWriter
from subak.outputs.csv import CsvWriter
from subak.outputs.digest import DigestWriter
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

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "json": JsonWriter(),
        "jsonl": JsonlWriter(),
        "csv": CsvWriter(),
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
