"""lm-deluge: its batch client, answers kept in its SQLite cache."""

from __future__ import annotations

import asyncio
import os

from lm_deluge import LLMClient
from lm_deluge.cache import SqliteCache
from lm_deluge.models import register_model

from bench.peers.interface import MODEL, Answers, PeerJob, serve

_KEY = "STAND_IN_KEY"
_UNBOUNDED = 10**9


def ask_all(job: PeerJob) -> Answers:
    """Run the batch at the concurrency given, without bounds a minute."""
    os.environ[_KEY] = "none"
    register_model(MODEL, MODEL, f"{job.url}/v1", _KEY)
    client = LLMClient(
        MODEL,
        max_requests_per_minute=_UNBOUNDED,
        max_tokens_per_minute=_UNBOUNDED,
        max_concurrent_requests=job.concurrency,
        temperature=0.0,
        cache=SqliteCache(str(job.folder / "deluge.db")),
        progress="manual",
    )
    replies = asyncio.run(
        client.process_prompts_async(
            [question.prompt for question in job.questions], show_progress=False
        )
    )
    return {
        question.id: reply.completion if reply else None
        for question, reply in zip(job.questions, replies, strict=True)
    }


if __name__ == "__main__":
    serve(ask_all)
