"""CostModel: levels compare whatever lengths their windows saw."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.tuning.level import CostModel, LevelSums
from subak.engine.tuning.traffic import Traffic

PROMPT_S = 0.002


def _traffic() -> Traffic:
    traffic = Traffic()
    for call in range(10):
        traffic.answer(traffic.send(call, 0.0, 500), 10.0, 200)
    return traffic


def _windows(token_s: float, lengths: list[tuple[int, int]]) -> LevelSums:
    sums = LevelSums()
    for prompts, outputs in lengths:
        sums.add(PROMPT_S * prompts + token_s * outputs, prompts, outputs)
    return sums


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 1_000), st.integers(100, 500)), min_size=4, max_size=20
    ),
    st.floats(0.01, 0.1),
)
def test_cost_model_orders_levels_whatever_lengths_they_saw(
    lengths: list[tuple[int, int]], token_s: float
) -> None:
    """A level of cheaper tokens has the higher goodput, also with longer prompts."""
    model = CostModel(_traffic())
    model.saw_first_token(PROMPT_S * 500, 500)
    cheap = _windows(token_s, [(2 * prompts, out) for prompts, out in lengths])
    dear = _windows(1.3 * token_s, lengths)
    model.put(4, dear)
    model.put(8, cheap)
    assert model.goodput(cheap) > model.goodput(dear)


def test_cost_model_tells_tokens_per_second() -> None:
    """With known costs goodput is the output over the time a mean call costs."""
    model = CostModel(_traffic())
    sums = _windows(0.01, [(0, 100), (1_000, 100), (500, 300), (0, 50)])
    for level in range(1, 40):
        model.put(level, sums)
    expected = 200 / (PROMPT_S * 500 + 0.01 * 200)
    assert model.goodput(sums) == pytest.approx(expected, rel=0.1)


def test_cost_model_survives_windows_without_output() -> None:
    """Nothing streamed is no division by zero."""
    model = CostModel(Traffic())
    assert model.goodput(LevelSums()) > 0
