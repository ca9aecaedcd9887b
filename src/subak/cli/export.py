"""`subak export`: what was found, in a format, without a single call."""

from __future__ import annotations

from pathlib import Path

import click

from subak.cli.command import Command, json_option, loudness_options, run_option
from subak.cli.output import Output


@click.command(
    "export",
    cls=Command,
    examples=[
        ("subak export taxes --to sqlite --out taxes.sqlite", "one database"),
        ("subak export taxes --to parquet --out tables", "typed columns"),
        ("subak export --to csv --out tables --all-documents", "for a spreadsheet"),
    ],
)
@click.argument(
    "folder",
    metavar="[WORKSPACE]",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
)
@click.option(
    "--to",
    required=True,
    metavar="FORMAT",
    help="sqlite, parquet, csv, jsonl, json, website, or another format of recipes.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Folder to write into; for sqlite also a file.",
)
@click.option(
    "--all-documents", is_flag=True, help="Also documents that nothing cites."
)
@run_option
@json_option
@loudness_options
def export(
    folder: Path, to: str, out: Path, all_documents: bool, run: str, as_json: bool
) -> None:
    """Write facts, documents and articles of a workspace from its journal.

    Nothing is fetched and no model is asked. By default the results are those of the
    newest run that published; a run at work is not disturbed.
    """
    from subak.recipes.exporting import export as export_results
    from subak.views.wording import count

    output = Output.current()
    made = export_results(folder, to, out, run=run, all_documents=all_documents)
    if as_json:
        output.json(made.to_json())
        return
    for path in made.paths[:1] if len(made.paths) > 20 else made.paths:
        output.line(str(path))
    amounts = [(made.facts, "fact"), (made.documents, "document")]
    told = ", ".join(count(number, noun) for number, noun in amounts)
    output.note(f"{told}, {count(made.articles, 'article')} of run {made.run}")
