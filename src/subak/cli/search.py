"""`subak search`: find passages in what was fetched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options, workspace_option
from subak.cli.output import Output
from subak.cli.reading import reading
from subak.cli.style import Style
from subak.views.wording import shorten

if TYPE_CHECKING:
    from subak.knowledge.index import Hit

_WIDTH = 320


@click.command(
    "search",
    cls=Command,
    examples=[
        ('subak search "corporate tax rate"', "the passages that fit best"),
        ('subak search "visa fee" --category immigration', "of one category"),
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
@click.option("--category", default=None, metavar="NAME", help="Only this category.")
@click.option("--entity", default=None, metavar="NAME", help="Only about this.")
@workspace_option
@json_option
@loudness_options
def search(
    query: tuple[str, ...],
    limit: int,
    category: str | None,
    entity: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Find passages of the documents a run has fetched, each with its source."""
    out = Output.current()
    words = " ".join(query)
    hits = find_hits(folder, words, limit, category, entity)
    if as_json:
        rows = [_hit_json(hit) for hit in hits]
        out.json({"version": 1, "query": words, "hits": rows})
        return
    if not hits:
        out.note(f"nothing found for '{words}'")
    for number, hit in enumerate(hits, start=1):
        for line in hit_lines(number, hit, out.style):
            out.line(line)


def find_hits(
    folder: Path, query: str, limit: int, category: str | None, entity: str | None
) -> list[Hit]:
    """Return the passages of a workspace that fit best."""
    from subak.knowledge.index import search as search_passages

    with reading(folder) as db:
        return search_passages(db, query, limit=limit, category=category, entity=entity)


def hit_lines(number: int, hit: Hit, style: Style) -> list[str]:
    """Return a passage as lines: title, source and place, text."""
    return [
        f"{number}. {style.strong(hit.title or hit.url)}",
        f"   {style.faint(f'{hit.url}  [{hit.start}:{hit.end}]')}",
        f"   {shorten(hit.text, _WIDTH)}",
        "",
    ]


def _hit_json(hit: Hit) -> dict[str, object]:
    return {
        "document": hit.document,
        "url": hit.url,
        "title": hit.title,
        "start": hit.start,
        "end": hit.end,
        "text": hit.text,
        "score": hit.score,
    }
