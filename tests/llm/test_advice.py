"""advice: the cure for a server that works on too little at once, in its own terms."""

from __future__ import annotations

import pytest

from subak.llm.advice import advice
from subak.llm.model import EndpointInfo


def _info(server: str, slots: int | None = None) -> EndpointInfo:
    return EndpointInfo("http://x", "m", slots=slots, server=server)


@pytest.mark.parametrize(
    ("server", "slots", "said"),
    [
        ("Ollama 0.13.0", 1, "OLLAMA_NUM_PARALLEL=4 ollama serve"),
        ("Ollama 0.13.0", 4, "OLLAMA_NUM_PARALLEL=8"),
        ("Ollama 0.13 (qwen3next: one request at a time)", 1, "whatever"),
        ("llama.cpp b9999", 4, "llama-server -np 8 -c 32768"),
        ("LM Studio", 4, "Max Concurrent Predictions to 8"),
        ("vLLM", 256, "--max-num-seqs 512"),
        ("gateway", 1, "the server behind it"),
    ],
)
def test_cure_is_named_for_each_server(server: str, slots: int, said: str) -> None:
    """The setting, with a value, as one types it."""
    assert said in advice(_info(server), slots)


def test_default_of_ollama_is_recognised() -> None:
    """One at a time is what it does unless it is told otherwise."""
    assert "OLLAMA_NUM_PARALLEL=1, its default" in advice(_info("Ollama 0.13"), 1)


def test_what_the_server_publishes_is_used_where_nothing_was_seen() -> None:
    """llama.cpp tells its slots."""
    assert "-np 4" in advice(_info("llama.cpp b1", slots=2), None)


@pytest.mark.parametrize(
    ("server", "slots"),
    [
        ("Ollama 0.13", None),
        ("Ollama 0.13", 8),
        ("llama.cpp b1", 16),
        ("llama.cpp, embedded, here (running)", 2),
        ("", 4),
    ],
)
def test_no_advice_where_there_is_none_to_give(server: str, slots: int | None) -> None:
    """Enough slots, an unknown server, or one of our own."""
    assert advice(_info(server), slots) == ""
