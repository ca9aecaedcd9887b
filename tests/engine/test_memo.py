"""Memo keys, and the bytes results are kept as."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.memo import (
    Output,
    inherit,
    memo_key,
    pack,
    produce,
    text_digest,
    unpack,
    value_digest,
)
from subak.engine.stage import Item, Stage
from subak.errors import Terminal
from subak.knowledge.codec import JsonCodec


async def _copy(value: str) -> AsyncIterator[str]:
    yield value


STAGE: Stage[str, str] = Stage(
    "facts", _copy, JsonCodec(str), version=3, key={"model": "m1", "prompt": "p1"}
)
TEXTS = st.text(st.characters(codec="utf-8") | st.just("\ud800"), max_size=8)
OUTPUTS = st.builds(
    Output,
    id=st.none() | TEXTS,
    data=st.binary(max_size=40),
    labels=st.dictionaries(TEXTS, TEXTS, max_size=3),
)


def test_memo_key_names_all_its_parts() -> None:
    """Version, input and every entry of the stage's key can be told apart."""
    key = memo_key(STAGE, "abc", "run-1")
    assert key.parts == {
        "model": "m1",
        "prompt": "p1",
        "version": "3",
        "input": "abc",
    }
    assert len(key.digest) == 64


@pytest.mark.parametrize(
    "changed",
    [
        replace(STAGE, name="draft"),
        replace(STAGE, version=4),
        replace(STAGE, key={"model": "m2", "prompt": "p1"}),
        replace(STAGE, key={"model": "m1"}),
        replace(STAGE, key={"model": "m1", "prompt": "p1", "schema": ""}),
        replace(STAGE, key={"model": "p1", "prompt": "m1"}),
        replace(STAGE, once_per_run=True),
    ],
)
def test_memo_key_changes_with_every_part(changed: Stage[str, str]) -> None:
    """Whatever a result depends on is in its key."""
    before = memo_key(STAGE, "abc", "run-1").digest
    assert memo_key(changed, "abc", "run-1").digest != before
    assert memo_key(STAGE, "abd", "run-1").digest != before


def test_memo_key_ignores_order_and_run() -> None:
    """The order of the key's entries and the run do not matter."""
    turned = replace(STAGE, key={"prompt": "p1", "model": "m1"})
    assert memo_key(turned, "abc", "run-2") == memo_key(STAGE, "abc", "run-1")


def test_memo_key_of_a_stage_once_per_run_has_the_run() -> None:
    """A look at the outside world is reused within its run only."""
    stage = replace(STAGE, once_per_run=True)
    first = memo_key(stage, "abc", "run-1")
    assert first.parts["run"] == "run-1"
    assert first.digest != memo_key(stage, "abc", "run-2").digest


@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, max_size=4))
def test_text_digest_tells_sequences_apart(one: list[str], two: list[str]) -> None:
    """Equal digests mean equal texts at equal places."""
    assert (text_digest(one) == text_digest(two)) == (one == two)


@given(st.lists(OUTPUTS, max_size=5))
def test_unpack_returns_what_was_packed(outputs: list[Output]) -> None:
    """Any ids, labels and bytes survive, in order."""
    packed = pack(outputs)
    assert list(unpack(packed)) == outputs
    assert pack(unpack(packed)) == packed


@pytest.mark.parametrize(
    "data",
    [b"", b"other", b"subak1\n", b"subak1\n{", b"subak1\n[[null,{},3]]\nab"],
)
def test_unpack_refuses_other_bytes(data: bytes) -> None:
    """What was not packed here is named as unreadable, with a way out."""
    with pytest.raises(Terminal) as caught:
        unpack(data)
    assert "--refresh" in caught.value.hint


def test_produce_keeps_only_what_the_stage_says() -> None:
    """An output has an id and labels of its own only if the stage gives some."""
    plain = produce(STAGE, "text")
    named = produce(
        replace(STAGE, identify=str.upper, label=lambda text: {"first": text[0]}),
        "text",
    )
    assert plain == Output(None, b'"text"')
    assert named == Output("TEXT", b'"text"', {"first": "t"})


def test_inherit_takes_id_and_labels_from_the_parent() -> None:
    """What the output does not have comes from the input; the digest is its own."""
    parent = Item("germany", "in", {"category": "tax"}, "d")
    output = Output(None, b'"out"', {"lang": "de"})
    item = inherit(parent, STAGE, output)
    assert item == Item(
        "germany", "out", {"category": "tax", "lang": "de"}, value_digest(b'"out"')
    )
    assert inherit(parent, STAGE, Output("own", b'"out"')).id == "own"


def test_inherit_refuses_to_change_a_label() -> None:
    """A label is never changed on the way; repeating it is fine."""
    parent = Item("germany", "in", {"category": "tax"}, "d")
    inherit(parent, STAGE, Output(None, b'"out"', {"category": "tax"}))
    with pytest.raises(Terminal) as caught:
        inherit(parent, STAGE, Output(None, b'"out"', {"category": "visa"}))
    assert caught.value.where == "facts/germany"
    assert "'tax'" in caught.value.message
    assert "another name" in caught.value.hint
