"""A throughput curve as lines: the chart in a terminal, the knee, what to change."""

from __future__ import annotations

from collections.abc import Sequence

from subak.cli.output import table
from subak.cli.style import Style
from subak.llm.curve import Curve, Level
from subak.llm.tune import Ended, Tuning
from subak.llm.verdict import Verdict
from subak.views.wording import count, duration

_BLOCKS = " ▏▎▍▌▋▊▉█"
_WIDEST_BAR = 40
_LEAST_BAR = 6
_NARROW = 64
_ENDED: dict[Ended, str] = {
    "flat": "two levels in a row brought less than 5 %",
    "refusing": "the server refused calls",
    "cap": "that was the highest level to try",
    "time": "the time was up",
    "interrupted": "interrupted",
}


def level_line(level: Level) -> str:
    """Return one line about a level that was just measured."""
    errors = f", {count(level.errors, 'call')} refused" if level.errors else ""
    return (
        f"  {level.parallel:>4} at once  {speed(level.tokens_per_s):>7} tokens/s"
        f"  ({count(level.calls, 'answer')}{errors})"
    )


def tuning_lines(
    tuning: Tuning, verdict: Verdict, width: int, style: Style
) -> list[str]:
    """Return the chart and what it means.

    Args:
        width: Columns of the terminal.
    """
    knee = tuning.curve.knee
    if knee is None:
        return []
    marks = [
        ("knee", _knee_words(tuning.curve, knee)),
        ("server", server_words(tuning)),
        ("limit", verdict.limit),
        ("ended", _ENDED[tuning.ended]),
        *([("next", verdict.advice)] if verdict.advice else []),
    ]
    return [
        *chart_lines(tuning.curve, width, style),
        "",
        *(f"{style.faint(name.ljust(7))} {words}" for name, words in marks),
    ]


def chart_lines(curve: Curve, width: int, style: Style) -> list[str]:
    """Return one line a level, a bar for its tokens a second in each."""
    knee, best = curve.knee, curve.best
    top = best.tokens_per_s if best else 0.0
    is_narrow = width < _NARROW
    rows = [_row(level, knee, is_narrow=is_narrow) for level in curve.levels]
    head = ["at once", "tokens/s", "first token", "answer", ""]
    cells = table(
        [head[:2] if is_narrow else head, *rows], right=frozenset({0, 1, 2, 3})
    )
    used = max(map(len, cells)) + 2
    room = max(_LEAST_BAR, min(_WIDEST_BAR, width - used))
    lines = [style.faint(cells[0])]
    for level, cell in zip(curve.levels, cells[1:], strict=True):
        length = level.tokens_per_s / top * room if top else 0.0
        drawn = bar(min(length, room))
        shown = style.good(drawn) if level == knee else drawn
        lines.append(f"{cell.ljust(used)}{shown}")
    return lines


def bar(length: float) -> str:
    """Return a bar of so many columns, in eighths of one."""
    eighths = round(length * 8)
    whole, rest = divmod(max(eighths, 1), 8)
    return _BLOCKS[8] * whole + (_BLOCKS[rest] if rest else "")


def speed(tokens_per_s: float) -> str:
    """Return tokens a second with as many digits as mean something."""
    return f"{tokens_per_s:.1f}" if tokens_per_s < 99.95 else f"{tokens_per_s:,.0f}"


def server_words(tuning: Tuning) -> str:
    """Return who the server is, its slots and its context."""
    info, seen = tuning.info, tuning.curve.slots_seen()
    if info.slots:
        slots = f"{count(info.slots, 'slot')} published"
    elif seen:
        slots = f"{count(seen, 'slot')} seen at work, none published"
    else:
        slots = "no slots published"
    place = f" at {info.url}" if info.url else ""
    context = (
        f", {count(info.context_tokens, 'token')} of context"
        if info.context_tokens
        else ""
    )
    return f"{info.server or 'server'}{place}, {slots}{context}"


def _row(level: Level, knee: Level | None, *, is_narrow: bool) -> Sequence[str]:
    numbers = [str(level.parallel), speed(level.tokens_per_s)]
    if is_narrow:
        return numbers
    note = "knee" if level == knee else ""
    if not level.is_sound:
        note = f"{count(level.errors)} refused"
    return [*numbers, duration(level.first_token_s), duration(level.seconds), note]


def _knee_words(curve: Curve, knee: Level) -> str:
    alone = curve.levels[0]
    words = f"{knee.parallel} at once: {speed(knee.tokens_per_s)} tokens/s"
    if knee.parallel == 1 or not alone.tokens_per_s:
        return f"{words}; more at once is not faster"
    return f"{words}, {knee.tokens_per_s / alone.tokens_per_s:.1f} x one at a time"
