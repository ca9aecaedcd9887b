"""Memo: what a result depends on, and the bytes it is kept as.

Pure; the journal stores what this packs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from subak.engine.stage import Item, Stage
from subak.errors import Terminal

In = TypeVar("In")
Out = TypeVar("Out")

RESERVED_PARTS = frozenset({"stage", "version", "input", "run"})
_FORMAT = b"subak1\n"


@dataclass(frozen=True, slots=True)
class MemoKey:
    """A content hash and the named parts it was made of."""

    digest: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Output:
    """One result of a task, without what it inherits from the task's input.

    Args:
        id: Its own id, or None for the id of the input.
        labels: Only those the stage added.
        data: The encoded value.
    """

    id: str | None
    data: bytes
    labels: Mapping[str, str] = field(default_factory=dict)


def memo_key(stage: Stage[In, Out], digest: str, run: str) -> MemoKey:
    """Return what the stage's result for that input depends on.

    Equal keys mean equal work: stage, version, every entry of ``stage.key``, the
    input's digest, and the run where the outside world is part of the input.
    """
    parts = {**stage.key, "version": str(stage.version), "input": digest}
    if stage.once_per_run:
        parts["run"] = run
    named = [text for name in sorted(parts) for text in (name, parts[name])]
    return MemoKey(_hash([stage.name, *named], size=32), parts)


def value_digest(data: bytes) -> str:
    """Return the digest of an encoded value: blake2b, 32 hex digits."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def text_digest(texts: Iterable[str]) -> str:
    """Return the digest of a sequence of texts, each told apart from the next."""
    return _hash(texts, size=16)


def pack(outputs: Sequence[Output]) -> bytes:
    """Return the results of one task as bytes; equal results give equal bytes."""
    index = [[o.id, dict(o.labels), len(o.data)] for o in outputs]
    head = json.dumps(index, sort_keys=True, separators=(",", ":")).encode("ascii")
    return b"".join([_FORMAT, head, b"\n", *(output.data for output in outputs)])


def unpack(packed: bytes) -> tuple[Output, ...]:
    """Return what ``pack`` packed.

    Raises:
        Terminal: These bytes were not made by ``pack``.
    """
    if not packed.startswith(_FORMAT):
        raise _not_a_result()
    head, _, data = packed[len(_FORMAT) :].partition(b"\n")
    try:
        index: list[tuple[str | None, dict[str, str], int]] = json.loads(head)
        sizes = [size for _, _, size in index]
    except ValueError as error:
        raise _not_a_result() from error
    if sum(sizes) != len(data):
        raise _not_a_result()
    outputs: list[Output] = []
    start = 0
    for name, labels, size in index:
        outputs.append(Output(name, data[start : start + size], labels))
        start += size
    return tuple(outputs)


def produce(stage: Stage[In, Out], value: Out) -> Output:
    """Return a value a stage yielded in its stored form."""
    return Output(
        None if stage.identify is None else stage.identify(value),
        stage.codec.encode(value),
        {} if stage.label is None else dict(stage.label(value)),
    )


def inherit(parent: Item[In], stage: Stage[In, Out], output: Output) -> Item[Out]:
    """Return the item an output becomes below that parent.

    Raises:
        Terminal: The stage gives another value to a label the parent has. A gather
            that waits by this label could never know when its group is complete.
    """
    for name, value in output.labels.items():
        known = parent.labels.get(name, value)
        if known != value:
            raise Terminal(
                f"label '{name}' is '{known}' already and cannot become '{value}'",
                where=f"{stage.name}/{parent.id}",
                hint=f"let the stage '{stage.name}' add a label of another name",
            )
    return Item(
        id=parent.id if output.id is None else output.id,
        value=stage.codec.decode(output.data),
        labels={**parent.labels, **output.labels},
        digest=value_digest(output.data),
    )


def _hash(texts: Iterable[str], *, size: int) -> str:
    digest = hashlib.blake2b(digest_size=size)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def _not_a_result() -> Terminal:
    return Terminal(
        "a stored result cannot be read", hint="subak run RECIPE --refresh STAGE"
    )
