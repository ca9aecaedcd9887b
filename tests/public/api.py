"""The public names as a caller uses them: type-checked, never run."""

from __future__ import annotations

from pathlib import Path

import subak
from subak.testing import CrashAt, FakeModelServer, FakeSite, VirtualClock


async def use_the_api() -> int:
    """Use what subak promises to a notebook."""
    request = subak.RunRequest("tax", model="echo", items="germany", limit=3)
    summary: subak.RunSummary = await subak.arun(request, listeners=[CrashAt(9)])
    plan = await subak.aplan(request)
    costs: int | None = plan.calls
    return summary.facts.proved + (costs or 0)


def run_at_once() -> str:
    """Use it without a running loop."""
    try:
        return subak.run(subak.RunRequest("tax")).status
    except subak.SubakError as error:
        return error.hint


async def use_map() -> str:
    """Ask about rows, in a coroutine and at once, from values and from files."""
    result: subak.MapResult = await subak.amap(
        [{"text": "x"}], prompt="Say {text}", model="echo", limit=3
    )
    written = subak.map(
        Path("rows.csv"),
        prompt=Path("prompt.txt"),
        schema={"type": "object"},
        out="out.jsonl",
        folder=Path("work"),
        max_parallel=8,
        max_tokens=64,
        refresh=True,
    )
    row: subak.MapRow = result[0]
    tokens = row.usage.tokens_out if row.usage is not None else 0
    output: str | dict[str, object] | None = row.output
    return f"{row.id} {output} {row.error} {tokens} {written.summary.status}"


def use_verify() -> str:
    """Judge a record, from a text and from files."""
    found: subak.Verification = subak.verify(
        {"vat_standard": 19}, "The VAT rate is 19 %.", "tax", entity="Germany"
    )
    subak.verify({"vat_standard": 19}, Path("page.html"), Path("schema.toml"))
    return found.judgements[0].ruling if found.is_proved else "refused"


def use_export() -> int:
    """Take results out in a format."""
    made = subak.export(Path("tax"), "sqlite", Path("tax.sqlite"), all_documents=True)
    return made.facts + len(made.paths)


def use_evaluate() -> float:
    """Try a model on a labelled set."""
    (trial,) = subak.evaluate(subak.EvaluationRequest("tax", models=("echo",), limit=2))
    return trial.score.accuracy


async def use_the_fakes() -> str:
    """Use the fakes as a test of somebody's own stage would."""
    clock = VirtualClock()
    async with FakeModelServer() as server, FakeSite({"/": "<p>hello</p>"}) as site:
        await clock.sleep(3)
        return server.url + site.url("/")


async def use_the_answers() -> str:
    """Search and ask, with the filters of both."""
    hits: list[subak.Hit] = subak.search("VAT", folder="tax", tier=1, limit=3)
    reply: subak.Reply = await subak.aask("VAT of Italy?", folder=Path("tax"))
    again = subak.ask("VAT of Italy?", model="echo", since="2026-01-01")
    places = [one.citation.url for one in (*reply.sentences, *again.sentences)]
    return f"{hits[0].sources} {reply.found} {reply.text} {places}"
