"""Judged sentences: what the strict check refuses, asked of a model where it may be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.eval.setting import kept_folder
from bench.row import CannotMeasureError
from subak.engine.clock import SystemClock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.journal import Journal
from subak.engine.lock import WorkspaceLock
from subak.engine.steady_clock import SteadyClock
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.errors import SubakError
from subak.llm.ask import Answering
from subak.llm.model import Completion, ModelId, Prompt
from subak.llm.open_model import open_model
from subak.recipes.resources import read_template
from subak.stages.judge import Judge


@dataclass(slots=True)
class Judging:
    """What a judge said of pairs, and what that took.

    Args:
        same: For each pair, whether it found both the same.
        completions: Its answers, those kept from earlier among them.
    """

    same: list[bool] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)

    def bill(self) -> dict[str, float]:
        """Return what a pair costs."""
        pairs = max(len(self.same), 1)
        usages = [one.usage for one in self.completions]
        return {
            "pairs asked": len(self.same),
            "found the same": sum(self.same),
            "calls": len(usages),
            "tokens in/pair": round(sum(one.tokens_in for one in usages) / pairs, 1),
            "of them cached/pair": round(
                sum(one.tokens_cached for one in usages) / pairs, 1
            ),
            "tokens out/pair": round(sum(one.tokens_out for one in usages) / pairs, 1),
            "seconds/pair": round(
                sum(one.timing.seconds for one in self.completions) / pairs, 2
            ),
        }


def judge_pairs(spec: str, pairs: Sequence[tuple[str, str]]) -> Judging:
    """Ask a model of each sentence and source whether they mean the same.

    Raises:
        CannotMeasureError: It cannot be asked.
    """
    try:
        return asyncio.run(ask_judge(spec, pairs, kept_folder()))
    except SubakError as error:
        raise CannotMeasureError(str(error)) from error


async def ask_judge(
    spec: str, pairs: Sequence[tuple[str, str]], folder: Path
) -> Judging:
    """Ask one pair after another; the answers are kept in a folder.

    Raises:
        SubakError: The model cannot be asked.
    """
    workspace, clock = Workspace(folder), SteadyClock(SystemClock())
    judging = Judging()
    with WorkspaceLock(workspace):
        store = Store.open(workspace.journal)
        try:
            journal = Journal(store, clock)
            model = open_model(spec, journal=journal, clock=clock)
            run = await journal.begin_run("sentences", "", json.dumps({"model": spec}))
            set_current_task(TaskContext(run.id, "judge", "pairs"))
            try:
                counting = _Counting(model, judging.completions)
                judge = Judge(counting, read_template(workspace, "judge"))
                for sentence, source in pairs:
                    judging.same.append(await judge.is_same(sentence, source))
            finally:
                set_current_task(TaskContext())
                await journal.end_run(run.id, "done", "")
                await model.close()
        finally:
            await store.close()
    return judging


@dataclass(frozen=True, slots=True)
class _Counting:
    """A model whose answers are kept for the bill."""

    model: Answering
    completions: list[Completion]

    @property
    def id(self) -> ModelId:
        """Identify the model."""
        return self.model.id

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer one prompt."""
        completion = await self.model.complete(prompt)
        self.completions.append(completion)
        return completion
