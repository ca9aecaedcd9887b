"""What every peer is given and hands back, so that all do the same job."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MODEL = "stand-in"


@dataclass(frozen=True, slots=True)
class Question:
    """One row and its prompt."""

    id: str
    prompt: str


@dataclass(frozen=True, slots=True)
class PeerJob:
    """What to do.

    Args:
        url: The server's base URL.
        concurrency: Calls at once, where the peer lets one choose.
        folder: Where the peer may keep its cache.
        questions: In order.
        wants_json: Whether an answer must be a JSON object.
    """

    url: str
    concurrency: int
    folder: Path
    questions: Sequence[Question]
    wants_json: bool


Answers = Mapping[str, str | None]


def serve(ask_all: Callable[[PeerJob], Answers]) -> None:
    """Read the arguments, do the job, keep the answers, print one JSON line."""
    job = _read_arguments()
    started, cpu = time.monotonic(), time.process_time()
    answers = ask_all(job)
    spent = {
        "seconds": time.monotonic() - started,
        "cpu_s": time.process_time() - cpu,
    }
    good = sum(is_good(answers.get(each.id), job.wants_json) for each in job.questions)
    (job.folder / "answers.json").write_text(json.dumps(dict(answers)), "utf-8")
    print(json.dumps({"items": len(job.questions), "good": good, **spent}))


def is_good(answer: str | None, wants_json: bool) -> bool:
    """Tell whether an answer can be used."""
    if not answer:
        return False
    if not wants_json:
        return True
    try:
        return isinstance(json.loads(answer), dict)
    except ValueError:
        return False


def _read_arguments() -> PeerJob:
    parser = argparse.ArgumentParser(description=serve.__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--prompt", type=Path, required=True)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--wants-json", action="store_true")
    given = parser.parse_args()
    template = given.prompt.read_text("utf-8")
    rows = map(json.loads, given.rows.read_text("utf-8").splitlines())
    questions = [
        Question(row["id"], template.replace("{text}", row["text"])) for row in rows
    ]
    given.folder.mkdir(parents=True, exist_ok=True)
    return PeerJob(
        given.url, given.concurrency, given.folder, questions, given.wants_json
    )
