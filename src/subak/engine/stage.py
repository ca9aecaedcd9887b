"""Stage and Item: what is done, and what it is done to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from subak.errors import UserError

T = TypeVar("T")
In = TypeVar("In")
Out = TypeVar("Out")


class Codec(Protocol[T]):
    """Turns a stage's values into bytes for the journal and back.

    ``encode`` must be deterministic: equal values give equal bytes, because the
    bytes are what the memo hashes.
    """

    def encode(self, value: T) -> bytes:
        """Return the value as bytes."""
        ...

    def decode(self, data: bytes) -> T:
        """Return the value these bytes stand for."""
        ...


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """One value on its way through the graph.

    Args:
        id: Stable name a person recognises ("germany", a URL); unique in its stage.
        value: What the stage function receives.
        labels: Inherited by everything made from this item ("category": "tax").
        digest: Hash of the encoded value, hex.
    """

    id: str
    value: T
    labels: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Stage(Generic[In, Out]):
    """A named, versioned step: a plain async generator and what its result depends on.

    Args:
        name: Unique in its graph.
        run: Receives the item's value, yields results; they go on once committed.
        codec: Bytes form of the results.
        version: Bump it when the meaning of ``run`` changes: old results are void.
        key: What else the result depends on (model id, prompt hash, schema hash), as
            name -> value, so that ``why`` can name the part that changed.
        once_per_run: The outside world is part of the input (a page, a folder): the
            result is reused by a resumed run, never by the next run.
        identify: Names each result; None keeps the name of the input.
        label: Adds labels to a result.
        keep_last: When the item fails for good, its newest earlier result goes on
            instead (a site that is down keeps its last document); the failure is
            reported all the same.
        lane: Names what tasks wait for together (the host of a URL), "" for nothing;
            must not fail. None: the stage has no lanes.
        lane_limit: How many tasks of a lane are done at the same time.
    """

    name: str
    run: Callable[[In], AsyncIterator[Out]]
    codec: Codec[Out]
    version: int = 1
    key: Mapping[str, str] = field(default_factory=dict)
    once_per_run: bool = False
    identify: Callable[[Out], str] | None = None
    label: Callable[[Out], Mapping[str, str]] | None = None
    keep_last: bool = False
    lane: Callable[[In], str] | None = None
    lane_limit: int = 2

    def __post_init__(self) -> None:
        """Refuse lanes in which nothing could move."""
        if self.lane_limit < 1:
            raise UserError(
                f"{self.lane_limit} tasks a lane means none at all",
                where=f"stage {self.name}, lane_limit",
                hint="give 1 or more",
            )


@dataclass(frozen=True, slots=True)
class Member:
    """One gathered item and the graph node it came from."""

    node: str
    item: Item[object]


@dataclass(frozen=True, slots=True)
class Group:
    """What a gather hands on: all members of one group, in a stable order."""

    name: str
    members: tuple[Member, ...]
