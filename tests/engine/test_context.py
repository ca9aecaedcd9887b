"""The running task as code below the runner sees it."""

from __future__ import annotations

import asyncio

from subak.engine.context import TaskContext, current_task, set_current_task


def test_current_task_is_empty_outside_of_a_run() -> None:
    """Code that runs on its own belongs to no task."""

    async def scenario() -> TaskContext:
        return current_task()

    assert asyncio.run(scenario()) == TaskContext()


def test_current_task_is_each_asyncio_task_own() -> None:
    """Tasks set side by side see their own; their children inherit it."""
    seen: dict[str, str] = {}

    async def child(name: str) -> None:
        seen[name] = current_task().item

    async def one(name: str) -> None:
        set_current_task(TaskContext(item=name))
        await asyncio.sleep(0)
        async with asyncio.TaskGroup() as group:
            group.create_task(child(name))

    async def scenario() -> TaskContext:
        async with asyncio.TaskGroup() as group:
            group.create_task(one("a"))
            group.create_task(one("b"))
        return current_task()

    assert asyncio.run(scenario()) == TaskContext()
    assert seen == {"a": "a", "b": "b"}
