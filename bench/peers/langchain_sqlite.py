"""LangChain: ChatOpenAI in a batch, answers kept in its SQLite cache."""

from __future__ import annotations

import asyncio

from langchain_community.cache import SQLiteCache
from langchain_core.globals import set_llm_cache
from langchain_openai import ChatOpenAI

from bench.peers.interface import MODEL, Answers, PeerJob, serve


def ask_all(job: PeerJob) -> Answers:
    """Run the batch at the concurrency given."""
    set_llm_cache(SQLiteCache(str(job.folder / "langchain.db")))
    model = ChatOpenAI(
        model=MODEL, base_url=f"{job.url}/v1", api_key="none", temperature=0
    )
    replies = asyncio.run(
        model.abatch(
            [question.prompt for question in job.questions],
            config={"max_concurrency": job.concurrency},
            return_exceptions=True,
        )
    )
    return {
        question.id: None if isinstance(reply, BaseException) else str(reply.content)
        for question, reply in zip(job.questions, replies, strict=True)
    }


if __name__ == "__main__":
    serve(ask_all)
