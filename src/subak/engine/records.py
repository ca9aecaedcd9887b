"""The rows of the journal as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TaskState = Literal["done", "cached", "failed", "skipped"]
AttemptKind = Literal["task", "call", "fetch"]


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """What became of one stage on one item.

    Args:
        run: Id of the run.
        stage: Name of the stage.
        item: Id of the item.
        state: How it ended.
        key: The memo key.
        parts: What the key was made of, by name ("version", "input", "model" ...).
        started: Seconds since the epoch.
        seconds: How long it took.
        attempts: How often it was tried.
        labels: What the item inherited ("category": "tax").
    """

    run: str
    stage: str
    item: str
    state: TaskState
    key: str
    parts: Mapping[str, str] = field(default_factory=dict)
    started: float = 0.0
    seconds: float = 0.0
    attempts: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A model call that was answered.

    Args:
        key: Content hash of the request and of the model.
        run: Id of the run that sent it.
        stage: Stage it was sent for.
        item: Item it was sent for.
        model: Id of the model.
        endpoint: Address that answered.
        started: Seconds since the epoch.
        seconds: Until the last token.
        first_token_s: Until the first token, when the answer was streamed.
        tokens_in: Prompt tokens the server counted.
        tokens_out: Tokens it generated.
        tokens_cached: Prompt tokens it took from its own cache.
        finish: Why it stopped ("stop", "length").
        slot: The limiter's slot it ran in.
        request: What was sent, JSON.
        response: What came back, JSON.
    """

    key: str
    run: str
    stage: str
    item: str
    model: str
    endpoint: str
    started: float
    seconds: float
    first_token_s: float | None
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    finish: str
    slot: int
    request: bytes
    response: bytes


@dataclass(frozen=True, slots=True)
class Flight:
    """A model call under way.

    Args:
        key: Content hash of the request and of the model.
        run: Id of the run that sends it.
        stage: Stage it is sent for.
        item: Item it is sent for.
        model: Id of the model.
        endpoint: Address of the server.
        url: Where exactly it is sent.
        slot: The limiter's slot it runs in.
        started: Seconds since the epoch.
        repeated: The same request has already been answered and journaled.
    """

    key: str
    run: str
    stage: str
    item: str
    model: str
    endpoint: str
    url: str = ""
    slot: int = 0
    started: float = 0.0
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """A failure, kept for people to read; never taken for a result.

    Args:
        run: Id of the run.
        stage: Name of the stage.
        item: Id of the item.
        key: Key of the task, call or URL that failed.
        kind: What was tried.
        number: Which try it was, from 1.
        ts: Seconds since the epoch.
        error: Name of the error's class.
        message: What happened.
        where: The place the error names.
        hint: The way out the error names.
        retryable: Whether it may be tried again.
        detail: More to read (a traceback, a part of the answer), or "".
        endpoint: Address of the server that was tried, or "".
        slot: The limiter's slot it ran in.
        started: When it was sent, 0 where nobody noted it.
        seconds: How long it took.
    """

    run: str
    stage: str
    item: str
    key: str
    kind: AttemptKind
    number: int
    ts: float
    error: str
    message: str
    where: str = ""
    hint: str = ""
    retryable: bool = False
    detail: str = ""
    endpoint: str = ""
    slot: int = 0
    started: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One execution of a recipe; ``options`` and ``summary`` are JSON text."""

    id: str
    recipe: str
    recipe_digest: str
    started: float
    ended: float | None
    status: str
    options: str
    summary: str
