"""Metered: a model that keeps the bill of each task."""

from __future__ import annotations

from collections import defaultdict

from subak.engine.context import current_task
from subak.evaluation.bill import Bill
from subak.llm.ask import Answering
from subak.llm.model import Completion, ModelId, Prompt


class Metered:
    """Pass prompts on and add up what they took, by the item of the running task.

    An answer from the journal counts with what it took when it was made.
    """

    def __init__(self, model: Answering) -> None:
        self._model = model
        self._bills: defaultdict[str, Bill] = defaultdict(Bill)

    @property
    def id(self) -> ModelId:
        """Identify the model."""
        return self._model.id

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt."""
        completion = await self._model.complete(prompt)
        used = completion.usage
        self._bills[current_task().item] += Bill(
            1,
            used.tokens_in,
            used.tokens_cached,
            used.tokens_out,
            completion.timing.seconds,
        )
        return completion

    def take_bill(self) -> Bill:
        """Return the bill of the running task and begin a new one."""
        return self._bills.pop(current_task().item, Bill())
