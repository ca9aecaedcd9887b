"""The old scripts' design: four threads, requests, no retry, nothing kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import requests

from bench.peers.interface import MODEL, Answers, PeerJob, Question, is_good, serve

_THREADS = 4
_TIMEOUT_S = 60


def ask_all(job: PeerJob) -> Answers:
    """Ask the /chat gateway, four at a time whatever the server can do."""

    def ask(question: Question) -> tuple[str, str | None]:
        message = {"role": "user", "content": question.prompt}
        try:
            reply = requests.post(
                f"{job.url}/chat",
                json={"model": MODEL, "messages": [message], "stream": False},
                timeout=_TIMEOUT_S,
            )
            reply.raise_for_status()
            text = str(reply.json()["message"]["content"])
        except (requests.RequestException, ValueError, KeyError):
            return question.id, None
        return question.id, text if is_good(text, job.wants_json) else None

    with ThreadPoolExecutor(_THREADS) as pool:
        return dict(pool.map(ask, job.questions))


if __name__ == "__main__":
    serve(ask_all)
