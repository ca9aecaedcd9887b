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
_INPUT = "input"
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


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
    return KeyPattern(stage, run).key(digest)


class KeyPattern:
    """What the keys of a stage in a run have in common; see ``memo_key``.

    Hashed once, for it is most of what each key is hashed from.
    """

    def __init__(self, stage: Stage[In, Out], run: str) -> None:
        self._fixed = {**stage.key, "version": str(stage.version)}
        if stage.once_per_run:
            self._fixed["run"] = run
        names = sorted({*self._fixed, _INPUT})
        place = names.index(_INPUT)
        head = [stage.name, *self._texts(names[:place]), _INPUT]
        self._head = hashlib.blake2b(_framed(head), digest_size=32)
        self._tail = _framed(self._texts(names[place + 1 :]))

    def key(self, digest: str) -> MemoKey:
        """Return the key for the input of that digest."""
        hashed = self._head.copy()
        hashed.update(_framed((digest,)) + self._tail)
        return MemoKey(hashed.hexdigest(), {**self._fixed, _INPUT: digest})

    def _texts(self, names: Iterable[str]) -> list[str]:
        return [text for name in names for text in (name, self._fixed[name])]


def value_digest(data: bytes) -> str:
    """Return the digest of an encoded value: blake2b, 32 hex digits."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def text_digest(texts: Iterable[str]) -> str:
    """Return the digest of a sequence of texts, each told apart from the next."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(_framed((text,)))
    return digest.hexdigest()


def pack(outputs: Sequence[Output]) -> bytes:
    """Return the results of one task as bytes; equal results give equal bytes."""
    index = [[o.id, dict(o.labels), len(o.data)] for o in outputs]
    head = _JSON.encode(index).encode("ascii")
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


def _framed(texts: Iterable[str]) -> bytes:
    """Return texts as bytes that no other texts give."""
    pieces: list[bytes] = []
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        pieces += (len(data).to_bytes(8, "big"), data)
    return b"".join(pieces)


def _not_a_result() -> Terminal:
    return Terminal(
        "a stored result cannot be read", hint="subak run RECIPE --refresh STAGE"
    )
