"""EventStream and OllamaLines: what counts as begun, as progress and as an answer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.clock import SystemClock
from subak.errors import BrokenAnswer, ConnectionLost, SubakError
from subak.llm.event_stream import EventStream
from subak.llm.http import HttpClient
from subak.llm.key import ApiKey
from subak.llm.model import Completion, Timing
from subak.llm.ollama_lines import OllamaLines
from subak.llm.options import Deadlines
from subak.llm.transcript import Transcript
from subak.testing.clock import VirtualClock

HTTP = HttpClient(
    "http://x:1", clock=SystemClock(), key=ApiKey(), deadlines=Deadlines()
)
DONE = b"data: [DONE]"


@dataclass
class Heard:
    """A Progress that remembers what it is told."""

    said: list[int] = field(default_factory=list)

    def first_token(self) -> None:
        """Note the beginning as 0."""
        self.said.append(0)

    def tokens(self, count: int) -> None:
        """Note the count."""
        self.said.append(count)


def _event(delta: object = None, **more: object) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta}]
    return b"data: " + json.dumps({"choices": choices, **more}).encode()


def _stream(heard: Heard | None = None) -> EventStream:
    return EventStream(Transcript(heard or Heard(), VirtualClock()), HTTP)


def _read(*reads: Sequence[bytes]) -> Completion:
    stream = _stream()
    for lines in reads:
        stream.take([*lines])
    return stream.completion()


def test_role_alone_is_the_beginning_and_a_comment_is_not() -> None:
    """A server that only keeps the connection alive has not begun to answer."""
    heard = Heard()
    stream = _stream(heard)
    assert not stream.take([b": ping", b"", b"\r"])
    assert not stream.take([b"event: message", b"id: 7"])
    assert heard.said == []
    assert stream.take([_event({"role": "assistant", "content": ""})])
    assert heard.said == [0]


def test_tokens_of_one_read_are_told_at_once() -> None:
    """One report a read, not one a token; reasoning counts but is no answer."""
    heard = Heard()
    stream = _stream(heard)
    stream.take([_event({"content": "a"}), b"", _event({"reasoning_content": "hm"})])
    stream.take([_event({"content": "b"}), DONE])
    assert heard.said == [0, 2, 1]
    assert stream.completion().text == "ab"


def test_servers_own_counts_correct_ours() -> None:
    """Pieces are only about tokens; usage and timings know."""
    usage = {
        "prompt_tokens": 20,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 12},
    }
    timings = {"cache_n": 15, "prompt_ms": 250.0, "predicted_ms": 500}
    completion = _read(
        [_event({"content": "ok"}, usage=None), _event(usage=usage)],
        [_event(usage=usage, timings=timings), DONE],
    )
    assert completion.usage.tokens_in == 20
    assert completion.usage.tokens_out == 7
    assert completion.usage.tokens_cached == 15
    assert completion.timing.server_prompt_s == 0.25
    assert completion.timing.server_generate_s == 0.5


@given(st.text(min_size=1), st.booleans())
def test_any_text_comes_through(text: str, is_ascii: bool) -> None:
    """Escaped or as UTF-8; half of a character is shown as one that is missing."""
    event = {"choices": [{"delta": {"content": text}}]}
    line = json.dumps(event, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    assert _read([b"data: " + line, DONE]).text.rstrip() == text.rstrip()


def test_half_characters_do_not_break_the_answer() -> None:
    """JavaScript servers may cut a text between the halves of one."""
    line = b'data: {"choices":[{"delta":{"content":"a\\ud83db"}}]}'
    assert _read([line, DONE]).text == "a?b"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"data: {", "is not JSON"),
        (b"data: 7", "is not a JSON object"),
        (b"data: {}", "is no chat completion"),
        (b'data: {"choices": 3}', "is no chat completion"),
        (b'data: {"choices": [{"delta": {"content": [1]}}]}', "is no chat completion"),
        (b'data: {"error": {"message": "out of memory"}}', "out of memory"),
        (b'error: {"error": "gone", "choices": []}', "gone"),
        (b'data: {"object": "error", "message": "bad luck"}', "bad luck"),
    ],
)
def test_event_that_is_none_is_a_broken_answer(line: bytes, said: str) -> None:
    """It says what is wrong."""
    with pytest.raises(BrokenAnswer, match=said):
        _read([line])


@given(st.binary(max_size=80))
def test_any_line_is_read_or_refused(data: bytes) -> None:
    """Nothing a server streams raises anything but our errors."""
    for make in (_stream(), OllamaLines(Transcript(Heard(), VirtualClock()), HTTP)):
        for line in (data, b"data: " + data, b'{"message": ' + data):
            try:
                make.take([line])
                make.completion()
            except SubakError as error:
                assert error.message  # noqa: PT017


def test_answer_without_an_end_is_cut_short() -> None:
    """Neither a reason nor the mark of the end: a part is never a result."""
    with pytest.raises(ConnectionLost):
        _read([_event({"content": "half"})])


def test_ollama_tells_what_the_call_waited_for() -> None:
    """Loading, reading and generating are told apart from waiting."""
    clock = VirtualClock()
    lines = OllamaLines(Transcript(Heard(), clock), HTTP)
    last = {
        "message": {"content": ""},
        "done": True,
        "load_duration": 2_000_000_000,
        "prompt_eval_duration": 1_000_000_000,
        "eval_duration": 3_000_000_000,
    }
    assert lines.take([b'{"message": {"content": "ok"}}', json.dumps(last).encode()])
    timing = lines.completion().timing
    assert timing.server_load_s == 2.0
    assert timing.queue_s == 0.0


def test_waiting_in_the_server_is_what_its_own_times_leave() -> None:
    """llama.cpp and Ollama tell theirs; without them nothing is guessed."""
    assert Timing(10.0, 5.0, 2.0, 3.0, 1.0).queue_s == 4.0
    assert Timing(10.0, 5.0, 2.0, 3.0).queue_s == 5.0
    assert Timing(4.9, None, 2.0, 3.0).queue_s == 0.0
    assert Timing(10.0, 5.0).queue_s is None
