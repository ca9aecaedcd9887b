"""Outcome: what a run came to."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that failed for good.

    Args:
        item: Its id.
        stage: The stage, or the source that could not hand out more.
        error: What happened.
        hint: What to do about it.
        kind: Class name of the error.
    """

    item: str
    stage: str
    error: str
    hint: str
    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many tasks ended how; each one is counted once.

    Args:
        failures: What failed, of very many the first thousand; the journal has all.
        interrupted: Something was left undone; the next run goes on with it.
    """

    done: int
    cached: int
    failed: int
    skipped: int
    failures: tuple[Failure, ...]
    interrupted: bool


@dataclass(slots=True)
class Tally:
    """The outcome so far."""

    done: int = 0
    cached: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[Failure] = field(default_factory=list)

    def fail(self, failure: Failure) -> None:
        """Count a failure."""
        self.failed += 1
        if len(self.failures) < MOST_TOLD:
            self.failures.append(failure)

    def outcome(self, *, interrupted: bool) -> Outcome:
        """Return the present numbers."""
        return Outcome(
            done=self.done,
            cached=self.cached,
            failed=self.failed,
            skipped=self.skipped,
            failures=tuple(self.failures),
            interrupted=interrupted,
        )
