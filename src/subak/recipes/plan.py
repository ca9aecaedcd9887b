"""Plan: a forecast with its price, from what such work has cost on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subak.engine.forecast import Expected, Forecast
from subak.recipes.outlook import Outlook
from subak.recipes.source_plan import SourcePlan
from subak.views.history import StageHistory

ASKING = ("facts", "claims", "profile", "draft")


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What one stage has before it.

    Args:
        cached: Tasks whose result is known.
        to_do: Tasks that will run.
        is_open: More may come from work whose results aren't known yet.
    """

    stage: str
    cached: int
    to_do: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do.

    Args:
        calls: Model calls to expect; None without history for a stage that asks.
        seconds: Model time to expect, with the parallelism seen so far.
        sources: The sources by kind.
        outlook: Whether its deadline will be met; None where the recipe has none.
    """

    recipe: str
    model: str
    stages: tuple[StagePlan, ...]
    tasks: tuple[Expected, ...]
    calls: int | None
    tokens_in: int | None
    tokens_out: int | None
    seconds: float | None
    sources: tuple[SourcePlan, ...] = ()
    outlook: Outlook | None = None

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of `subak plan --json`."""
        return {
            "version": 1,
            "recipe": self.recipe,
            "model": self.model,
            "stages": [
                {
                    "stage": each.stage,
                    "cached": each.cached,
                    "to_do": each.to_do,
                    "open": each.is_open,
                }
                for each in self.stages
            ],
            "sources": [each.to_json() for each in self.sources],
            "expected": {
                "calls": self.calls,
                "tokens": {"in": self.tokens_in, "out": self.tokens_out},
                "seconds": self.seconds,
            },
            "tasks": [
                {
                    "stage": each.stage,
                    "item": each.item,
                    "state": each.state,
                    "reason": each.reason,
                }
                for each in self.tasks
            ],
            **({} if self.outlook is None else {"deadline": self.outlook.to_json()}),
        }


def make_plan(
    recipe: str,
    model: str,
    stages: tuple[str, ...],
    forecast: Forecast,
    history: Mapping[str, StageHistory],
) -> Plan:
    """Put a price on a forecast.

    Args:
        stages: The graph's stages in order.
        history: Mean cost of a task by stage.
    """
    plans = tuple(
        StagePlan(
            stage,
            forecast.count(stage, "cached"),
            forecast.count(stage, "to do"),
            stage in forecast.blind,
        )
        for stage in stages
    )
    asking = [plan for plan in plans if plan.stage in ASKING and plan.to_do]
    is_known = all(plan.stage in history for plan in asking)
    costs = [(plan.to_do, history[plan.stage]) for plan in asking if is_known]
    is_blind = any(plan.is_open for plan in plans if plan.stage in ASKING)
    if not is_known or (is_blind and not costs):
        return Plan(recipe, model, plans, tuple(forecast.tasks), None, None, None, None)
    return Plan(
        recipe,
        model,
        plans,
        tuple(forecast.tasks),
        calls=round(sum(number * cost.calls for number, cost in costs)),
        tokens_in=round(sum(number * cost.tokens_in for number, cost in costs)),
        tokens_out=round(sum(number * cost.tokens_out for number, cost in costs)),
        seconds=round(sum(n * cost.seconds / cost.at_once for n, cost in costs), 1),
    )
