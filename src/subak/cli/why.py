"""`subak why`: why an item was done again, or not."""

from __future__ import annotations

from pathlib import Path

import click

from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    run_option,
    workspace_option,
)
from subak.cli.output import Output
from subak.cli.reading import reading
from subak.cli.style import Style
from subak.views.why import Reason, Why, explain
from subak.views.wording import duration, shorten


@click.command(
    "why",
    cls=Command,
    examples=[
        ("subak why germany", "stage by stage: done or cached, and what changed"),
        ("subak why facts/germany", "one stage only"),
        ("subak why https://a.example/page", "a page: asked for or not, what changed"),
        ("subak why germany --json", "the same for programs"),
    ],
)
@click.argument("item")
@run_option
@workspace_option
@json_option
@loudness_options
def why(item: str, run: str, folder: Path, as_json: bool) -> None:
    """Say why an item's stages were done or not, against the run before.

    Names the part of the key that changed (the input, the stage's version, the
    model, the prompt ...), and every value that was refused, with the reason. Of a
    page it says why it was asked for or left alone, and which lines of it changed.
    """
    out = Output.current()
    with reading(folder) as db:
        found = explain(db, item, run=run)
    if as_json:
        out.json(found.to_json())
        return
    for line in why_lines(found, out.style):
        out.line(line)


def why_lines(found: Why, style: Style) -> list[str]:
    """Return the reasons as lines for people."""
    against = f", compared with {found.previous}" if found.previous else ""
    lines = [style.faint(f"{found.recipe}, run {found.run}{against}")]
    for reason in found.reasons:
        lines += ["", *_reason_lines(reason, style)]
    return lines


def _reason_lines(reason: Reason, style: Style) -> list[str]:
    took = (
        f" in {duration(reason.seconds)}" if reason.state in ("done", "failed") else ""
    )
    tries = f", {reason.attempts} attempts" if reason.attempts > 1 else ""
    name = style.strong(f"{reason.stage}/{reason.item}")
    lines = [f"{name}  {style.state(reason.state)}{took}{tries}"]
    lines += [f"  {words}" for words in reason.because]
    if reason.error:
        lines.append(f"  {style.bad('failed:')} {reason.error}")
    if reason.hint:
        lines.append(f"  {style.faint('next:')} {reason.hint}")
    lines += [
        f"  {style.warn('refused')} {fact.field}: {shorten(fact.reason, 200)}"
        for fact in reason.refused
    ]
    return lines
