"""LiteLLM: acompletion behind a semaphore, answers kept in its disk cache."""

from __future__ import annotations

import asyncio

import litellm
from litellm.caching.caching import Cache

from bench.peers.interface import MODEL, Answers, PeerJob, Question, serve

_RETRIES = 3


def ask_all(job: PeerJob) -> Answers:
    """Ask all at once, as many in flight as the semaphore lets pass."""
    litellm.suppress_debug_info = True
    litellm.cache = Cache(type="disk", disk_cache_dir=str(job.folder / "litellm"))
    return asyncio.run(_ask_all(job))


async def _ask_all(job: PeerJob) -> Answers:
    gate = asyncio.Semaphore(job.concurrency)

    async def ask(question: Question) -> tuple[str, str | None]:
        async with gate:
            try:
                reply = await litellm.acompletion(
                    model=f"openai/{MODEL}",
                    api_base=f"{job.url}/v1",
                    api_key="none",
                    messages=[{"role": "user", "content": question.prompt}],
                    temperature=0,
                    caching=True,
                    num_retries=_RETRIES,
                )
            except litellm.exceptions.OpenAIError:
                return question.id, None
        return question.id, reply.choices[0].message.content

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(question)) for question in job.questions]
    return dict(task.result() for task in tasks)


if __name__ == "__main__":
    serve(ask_all)
