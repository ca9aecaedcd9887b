"""RowLog: what became of the rows, told to the journal in bulk."""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.boundary import Mishap
from subak.engine.clock import Clock
from subak.engine.journal import Journal
from subak.engine.records import Attempt
from subak.mapping.row import Row
from subak.views.summary import ItemFailure, TaskCounts

STAGE = "map"
MOST_FAILURES = 1_000
_TELL_EVERY_S = 0.5
_COUNT_EVERY_S = 1.0


@dataclass(slots=True)
class _Counts:
    done: int = 0
    cached: int = 0
    failed: int = 0


class RowLog:
    """Counts rows; only a row that failed leaves a record of its own.

    Args:
        total: About how many rows there are, None where nobody knows.
    """

    def __init__(self, journal: Journal, clock: Clock, total: int | None) -> None:
        self.failures: list[ItemFailure] = []
        self.cut = 0
        self._journal = journal
        self._clock = clock
        self._total = total
        self._now = _Counts()
        self._kept = _Counts()
        self._told_at = self._kept_at = clock.monotonic()

    def open(self) -> None:
        """Tell how many rows there are."""
        self._tell()

    @property
    def counts(self) -> TaskCounts:
        """Return how many rows ended in each state."""
        return TaskCounts(self._now.done, self._now.cached, self._now.failed, 0)

    def done(self, *, is_cached: bool, is_cut: bool = False) -> None:
        """Count a row that has its answer."""
        if is_cached:
            self._now.cached += 1
        else:
            self._now.done += 1
        self.cut += is_cut

    async def failed(self, row: Row, mishap: Mishap, key: str = "") -> None:
        """Count a row that failed, and keep why.

        Args:
            key: Of the prompt, where there was one.
        """
        self._now.failed += 1
        error, item = mishap.error, str(row.id)
        where = error.where or f"line {row.number}"
        if len(self.failures) < MOST_FAILURES:
            text = failure_text(row, mishap)
            self.failures.append(ItemFailure(item, STAGE, text, error.hint))
        await self._journal.put_attempt(
            Attempt(
                run=self._journal.run,
                stage=STAGE,
                item=item,
                key=key,
                kind="task",
                number=1,
                ts=self._clock.now(),
                error=mishap.kind,
                message=error.message,
                where=where,
                hint=error.hint,
                retryable=mishap.is_retryable,
                detail=mishap.detail,
            )
        )
        self._journal.emit(
            "task.failed",
            stage=STAGE,
            item=item,
            attempt=1,
            seconds=0.0,
            error=mishap.kind,
            message=failure_text(row, mishap),
            is_kept=False,
        )

    def tick(self) -> None:
        """Tell and keep the numbers, unless that was done just now."""
        now = self._clock.monotonic()
        if now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            self._tell()
        if now - self._kept_at >= _COUNT_EVERY_S:
            self._kept_at = now
            self._keep()

    def close(self) -> None:
        """Tell and keep the last numbers."""
        counts = self._now
        self._total = max(self._total or 0, counts.done + counts.cached + counts.failed)
        self._tell()
        self._keep()

    def _tell(self) -> None:
        now = self._now
        self._journal.tell(
            "map.progress",
            stage=STAGE,
            done=now.done,
            cached=now.cached,
            failed=now.failed,
            total=self._total,
        )

    def _keep(self) -> None:
        now, kept = self._now, self._kept
        if now == kept:
            return
        self._kept = _Counts(now.done, now.cached, now.failed)
        self._journal.count_tasks(
            STAGE,
            done=now.done - kept.done,
            cached=now.cached - kept.cached,
            failed=now.failed - kept.failed,
        )


def failure_text(row: Row, mishap: Mishap) -> str:
    """Return what went wrong with a row, with its line."""
    return f"line {row.number}: {mishap.error.message}"
