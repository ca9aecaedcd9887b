"""Every error subak raises on purpose, as one tree.

SubakError                 root: message, where it happened, what to do next
├── UserError              the caller can mend it                     exit 2
│   ├── RecipeError        every problem of a recipe, with key paths
│   ├── MissingExtra       an optional dependency is not installed
│   ├── WorkspaceBusy      another run holds the workspace
│   └── StorageError       disk full, read-only, newer journal, damage
├── Unreachable            model or network cannot be reached         exit 4
├── Interrupted            stopped by the user, resumable             exit 130
├── NotNow                 a scheduled run has nothing to do now      exit 0
├── Retryable              the same task may succeed later
│   ├── Overloaded         429 or 503, maybe with a time to wait
│   ├── TimedOut           a deadline passed
│   ├── ConnectionLost     refused, reset or cut short
│   │   ├── NotConnected   nobody took the connection: nothing was sent
│   │   └── ServerFailed   the server itself says that it failed
│   └── BrokenAnswer       empty or malformed model answer
│       └── LoopingAnswer  the model repeats itself
└── Terminal               the same task would fail again
    ├── Refused            robots, a guard or the server said no
    │   └── NotServed      401, 403 and their like: the server won't serve us
    ├── UnusableContent    too large, wrong type, no text
    │   └── Gone           404 or 410: there is no such page
    ├── ContextOverflow    the prompt does not fit the model
    ├── InvalidAnswer      still not valid after the re-asks
    └── Exhausted          a call failed as often as one may

Retry is decided by type alone, never by reading a message.
"""

from __future__ import annotations

from dataclasses import dataclass


class SubakError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: What happened, one sentence without a final period.
        where: The recipe key, source, task or file it happened at.
        hint: What to do next, if possible a command to type.

    ``reason`` is a word of a closed set to count failures by, "" where nobody counts;
    whoever raises such an error owns the set (``sources/failure.py``).
    """

    exit_code = 1
    reason: str = ""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}"


class UserError(SubakError):
    """Raised for something the caller can mend: usage, recipe, surroundings."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a recipe: where it stands, what is wrong, how to mend it."""

    path: str
    message: str
    hint: str = ""


class RecipeError(UserError):
    """Raised with every problem a recipe has, not only the first.

    Args:
        what: What has them, if it is not a recipe but written like one.
    """

    def __init__(
        self, problems: list[Problem], *, where: str = "", what: str = "recipe"
    ) -> None:
        count = len(problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{count} {noun} in the {what}", where=where)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        lines = [super().__str__()]
        for problem in self.problems:
            hint = f" ({problem.hint})" if problem.hint else ""
            lines.append(f"  {problem.path}: {problem.message}{hint}")
        return "\n".join(lines)


class MissingExtra(UserError):
    """Raised where an optional dependency is needed and not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the extra '{extra}'",
            hint=f"pip install 'subak[{extra}]'",
        )
        self.extra = extra


class WorkspaceBusy(UserError):
    """Raised when another run holds the workspace; names its process."""


class StorageError(UserError):
    """Raised when state or results cannot be read or written."""


class Unreachable(SubakError):
    """Raised when a model server or the network cannot be reached at all."""

    exit_code = 4


class Interrupted(SubakError):
    """Raised when the user stopped a run; the next run goes on from there."""

    exit_code = 130


class NotNow(SubakError):
    """Raised when a scheduled run is not to begin: none is due, or one is on."""

    exit_code = 0


class Retryable(SubakError):
    """Base of errors after which the same task may succeed."""


class Overloaded(Retryable):
    """Raised when a server refuses for now.

    Args:
        retry_after_s: Seconds the server asked to wait, when it said so.
        is_rate_limit: It was a 429, not a 503.
    """

    def __init__(
        self,
        message: str,
        *,
        where: str = "",
        hint: str = "",
        retry_after_s: float | None = None,
        is_rate_limit: bool = False,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.retry_after_s = retry_after_s
        self.is_rate_limit = is_rate_limit


class TimedOut(Retryable):
    """Raised when a deadline passed."""


class ConnectionLost(Retryable):
    """Raised when a connection was refused, reset or cut short."""


class NotConnected(ConnectionLost):
    """Raised when no connection could be made; the request was never sent."""


class ServerFailed(ConnectionLost):
    """Raised when a server answers that it failed: 500 and its like."""


class BrokenAnswer(Retryable):
    """Raised when a model's answer is empty, loops or is not readable."""


class LoopingAnswer(BrokenAnswer):
    """Raised when a model repeats itself; the same sampling would do it again."""


class Terminal(SubakError):
    """Base of errors that would come again if the task were repeated."""


class Refused(Terminal):
    """Raised when robots rules, a guard or the server forbid the request."""


class NotServed(Refused):
    """Raised when a server answers that it doesn't serve us: 403 and its like."""


class UnusableContent(Terminal):
    """Raised when content is too large, of the wrong type or without text."""


class Gone(UnusableContent):
    """Raised when there is no page at an address, or none any more.

    Args:
        status: The server's word for it.
    """

    def __init__(
        self, message: str, *, where: str = "", hint: str = "", status: int = 404
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.status = status


class ContextOverflow(Terminal):
    """Raised when a prompt does not fit the model's context."""


class InvalidAnswer(Terminal):
    """Raised when an answer is still invalid after all re-asks."""


class Exhausted(Terminal):
    """Raised when one request failed again and again although others succeed."""
