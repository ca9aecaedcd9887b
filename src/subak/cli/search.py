"""`subak search`: find passages in what was fetched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options, workspace_option
from subak.cli.narrowing import narrowing_options
from subak.cli.output import Output
from subak.cli.reading import reading
from subak.cli.style import Style
from subak.views.wording import shorten

if TYPE_CHECKING:
    from subak.knowledge.search.filter import Narrowing
    from subak.knowledge.search.hit import Hit

_WIDTH = 320
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)  # told in the line above
_TIERS = {1: "official", 2: "press", 3: "community"}
_BY_MEANING = (
    "by words only; pip install 'subak[semantic]' and the next run find by meaning too"
)


@click.command(
    "search",
    cls=Command,
    examples=[
        ('subak search "corporate tax rate"', "the passages that fit best"),
        ('subak search "visa fee" --category immigration', "of one category"),
        ('subak search "VAT Italy" --tier 1 --since 2026-01-01', "official, this year"),
        ("subak search VAT --limit 3 --json", "the same for programs"),
    ],
)
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1, max=1000),
    default=10,
    show_default=True,
    help="At most so many passages.",
)
@narrowing_options
@workspace_option
@json_option
@loudness_options
def search(
    query: tuple[str, ...],
    limit: int,
    category: str | None,
    entity: str | None,
    tier: int | None,
    language: str | None,
    since: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Find passages of the documents a run has fetched, each with its source.

    Words are matched in any form and without accents; something the query names
    (Italy, Italia) comes first. With the extra `semantic` installed the run embeds
    every passage, and the search also goes by meaning, across languages.
    """
    from subak.knowledge.search.filter import Narrowing
    from subak.knowledge.search.semantic import is_installed

    out = Output.current()
    words = " ".join(query)
    only = Narrowing(
        category=category, entity=entity, tier=tier, language=language, since=since
    )
    hits = find_hits(folder, words, limit, only)
    if as_json:
        rows = [_hit_json(hit) for hit in hits]
        out.json({"version": 1, "query": words, "hits": rows})
        return
    if not hits:
        out.note(f"nothing found for '{words}'")
        if not is_installed():
            out.note(_BY_MEANING)
    for number, hit in enumerate(hits, start=1):
        for line in hit_lines(number, hit, words, out.style):
            out.line(line)


def find_hits(folder: Path, query: str, limit: int, only: Narrowing) -> list[Hit]:
    """Return the passages of a workspace that fit best."""
    import os

    from subak.knowledge.search.retriever import Retriever
    from subak.recipes.settings import load_settings

    settings = load_settings(folder, os.environ, {}).settings
    with reading(folder) as db:
        retriever = Retriever.open(db, is_semantic=settings.semantic)
        return retriever.search(query, limit, **only)


def hit_lines(number: int, hit: Hit, query: str, style: Style) -> list[str]:
    """Return a passage as lines: title, place and source, text with its words."""
    place = f"{hit.url}  [{hit.start}:{hit.end}]"
    others = [url for url in hit.sources if url != hit.url]
    about = (hit.heading, hit.entity, _TIERS.get(hit.tier, ""), hit.published)
    title = style.strong(hit.title or hit.url)
    lines = [f"{number}. {title}", f"   {style.faint(place)}"]
    if told := " · ".join(dict.fromkeys(part for part in about if part)):
        lines.append(f"   {style.faint(told)}")
    if others:
        lines.append(f"   {style.faint('also at ' + ', '.join(others))}")
    text = marked(shorten(_HEADING.sub("", hit.text), _WIDTH), query, style)
    return [*lines, f"   {text}", ""]


def marked(text: str, query: str, style: Style) -> str:
    """Return a text in which the words of a query stand out, in any of their forms."""
    from subak.knowledge.search.query import Query
    from subak.knowledge.text.words import read_words

    wanted = Query.read(query).stems
    parts: list[str] = []
    at = 0
    for word in read_words(text):
        if word.stem in wanted:
            parts += [text[at : word.start], style.strong(word.text)]
            at = word.end
    return "".join([*parts, text[at:]])


def _hit_json(hit: Hit) -> dict[str, object]:
    return {
        "document": hit.document,
        "url": hit.url,
        "title": hit.title,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "score": hit.score,
        "heading": hit.heading,
        "category": hit.category,
        "entity": hit.entity,
        "language": hit.language,
        "published": hit.published,
        "tier": hit.tier,
        "sources": list(hit.sources),
    }
