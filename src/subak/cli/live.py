"""The live block of a run on a terminal; the only file that knows rich."""

from __future__ import annotations

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from subak.cli.line_style import closing_words, slots_words
from subak.cli.run_state import RunState, StageState
from subak.cli.style import printable
from subak.views.wording import count, duration, shorten

_BAR = 24


class LiveBlock:
    """A status block that is drawn over itself and leaves a still summary behind."""

    def __init__(self, console: Console) -> None:
        # No refresh thread: the block is drawn when something has happened.
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._console = console

    def start(self) -> None:
        """Take the place below the cursor."""
        self._live.start()

    def draw(self, state: RunState, now: float) -> None:
        """Show how far the run is."""
        self._live.update(block(state, now), refresh=True)

    def stop(self, state: RunState, now: float) -> None:
        """Leave the final numbers as ordinary lines."""
        self._live.stop()
        if state.stages:
            self._console.print(stage_table(state))
        if state.status:
            self._console.print(Text(printable(closing_words(state, now))))


def block(state: RunState, now: float) -> Group:
    """Return the block: a line a stage, then slots, speed and what is left."""
    return Group(stage_table(state), Text(foot(state, now), style="dim"))


def stage_table(state: RunState) -> Table:
    """Return a line for each stage: bar, numbers, what went wrong there."""
    table = Table.grid(padding=(0, 2))
    for name, stage in state.stages.items():
        total = state.total(name)
        table.add_row(
            Text(shorten(printable(name), 20)),
            ProgressBar(
                total=max(total, 1),
                completed=stage.ended,
                width=_BAR,
                complete_style="red" if stage.failed == total else "green",
                finished_style="red" if stage.failed == total else "green",
            ),
            Text(f"{stage.ended}/{total}", justify="right"),
            Text(_remarks(stage), style="yellow" if stage.failed else "dim"),
        )
    return table


def foot(state: RunState, now: float) -> str:
    """Return the line below the stages."""
    parts = [duration(state.seconds(now))]
    if state.status == "stopping":
        parts.append("stopping: finishing what is in flight (again: stop at once)")
    if words := state.fetch.words(now):
        parts.append(words)
    if state.calls_sent:
        parts += [slots_words(state), f"{state.tokens_per_s(now):.0f} tokens/s"]
    left = state.eta_s(now)
    if left is not None and left >= 1:
        parts.append(f"{duration(left)} left")
    return " · ".join(parts)


def _remarks(stage: StageState) -> str:
    pairs = (
        (stage.cached, "cached"),
        (stage.refused, "refused"),
        (stage.failed, "failed"),
        (stage.skipped, "skipped"),
    )
    return ", ".join(f"{count(number)} {word}" for number, word in pairs if number)
