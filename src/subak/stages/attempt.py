"""attempt: an answer, or why there is none worth waiting for, as a value."""

from __future__ import annotations

from dataclasses import replace

from subak.errors import BrokenAnswer, ContextOverflow, Exhausted, InvalidAnswer
from subak.llm.ask import Answer, Answering, ask
from subak.llm.model import Prompt

Unusable = InvalidAnswer | BrokenAnswer | ContextOverflow
_ATTEMPTS = 2


async def attempt(model: Answering, prompt: Prompt) -> Answer | Unusable:
    """Ask; what the model made unusable is returned, what keeps it away is raised.

    A broken answer (empty, looping) is asked for once more, under another key.
    """
    for sample in range(_ATTEMPTS):
        try:
            return await ask(model, replace(prompt, sample=sample))
        except BrokenAnswer as error:
            broken = error
        except Exhausted as error:
            if isinstance(error.__cause__, BrokenAnswer):
                return error.__cause__
            raise
        except (InvalidAnswer, ContextOverflow) as error:
            return error
    return broken
