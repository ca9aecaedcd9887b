"""LevelSums and CostModel: goodput at a level, whatever lengths it happened to see.

A window at one level b of calls in flight costs
``seconds = prompt_cost * prompt_tokens_finished + token_cost_b * output_tokens``.
The prompt cost is shared by all levels and fitted by least squares, so that two
levels compare although their windows saw different prompts and answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.tuning.constants import USUAL_OUTPUT
from subak.engine.tuning.traffic import Traffic

_FEWEST_ANSWERS = 3  # before these the mean output is a guess
_SHORTEST_OUTPUT = 8.0
_FIRST_TOKEN_WEIGHT = 4.0  # the first call counts like a window of four prompts
_LEAST_SHARE = 0.15  # of a window that output takes, however costly prompts look


@dataclass(slots=True)
class LevelSums:
    """Sums over the windows measured at one level."""

    seconds: float = 0.0
    prompts: float = 0.0
    outputs: float = 0.0
    seconds_prompts: float = 0.0
    seconds_outputs: float = 0.0
    prompts_squared: float = 0.0
    prompts_outputs: float = 0.0
    outputs_squared: float = 0.0

    def add(self, seconds: float, prompts: float, outputs: float) -> None:
        """Add one window."""
        self.seconds += seconds
        self.prompts += prompts
        self.outputs += outputs
        self.seconds_prompts += seconds * prompts
        self.seconds_outputs += seconds * outputs
        self.prompts_squared += prompts * prompts
        self.prompts_outputs += prompts * outputs
        self.outputs_squared += outputs * outputs


class CostModel:
    """Tell goodput in output tokens a second from what windows cost."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._levels: dict[int, LevelSums] = {}
        self._first_cost: float | None = None

    @property
    def has_first_token(self) -> bool:
        """Tell whether the wait for a first token on an idle server is known."""
        return self._first_cost is not None

    def saw_first_token(self, seconds: float, tokens_in: int) -> None:
        """Take the first token of the first call as a guess of the prompt cost."""
        self._first_cost = max(1e-6, seconds / max(1, tokens_in))

    def put(self, level: int, sums: LevelSums) -> None:
        """Keep the newest windows of a level."""
        self._levels[level] = sums

    def clear(self) -> None:
        """Forget all levels."""
        self._levels.clear()

    def goodput(self, sums: LevelSums) -> float:
        """Return the output tokens a second these windows stand for."""
        outputs = max(1.0, sums.outputs)
        prompt_cost = self._prompt_cost()
        token_cost = max(
            (sums.seconds - prompt_cost * sums.prompts) / outputs,
            _LEAST_SHARE * sums.seconds / outputs,
        )
        traffic = self._traffic
        # tokens streamed by answered calls and by those still running: the mean of
        # the answered alone is too short as long as the long ones are not back
        output = (
            traffic.streamed / traffic.answered
            if traffic.answered >= _FEWEST_ANSWERS
            else USUAL_OUTPUT
        )
        share = prompt_cost * traffic.mean_prompt / max(_SHORTEST_OUTPUT, output)
        return 1.0 / max(1e-9, share + token_cost)

    def _prompt_cost(self) -> float:
        above = below = 0.0
        for sums in self._levels.values():
            if sums.outputs_squared > 0:
                slope = sums.prompts_outputs / sums.outputs_squared
                above += sums.seconds_prompts - sums.seconds_outputs * slope
                below += sums.prompts_squared - sums.prompts_outputs * slope
        weight = max(1.0, (_FIRST_TOKEN_WEIGHT * self._traffic.mean_prompt) ** 2)
        guess = self._first_cost or 0.0
        return max(0.0, (above + guess * weight) / (below + weight))
