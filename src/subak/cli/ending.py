"""How a run ends on the screen: its numbers, its failures, and its exit code."""

from __future__ import annotations

from subak.cli.output import Output
from subak.views.parallel import Parallel
from subak.views.summary import RunSummary
from subak.views.wording import count, duration

EXIT_CODES = {"done": 0, "partial": 3, "failed": 3, "interrupted": 130}
SHOWN_FAILURES = 10


def end(summary: RunSummary, output: Output, *, as_json: bool) -> int:
    """Tell what came of a run and return the exit code."""
    if as_json:
        output.json(summary.to_json())
    else:
        _tell(summary, output)
    return EXIT_CODES.get(summary.status, 1)


def headline(summary: RunSummary) -> str:
    """Return one line: calls, facts, time."""
    calls = summary.calls
    return ", ".join(
        (
            count(calls.sent, "call"),
            f"{calls.repeated} repeated",
            f"{count(summary.facts.proved, 'fact')} proved",
            f"{summary.facts.refused} refused",
            duration(summary.seconds),
        )
    )


def parallel_line(parallel: Parallel) -> str:
    """Return how many calls ran at once, and what that brought."""
    return (
        f"{'parallel':<12} {parallel.mean:.1f} calls at once on average, "
        f"{parallel.peak} at most, {parallel.speedup:.1f}x one by one"
    )


def last_lines(summary: RunSummary, failed: int) -> list[str]:
    """Return what is not shown of so many failures, and how to go on."""
    hidden = failed - SHOWN_FAILURES
    lines: list[str] = []
    if hidden > 0:
        lines.append(f"             and {hidden} more: subak logs --failed")
    if summary.status == "interrupted":
        lines.append("next         run the same command again to go on")
    return lines


def _tell(summary: RunSummary, output: Output) -> None:
    style = output.style
    tasks = summary.tasks
    state = style.state(summary.status, f"{summary.status:<12}")
    output.line(f"{state} {headline(summary)}")
    output.line(
        f"{'tasks':<12} {tasks.done} done, {tasks.cached} cached, "
        f"{tasks.failed} failed, {tasks.skipped} skipped"
    )
    if summary.calls.sent:
        output.line(parallel_line(summary.parallel))
    for failure in summary.failures[:SHOWN_FAILURES]:
        output.line(f"{style.bad('failed')}       {failure.item} ({failure.stage})")
        output.line(f"             {failure.error}")
        if failure.hint:
            output.line(f"             next: {failure.hint}")
    for line in last_lines(summary, len(summary.failures)):
        output.line(line)
