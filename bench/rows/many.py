"""Many rows: 100,000 through `subak map`, then the same again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import zstandard

from bench.map_run import MapRun, count_good, iter_answers, run_map
from bench.row import Check, Conditions, Measured
from bench.rows_file import Job
from bench.server.settings import Settings
from bench.stand_in import StandIn

_WORDS = 200
_TIMEOUT_S = 900.0
_COMPRESSION = 3


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of all answers together.

    Args:
        raw: As UTF-8 text.
        alone: Each in a zstd frame of its own.
        together: All in one zstd frame.
    """

    raw: int
    alone: int
    together: int


def measure(conditions: Conditions) -> Measured:
    """Run the job twice and weigh what lies on the disk."""
    rows = conditions.pick(100_000, 1_000)
    with StandIn(Settings(tokens_out=_WORDS, streaming="lump")) as server:
        job = Job(conditions.folder, server.spec, rows)
        job.prepare()
        conditions.say(f"first run over {rows:,} rows")
        first = run_map(job, _TIMEOUT_S)
        good = count_good(job.output, job)
        journal = _size(job.journal)
        sizes = weigh(job.output)
        conditions.say("the same again")
        before = server.counts()
        second = run_map(job, _TIMEOUT_S)
        calls_again = server.counts().calls - before.calls
        again_good = count_good(job.output, job)
    return Measured(
        (
            *_first_checks(first, rows, good, journal / sizes.alone),
            *_second_checks(second, rows, again_good, calls_again),
        ),
        {
            "rows": rows,
            "first": {"process": asdict(first.ran), "summary": dict(first.summary)},
            "second": {"process": asdict(second.ran), "summary": dict(second.summary)},
            "server": asdict(before),
            "journal_bytes": journal,
            "answer_bytes": asdict(sizes),
        },
        notes=(
            f"Answers of {_WORDS} words. The journal (with the prompts and the "
            "figures of every call) is compared with the answers compressed one by "
            f"one ({sizes.alone / 1e6:.1f} MB); they are {sizes.raw / 1e6:.1f} MB "
            f"raw, {sizes.together / 1e6:.1f} MB in one frame; the journal is "
            f"{journal / 1e6:.1f} MB.",
            "Rows a second: rows / wall time of the whole command, start-up included.",
            "Memory held at a quarter, half and the end of the first run: "
            + ", ".join(f"{held:.0f} MB" for held in quarters(first.ran.memory_mb)),
        ),
        commands=(job.typed(), job.typed()),
    )


def weigh(path: Path) -> Sizes:
    """Weigh the answers of an output file."""
    alone = zstandard.ZstdCompressor(level=_COMPRESSION)
    together = zstandard.ZstdCompressor(level=_COMPRESSION).compressobj()
    raw = single = whole = 0
    for answer in iter_answers(path):
        data = str(answer.get("output") or "").encode()
        raw += len(data)
        single += len(alone.compress(data))
        whole += len(together.compress(data))
    return Sizes(raw, single, whole + len(together.flush()))


def quarters(memory: tuple[float, ...]) -> tuple[float, ...]:
    """Return what was held after a quarter, a half and at the end."""
    if not memory:
        return ()
    last = len(memory) - 1
    return tuple(memory[round(last * part)] for part in (0.25, 0.5, 1.0))


def _first_checks(run: MapRun, rows: int, good: int, share: float) -> tuple[Check, ...]:
    speed = rows / run.ran.wall_s
    whole = good == rows
    missing = "" if whole else f", only {good:,} good"
    return (
        Check(
            f"{rows:,} rows: peak memory",
            "<= 250 MB",
            f"{run.ran.peak_mb:.0f} MB",
            run.ran.peak_mb <= 250,
        ),
        Check(
            f"{rows:,} rows: speed",
            ">= 1,500 rows/s",
            f"{speed:,.0f} rows/s{missing}",
            whole and speed >= 1_500,
        ),
        Check(
            f"{rows:,} rows: journal / answers compressed one by one",
            "<= 1.2",
            f"{share:.2f}",
            share <= 1.2,
        ),
    )


def _second_checks(run: MapRun, rows: int, good: int, calls: int) -> tuple[Check, ...]:
    speed = rows / run.ran.wall_s
    whole = good == rows
    return (
        Check("the same again: calls", "0", f"{calls:,}", calls == 0),
        Check(
            "the same again: speed",
            ">= 20,000 rows/s",
            f"{speed:,.0f} rows/s" + ("" if whole else f", only {good:,} good"),
            whole and speed >= 20_000,
        ),
    )


def _size(journal: Path) -> int:
    """Return the bytes of the journal and what lies beside it (its log)."""
    return sum(path.stat().st_size for path in journal.parent.glob("journal.db*"))
