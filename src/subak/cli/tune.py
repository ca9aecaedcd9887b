"""`subak tune`: how many calls at once bring a model server to its full speed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options
from subak.cli.output import Output

if TYPE_CHECKING:
    from subak.engine.clock import Clock
    from subak.llm.curve import Level
    from subak.llm.tune import TunePlan, Tuning
    from subak.llm.verdict import Verdict

EXAMPLES = (
    ("subak tune embedded", "the model of this package, on this machine"),
    ("subak tune ollama:qwen2.5:7b", "is OLLAMA_NUM_PARALLEL high enough?"),
    ("subak tune ollama:qwen2.5:7b --html curve.html", "the curve as a page"),
)


@click.command("tune", cls=Command, examples=EXAMPLES)
@click.argument("model", metavar="MODEL")
@click.option(
    "--max-parallel",
    type=click.IntRange(min=1),
    metavar="N",
    help="Never more calls at once than that.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Time to measure; Ctrl-C ends with what there is.",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the curve as one self-contained page, too.",
)
@json_option
@loudness_options
def tune(
    model: str,
    max_parallel: int | None,
    seconds: float,
    html: Path | None,
    as_json: bool,
) -> int:
    """Measure a model server: tokens per second over calls at once.

    Small real prompts are streamed, at 1, 2, 4 ... calls at once, until more bring
    nothing. subak finds the right number by itself in every run; this command shows
    the curve and what to change at the server. It never serves from a cache.
    """
    from subak.cli.event_loop import run
    from subak.engine.clock import SystemClock
    from subak.llm.tune import TunePlan

    out = Output.current()
    clock = SystemClock()
    text = _named(model)
    plan = TunePlan(seconds, max_parallel, seed=int(clock.now() * 1e6))
    tuning = run(_measure(text, plan, clock, out))
    verdict = _judge(text, tuning)
    _show(out, text, tuning, verdict, as_json=as_json)
    if html is not None:
        _write_page(html, text, tuning, verdict, clock)
        out.note(f"wrote   {html}")
    return 130 if tuning.ended == "interrupted" else 0


def tuning_json(model: str, tuning: Tuning, verdict: Verdict) -> dict[str, object]:
    """Return the versioned object of the outer contract."""
    curve, info = tuning.curve, tuning.info
    return {
        "version": 1,
        "model": model,
        "url": info.url,
        "server": info.server,
        "slots": info.slots,
        "slots_seen": curve.slots_seen(),
        "context_tokens": info.context_tokens,
        "load_s": round(tuning.load_s, 3),
        "levels": [
            {
                "parallel": level.parallel,
                "tokens_per_s": level.tokens_per_s,
                "first_token_s": level.first_token_s,
                "seconds": level.seconds,
                "calls": level.calls,
                "errors": level.errors,
            }
            for level in curve.levels
        ],
        "knee": curve.knee.parallel if curve.knee else None,
        "best": curve.best.parallel if curve.best else None,
        "limit": verdict.limit,
        "advice": verdict.advice,
        "ended": tuning.ended,
    }


def _named(model: str) -> str:
    """Return the spec that a name of the config stands for."""
    from subak.recipes.settings import load_settings

    names = load_settings(Path(), os.environ, {}).settings.models
    return names.get(model, model)


async def _measure(model: str, plan: TunePlan, clock: Clock, out: Output) -> Tuning:
    from subak.cli.tune_words import level_line
    from subak.errors import Interrupted
    from subak.llm.tune import tune as measure
    from subak.llm.tune_endpoint import open_for_tuning

    count = 0

    def told(level: Level) -> None:
        nonlocal count
        count += 1
        out.note(level_line(level))

    endpoint = await open_for_tuning(model, clock)
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        """End with what there is; at once when there is nothing, or asked again."""
        if task is not None and (plan.stop.is_set() or not count):
            task.cancel()
        plan.stop.set()

    loop.add_signal_handler(signal.SIGINT, stop)
    try:
        out.note(f"tuning  {model}, about {plan.seconds:.0f} s (Ctrl-C ends sooner)")
        return await measure(endpoint, clock, plan, told)
    except asyncio.CancelledError:
        if not plan.stop.is_set():
            raise
        raise Interrupted("stopped before anything was measured") from None
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        await endpoint.close()


def _judge(model: str, tuning: Tuning) -> Verdict:
    from subak.errors import Unreachable
    from subak.llm.machine import this_machine
    from subak.llm.verdict import judge

    if tuning.curve.knee is None:
        raise Unreachable(
            "no answer was completed in the time",
            where=model,
            hint="give it more: --seconds 180",
        )
    is_ours = model.partition(":")[0] == "embedded"
    return judge(tuning, own_slots=this_machine().slots if is_ours else None)


def _show(
    out: Output, model: str, tuning: Tuning, verdict: Verdict, *, as_json: bool
) -> None:
    from subak.cli.tune_words import tuning_lines

    if as_json:
        out.json(tuning_json(model, tuning, verdict))
        return
    out.note()
    width = shutil.get_terminal_size().columns
    for line in tuning_lines(tuning, verdict, width, out.style):
        out.line(line)


def _write_page(
    path: Path, model: str, tuning: Tuning, verdict: Verdict, clock: Clock
) -> None:
    from subak.cli.tune_words import server_words
    from subak.engine.atomic import write_atomically
    from subak.engine.clock import publication_time
    from subak.views.curve import CurvePage, CurvePoint, render_curve

    curve = tuning.curve
    knee = curve.knee
    page = CurvePage(
        model=model,
        server=server_words(tuning),
        slots=tuning.slots,
        points=tuple(
            CurvePoint(
                level.parallel,
                level.tokens_per_s,
                level.first_token_s,
                level.seconds,
                level.calls,
                level.errors,
            )
            for level in curve.levels
        ),
        knee=knee.parallel if knee else 0,
        limit=verdict.limit,
        advice=verdict.advice,
        measured=publication_time(clock),
    )
    write_atomically(path, render_curve(page).encode())
