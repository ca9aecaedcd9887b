"""`subak ask`: a question, answered from what was fetched or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options, workspace_option
from subak.cli.narrowing import narrowing_options
from subak.cli.output import Output
from subak.cli.style import Style

if TYPE_CHECKING:
    from subak.knowledge.replies.reply import Reply, ReplySentence


@click.command(
    "ask",
    cls=Command,
    examples=[
        ('subak ask "What is the VAT rate in Italy?"', "a cited answer, or none"),
        ('subak ask "Who may vote?" --entity Norway', "of documents about Norway"),
        ('subak ask "..." --model ollama:qwen2.5 --json', "for programs"),
    ],
)
@click.argument("question", nargs=-1, required=True)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1, max=20),
    default=6,
    show_default=True,
    help="Passages the model is shown at most.",
)
@narrowing_options
@click.option("--model", metavar="SPEC", help="Model to ask instead of the recipe's.")
@click.option("--refresh", is_flag=True, help="Ask anew what was answered before.")
@workspace_option
@json_option
@loudness_options
def ask(
    question: tuple[str, ...],
    limit: int,
    category: str | None,
    entity: str | None,
    tier: int | None,
    language: str | None,
    since: str | None,
    model: str | None,
    refresh: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Answer a question from the documents a run has fetched, and from nothing else.

    The model is shown the passages that `subak search` finds and words an answer in
    one call. Code then looks for the line that carries each sentence: what it cannot
    verify is replaced by the line itself or dropped, and each sentence is printed
    with its source. Where nothing is left it says "not found in the sources"; the
    exit code is 0 all the same. The same question again costs no call.
    """
    from subak.answering.ask_request import AskRequest
    from subak.answering.run_ask import run_ask
    from subak.cli.conduct import conduct
    from subak.knowledge.search.filter import Narrowing

    out = Output.current()
    request = AskRequest(
        question=" ".join(question),
        folder=folder,
        model=model,
        limit=limit,
        only=Narrowing(
            category=category, entity=entity, tier=tier, language=language, since=since
        ),
        refresh=refresh,
    )
    check_workspace(folder)
    reply = conduct(lambda control: run_ask(request, control=control), out)
    if as_json:
        out.json(reply_json(reply))
        return
    for line in reply_lines(reply, out.style):
        out.line(line)
    for dropped in reply.dropped:
        if out.is_verbose:
            out.note(f"dropped: {dropped.text} ({dropped.reason})")


def check_workspace(folder: Path) -> None:
    """Tell at once when there is nothing to ask.

    Raises:
        UserError: The folder has no journal.
    """
    from subak.cli.reading import reading

    with reading(folder):
        pass


def reply_lines(reply: Reply, style: Style) -> list[str]:
    """Return an answer as lines: its sentences, numbered, then their sources."""
    if not reply.found:
        return [reply.text]
    numbered = list(enumerate(reply.sentences, start=1))
    lines = [f"{one.shown} {style.faint(f'[{number}]')}" for number, one in numbered]
    lines.append("")
    for number, one in numbered:
        cited = one.citation
        place = f"{cited.url}  [{cited.start}:{cited.end}]"
        lines.append(f"[{number}] {style.strong(one.heading or cited.title)}")
        lines.append(f"    {style.faint(place)}")
        lines.append(f"    “{' '.join(cited.quote.split())}”")
    return lines


def reply_json(reply: Reply) -> dict[str, object]:
    """Return the object of `--json`."""
    return {
        "version": 1,
        "question": reply.question,
        "found": reply.found,
        "answer": reply.text,
        "sentences": [_sentence_json(one) for one in reply.sentences],
        "dropped": [{"text": one.text, "reason": one.reason} for one in reply.dropped],
        "model": reply.model,
        "calls": reply.calls,
        "lines": reply.lines,
    }


def _sentence_json(sentence: ReplySentence) -> dict[str, object]:
    cited = sentence.citation
    return {
        "text": sentence.text,
        "verdict": sentence.verdict,
        "document": cited.document,
        "url": cited.url,
        "title": cited.title,
        "heading": sentence.heading,
        "published": sentence.published,
        "tier": sentence.tier,
        "start": cited.start,
        "end": cited.end,
        "quote": cited.quote,
    }
