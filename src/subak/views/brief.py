"""brief: a run's bulletin as Markdown that reads well in a terminal and in a mail."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from subak.views.bulletin import Bulletin
from subak.views.need import Need
from subak.views.status import Status
from subak.views.summary import RunSummary
from subak.views.wording import count, duration, moment, near

# What Markdown, or whoever shows it, would act on: markup, links, mentions.
_MARKUP = re.compile(r"([\\`*\[\]<>|])")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MOST_FILES = 5


def brief(status: Status, bulletin: Bulletin, folder: Path | None = None) -> str:
    """Return a run as a short Markdown text.

    Foreign words in it are plain text: they form no link, no mention and no markup.

    Args:
        folder: The workspace, for those who read it elsewhere; None for here.
    """
    return "\n".join(_lines(status, bulletin, folder)) + "\n"


def brief_title(status: Status, bulletin: Bulletin) -> str:
    """Return one line for a subject: the recipe, and whether somebody is needed."""
    return f"subak {status.summary.recipe}: {_state(status, bulletin)}"


def _state(status: Status, bulletin: Bulletin) -> str:
    """Return how it went in the fewest words: what a person has to do, if anything."""
    urgent = sum(not need.can_wait for need in bulletin.needs)
    if urgent:
        return f"{'1 thing needs' if urgent == 1 else f'{urgent} things need'} a person"
    state = status.summary.status
    return "done, but not all of it" if state == "partial" else state


def plain(text: str) -> str:
    """Return foreign text as one line of Markdown that is nothing but text."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return _MARKUP.sub(r"\\\1", line).replace("@", "@\u2060")


def _lines(status: Status, bulletin: Bulletin, folder: Path | None) -> Iterator[str]:
    summary = status.summary
    yield f"# {plain(summary.recipe)}: {_state(status, bulletin)}"
    yield ""
    yield plain(bulletin.verdict)
    if bulletin.needs:
        yield from ("", "## What needs a look", "")
        for number, need in enumerate(bulletin.needs, start=1):
            yield from _need_lines(number, need)
    if bulletin.fresh:
        yield from ("", "## Fresh", "")
        yield from (f"- {plain(line)}" for line in bulletin.fresh)
    if bulletin.old:
        yield from ("", "## As it was before", "")
        for one in bulletin.old:
            since = f" Since {one.since}." if one.since else ""
            yield f"- {plain(one.what)}{since}"
    if bulletin.mended:
        yield from ("", "## Mended by itself", "")
        yield from (f"- {plain(line)}" for line in bulletin.mended)
    yield from ("", *_number_lines(status))
    place = f" {shlex.quote(str(folder))}".replace("`", "") if folder else ""
    command = f"subak report{place} --open"
    yield f"Run `{summary.run}`; the whole report: `{command}`"


def _need_lines(number: int, need: Need) -> Iterator[str]:
    wait = " (can wait)" if need.can_wait else ""
    yield f"{number}. {plain(need.what)}{wait}"
    for line in (need.why, need.meanwhile, need.todo):
        if line:
            yield f"   {plain(line)}"
    if need.command:
        yield f"   `{need.command.replace('`', '')}`"


def _number_lines(status: Status) -> Iterator[str]:
    summary = status.summary
    yield f"Began {moment(status.started)}, worked {duration(summary.seconds)}."
    yield _counts(summary)
    here = Path.cwd()
    for path in summary.outputs[:_MOST_FILES]:
        yield f"- `{near(path, here).replace('`', '')}`"
    if len(summary.outputs) > _MOST_FILES:
        yield f"- and {count(len(summary.outputs) - _MOST_FILES, 'file')} more"


def _counts(summary: RunSummary) -> str:
    tasks, calls, facts = summary.tasks, summary.calls, summary.facts
    parts = (
        f"{count(tasks.done)} done",
        f"{count(tasks.cached)} unchanged",
        f"{count(tasks.failed)} failed",
        count(calls.sent, "model call"),
        f"{count(facts.proved, 'fact')} proved, {count(facts.refused)} refused",
    )
    return ", ".join(parts) + "."
