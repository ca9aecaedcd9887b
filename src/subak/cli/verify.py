"""`subak verify`: judge anyone's extraction against its document, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options
from subak.cli.output import Output

if TYPE_CHECKING:
    from subak.cli.style import Style
    from subak.evaluation.judge import Judgement

EXAMPLES = (
    (
        "subak verify record.json page.html --schema schema.toml",
        "value by value: the quote that proves it, or why it is refused",
    ),
    (
        "subak verify record.json page.pdf --schema tax --json",
        "with the schema of a shipped recipe, for programs",
    ),
)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("verify", cls=Command, examples=EXAMPLES)
@click.argument("record", type=_FILE)
@click.argument("document", type=_FILE)
@click.option(
    "--schema",
    required=True,
    metavar="FILE",
    help="The [[facts]] of a recipe as a file, or a recipe.",
)
@click.option("--category", metavar="NAME", help="Which [[facts]] of several.")
@click.option("--entity", default="", metavar="NAME", help="What DOCUMENT is about.")
@click.option("--language", default="", metavar="TAG", help="Language of DOCUMENT.")
@json_option
@loudness_options
def verify(
    record: Path,
    document: Path,
    schema: str,
    category: str | None,
    entity: str,
    language: str,
    as_json: bool,
) -> int:
    """Judge the values of RECORD, a JSON object by field, against DOCUMENT.

    DOCUMENT is a txt, md, html or pdf file. Exit code 0: every value is proved by it,
    3: some are refused.
    """
    from subak.evaluation.document_file import read_document
    from subak.evaluation.judge import verify as judge
    from subak.evaluation.verify_files import read_fact_schema, read_record

    output = Output.current()
    wanted = read_fact_schema(schema, category)
    given = read_record(record, wanted)
    page = read_document(
        document, entity=entity, language=language, category=wanted.category
    )
    found = judge(given, page, wanted)
    if as_json:
        output.json(found.to_json())
    else:
        for each in found.judgements:
            for line in _lines(each, output.style):
                output.line(line)
    return 0 if found.is_proved else 3


def _lines(each: Judgement, style: Style) -> list[str]:
    from subak.evaluation.judge import show
    from subak.views.wording import shorten

    if each.ruling == "absent":
        if each.says is None:
            return []
        lines = [f"{'-':<9} {each.field}: not given; document: {show(each.says)}"]
    else:
        state = {"proved": "done", "repaired": "cached", "refused": "failed"}
        word = style.state(state[each.ruling], f"{each.ruling:<9}")
        detail = f" ({each.level})" if each.level else ""
        lines = [f"{word} {each.field}: {show(each.given)}{detail}"]
        if each.reason:
            lines.append(f"          {each.reason}")
    for one in each.evidence:
        place = style.faint(f"[{one.start}:{one.end}]")
        lines.append(f"          {place} {shorten(' '.join(one.quote.split()), 200)}")
    return lines
