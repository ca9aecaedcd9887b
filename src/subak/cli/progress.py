"""Progress: shows a run while it runs, as a listener of its events."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, TextIO

from subak.cli.line_style import (
    ClassicStyle,
    JsonStyle,
    LineStyle,
    PlainStyle,
)
from subak.cli.output import Output
from subak.cli.run_state import RunState
from subak.cli.style import printable, wants_color
from subak.engine.clock import Clock, SystemClock
from subak.engine.events import Event

if TYPE_CHECKING:
    from subak.cli.live import LiveBlock

LogStyle = Literal["auto", "plain", "classic", "json"]
_TICK_EVERY_S = 1.0
_SUMMARY_EVERY_S = 10.0
_DRAW_EVERY_S = 0.1
_NEVER_SHOWN = frozenset({"call.first_token"})


class Renderer(Protocol):
    """Shows a run's state; either a block or lines, never both."""

    def show(self, event: Event, state: RunState, /) -> None:
        """Show what an event changed."""
        ...

    def tick(self, state: RunState, now: float, /) -> None:
        """Show that time has passed."""
        ...

    def close(self, state: RunState, now: float, /) -> None:
        """Leave a clean end behind."""
        ...


class Progress:
    """Listens to a run and shows it; subscribe it to the journal.

    While the run's event loop is going, a timer of it ticks once a second, so that
    long silent work is told of too.

    Args:
        hears: Tells which kinds of events are worth the way here.
    """

    def __init__(
        self,
        renderer: Renderer,
        clock: Clock,
        state: RunState,
        hears: Callable[[str], bool] = lambda _kind: True,
    ) -> None:
        self.state = state
        self.hears = hears
        self._renderer = renderer
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop_timer()
        self._renderer.close(self.state, self._clock.now())

    def __call__(self, event: Event) -> None:
        """Take an event in and show it."""
        self.state.apply(event)
        self._renderer.show(event, self.state)
        if event.kind == "run.finished":
            self._stop_timer()
        elif self._timer is None:
            self._start_timer()

    def tick(self) -> None:
        """Show that time has passed."""
        self._renderer.tick(self.state, self._clock.now())

    def _start_timer(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # told from outside of a loop: there is nobody to tick
            return
        self._timer = loop.call_later(_TICK_EVERY_S, self._tick_on)

    def _tick_on(self) -> None:
        self.tick()
        self._start_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Lines:
    """A line an event, and a summary now and then.

    Args:
        write: Where a line goes.
    """

    def __init__(
        self, style: LineStyle, write: Callable[[str], object], *, sums_up: bool = True
    ) -> None:
        self._style = style
        self._write = write
        self._sums_up = sums_up
        self._summed_up = 0.0

    def show(self, event: Event, state: RunState) -> None:
        """Write the lines of an event."""
        for line in self._style.lines(event, state):
            self._write(printable(line))
        if event.kind in ("run.started", "run.resumed"):
            self._summed_up = event.ts
        if event.ts - self._summed_up >= _SUMMARY_EVERY_S:
            self.tick(state, event.ts)

    def tick(self, state: RunState, now: float) -> None:
        """Write a summary when the last one is long ago."""
        if state.status != "running" or not self._sums_up:
            return
        if now - self._summed_up >= _SUMMARY_EVERY_S:
            self._summed_up = now
            self._write(printable(self._style.summary(state, now)))

    def close(self, _state: RunState, _now: float, /) -> None:
        """Leave the lines as they are."""


class Silence:
    """Shows nothing."""

    def show(self, _event: Event, _state: RunState, /) -> None:
        """Show nothing of an event."""

    def tick(self, _state: RunState, _now: float, /) -> None:
        """Show nothing of the time."""

    def close(self, _state: RunState, _now: float, /) -> None:
        """Leave nothing behind."""


class Block:
    """A status block on a terminal, drawn at most ten times a second."""

    def __init__(self, stream: TextIO, *, has_color: bool) -> None:
        from rich.console import Console

        self._console = Console(file=stream, no_color=not has_color, highlight=False)
        self._block: LiveBlock | None = None
        self._drawn = 0.0

    def show(self, event: Event, state: RunState, /) -> None:
        """Draw again, unless it was drawn just now; the end leaves it still."""
        if event.kind == "run.finished":
            self.close(state, event.ts)
        else:
            self.tick(state, event.ts)

    def tick(self, state: RunState, now: float, /) -> None:
        """Draw again, unless it was drawn just now."""
        if not state.stages or 0 <= now - self._drawn < _DRAW_EVERY_S:
            return
        if self._block is None:
            from subak.cli.live import LiveBlock

            self._block = LiveBlock(self._console)
            self._block.start()
        self._drawn = now
        self._block.draw(state, now)

    def close(self, state: RunState, now: float, /) -> None:
        """Leave the final numbers behind."""
        if self._block is not None:
            self._block.stop(state, now)
            self._block = None


def watch(
    output: Output,
    *,
    log_style: str = "plain",
    expected: Mapping[str, int] | None = None,
) -> Progress:
    """Return the progress for a command's stderr, as a context manager.

    Args:
        log_style: "plain", the default, becomes a block on a terminal.
        expected: Number of tasks of each stage, as a plan told it.
    """
    styles: Mapping[str, LogStyle] = {"classic": "classic", "json": "json"}
    return open_progress(
        sys.stderr,
        SystemClock(),
        style=styles.get(log_style, "auto"),
        is_quiet=output.is_quiet,
        is_verbose=output.is_verbose,
        expected=expected,
    )


def open_progress(
    stream: TextIO,
    clock: Clock,
    *,
    style: LogStyle = "auto",
    is_quiet: bool = False,
    is_verbose: bool = False,
    expected: Mapping[str, int] | None = None,
) -> Progress:
    """Return the progress that suits a stream: a block on a terminal, else lines.

    Args:
        style: "auto" chooses; any other means lines, on a terminal too.
        expected: Number of tasks of each stage, as a plan told it.
    """
    state = RunState(expected)
    if is_quiet:
        return Progress(Silence(), clock, state, lambda _kind: False)
    is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    if style == "auto" and is_terminal and not is_verbose:
        has_color = wants_color(stream, os.environ)
        block = Block(stream, has_color=has_color)
        return Progress(block, clock, state, _is_shown)

    def write(line: str) -> None:
        stream.write(f"{line}\n")
        stream.flush()

    lines = Lines(_line_style(style, is_verbose), write)
    if is_verbose or style == "json":
        return Progress(lines, clock, state)
    return Progress(lines, clock, state, _is_shown)


def _is_shown(kind: str) -> bool:
    return kind not in _NEVER_SHOWN


def _line_style(style: LogStyle, is_verbose: bool) -> LineStyle:
    if style == "classic":
        return ClassicStyle()
    return JsonStyle() if style == "json" else PlainStyle(is_verbose=is_verbose)
