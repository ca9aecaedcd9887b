"""What a judge says of pairs, and what that costs, is told beside the shares."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bench.eval.sentences_judged import Judging, ask_judge
from subak.llm.model import Message
from subak.testing.model_server import FakeModelServer

PAIRS = (
    ("Overseas investors cannot own farmland.", "Foreigners cannot own land."),
    ("Fares were abolished.", "Transport was made free."),
)


def _only_fares(messages: Sequence[Message], _schema: str | None) -> str:
    is_same = "Fares" in messages[-1].content
    return "Yes" if is_same else "No"


async def _judged(folder: Path) -> tuple[Judging, int]:
    async with FakeModelServer(_only_fares) as server:
        judging = await ask_judge(f"openai:fake@{server.url}", PAIRS, folder)
        return judging, len(server.asked)


def test_pairs_are_asked_once_and_kept(tmp_path: Path) -> None:
    """A no costs one call, a yes two; a second measurement costs none."""
    judging, asked = asyncio.run(_judged(tmp_path))
    assert (judging.same, asked) == ([False, True], 3)
    bill = judging.bill()
    assert (bill["pairs asked"], bill["found the same"], bill["calls"]) == (2, 1, 3)
