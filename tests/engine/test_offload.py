"""Executors: results and errors cross, worker deaths and endless work are contained."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from subak.engine.context import TaskContext, set_current_task
from subak.engine.offload import Executor, InlineExecutor, ProcessExecutor
from subak.errors import (
    Overloaded,
    Refused,
    SubakError,
    Terminal,
    UnusableContent,
    UserError,
)

_MODULE = "subak.testing.offload_functions"
_NAMES = (
    "crash",
    "crash_once",
    "echo",
    "interrupt",
    "linger",
    "meet",
    "miss",
    "overload",
    "refuse",
    "show_niceness",
    "show_process",
    "stumble",
)
FUNCTIONS = {name: f"{_MODULE}:{name}" for name in _NAMES} | {
    "absent": f"{_MODULE}:absent",
    "no_module": "subak.testing.absent:echo",
}
MAKERS: dict[str, Callable[[], Executor]] = {
    "inline": lambda: InlineExecutor(FUNCTIONS),
    "processes": lambda: ProcessExecutor(FUNCTIONS, workers=2),
}

_PARENT = """
import asyncio, sys
from subak.engine.offload import ProcessExecutor

async def main():
    module = "subak.testing.offload_functions"
    names = ("show_process", "linger")
    executor = ProcessExecutor({n: f"{module}:{n}" for n in names}, workers=1)
    print((await executor.submit("show_process", "k", b"")).decode(), flush=True)
    await executor.submit("linger", "k", b"60")

if __name__ == "__main__":
    asyncio.run(main())
"""

_UNGUARDED = """
import asyncio
from subak.engine.offload import ProcessExecutor
executor = ProcessExecutor({"echo": "subak.testing.offload_functions:echo"}, workers=1)
asyncio.run(executor.submit("echo", "k", b""))
"""


def _use(executor: Executor, scenario: Callable[[Executor], Awaitable[None]]) -> None:
    async def run() -> None:
        try:
            await scenario(executor)
        finally:
            await executor.close()

    asyncio.run(run())


@pytest.mark.parametrize("kind", MAKERS)
def test_executor_returns_results_and_raises_errors_as_they_were(kind: str) -> None:
    """The contract of every executor: bytes back, our errors whole, others Terminal."""

    async def scenario(executor: Executor) -> None:
        large = os.urandom(1_000_000)
        assert await executor.submit("echo", "k", large) == large
        assert await executor.submit("echo", "k", lambda: large) == large
        with pytest.raises(Refused, match="no") as refused:
            await executor.submit("refuse", "k", b"no")
        assert (refused.value.where, refused.value.hint) == ("a place", "a way out")
        with pytest.raises(Overloaded) as overloaded:
            await executor.submit("overload", "germany", b"")
        assert overloaded.value.retry_after_s == 2.5
        assert overloaded.value.where == "overload germany"
        with pytest.raises(UserError, match="semantic") as missed:
            await executor.submit("miss", "k", b"")
        assert "pip install" in missed.value.hint
        for name in ("stumble", "absent", "no_module"):
            with pytest.raises(Terminal, match=r"Error: .*:\d") as stumbled:
                await executor.submit(name, "germany", b"oh")
            assert stumbled.value.where == f"{name} germany"
            assert stumbled.value.hint
        assert await executor.submit("echo", "k", b"still there") == b"still there"

    _use(MAKERS[kind](), scenario)


@pytest.mark.parametrize("kind", MAKERS)
def test_executor_unknown_name_suggests_the_near_one(kind: str) -> None:
    """A name nobody registered is a usage error that helps."""

    async def scenario(executor: Executor) -> None:
        with pytest.raises(UserError) as caught:
            await executor.submit("ecko", "k", b"")
        assert caught.value.hint == "did you mean 'echo'?"
        with pytest.raises(UserError) as caught:
            await executor.submit("zzz", "k", b"")
        assert "'show_process'" in caught.value.hint

    _use(MAKERS[kind](), scenario)


@pytest.mark.parametrize(
    "target", ["os:system", "subak.errors", "subak.x:", "subakx.a:b", "subak.x:a.b"]
)
def test_executor_runs_only_functions_of_subak(target: str) -> None:
    """Nothing outside the package can be named as work."""
    with pytest.raises(UserError, match="cannot be run"):
        ProcessExecutor({"bad": target})


def test_process_executor_works_in_several_niced_processes(tmp_path: Path) -> None:
    """Workers are other processes, run side by side, stand back, ignore Ctrl-C."""

    async def scenario(executor: Executor) -> None:
        place = str(tmp_path).encode()
        pids = await asyncio.gather(
            *(executor.submit("meet", "k", place) for _ in "ab")
        )
        assert len({str(os.getpid()).encode(), *pids}) == 3
        assert int(await executor.submit("show_niceness", "k", b"")) >= 10
        assert await executor.submit("interrupt", "k", b"on") == b"on"

    _use(ProcessExecutor(FUNCTIONS, workers=2), scenario)


def test_process_executor_makes_a_payload_when_a_worker_is_free() -> None:
    """Calls that wait for a worker hold no payload yet."""

    async def scenario(executor: Executor) -> None:
        made: list[int] = []
        ahead: list[int] = []
        answered: list[bytes] = []

        async def call(number: int) -> None:
            def payload() -> bytes:
                made.append(number)
                ahead.append(len(made) - len(answered))
                return b"%d" % number

            answered.append(await executor.submit("echo", "k", payload))

        await asyncio.gather(*map(call, range(5)))
        assert answered == [b"0", b"1", b"2", b"3", b"4"]
        assert ahead == [1] * 5

    _use(ProcessExecutor(FUNCTIONS, workers=1), scenario)


def test_process_executor_resubmits_what_was_in_flight(tmp_path: Path) -> None:
    """A worker that dies once costs a second try and disturbs nobody else."""

    async def scenario(executor: Executor) -> None:
        marker = str(tmp_path / "marker").encode()
        outcomes = await asyncio.gather(
            executor.submit("crash_once", "k", marker),
            *(executor.submit("echo", "k", b"%d" % number) for number in range(50)),
        )
        assert outcomes == [b"survived", *(b"%d" % number for number in range(50))]

    _use(ProcessExecutor(FUNCTIONS, workers=2), scenario)


def test_process_executor_gives_up_what_kills_two_workers() -> None:
    """A killing payload is unusable content; its neighbours all succeed."""

    async def scenario(executor: Executor) -> None:
        outcomes = await asyncio.gather(
            *(executor.submit("crash", f"bad {number}", b"") for number in range(3)),
            *(executor.submit("echo", "k", b"%d" % number) for number in range(30)),
            return_exceptions=True,
        )
        assert [type(outcome) for outcome in outcomes[:3]] == [UnusableContent] * 3
        assert isinstance(outcomes[0], SubakError)
        assert outcomes[0].where == "crash bad 0"
        assert outcomes[3:] == [b"%d" % number for number in range(30)]

    _use(ProcessExecutor(FUNCTIONS, workers=2), scenario)


def test_process_executor_ends_a_call_at_its_deadline() -> None:
    """Endless work is unusable content, and its process is gone."""

    async def scenario(executor: Executor) -> None:
        pid = int(await executor.submit("show_process", "k", b""))
        with pytest.raises(UnusableContent, match=r"0\.2 s"):
            await executor.submit("linger", "slow", b"60")
        await _wait_gone(pid)
        assert await executor.submit("echo", "k", b"on") == b"on"

    _use(ProcessExecutor(FUNCTIONS, workers=1, deadline_s=0.2), scenario)


def test_process_executor_replaces_workers_after_enough_calls() -> None:
    """Three calls a worker: seven calls take three processes."""

    async def scenario(executor: Executor) -> None:
        pids = [await executor.submit("show_process", "k", b"") for _ in range(7)]
        assert [pids.index(pid) for pid in pids] == [0, 0, 0, 3, 3, 3, 6]

    _use(ProcessExecutor(FUNCTIONS, workers=1, calls_per_worker=3), scenario)


def test_process_executor_replaces_a_worker_that_died_idle() -> None:
    """A worker killed between calls is not counted against the next payload."""

    async def scenario(executor: Executor) -> None:
        pid = int(await executor.submit("show_process", "k", b""))
        os.kill(pid, signal.SIGKILL)
        await _wait_gone(pid)
        await asyncio.sleep(0.05)
        with pytest.raises(UnusableContent):
            await executor.submit("crash", "k", b"")
        assert int(await executor.submit("show_process", "k", b"")) != pid

    _use(ProcessExecutor(FUNCTIONS, workers=1), scenario)


def test_process_executor_cancelled_call_ends_its_worker() -> None:
    """Cancelling frees the slot at once; the work does not go on unseen."""

    async def scenario(executor: Executor) -> None:
        pid = int(await executor.submit("show_process", "k", b""))
        call = asyncio.ensure_future(executor.submit("linger", "k", b"60"))
        await asyncio.sleep(0.1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await _wait_gone(pid)
        assert await executor.submit("echo", "k", b"on") == b"on"

    _use(ProcessExecutor(FUNCTIONS, workers=1), scenario)


@pytest.mark.parametrize("delay_s", [0.0, 0.005, 0.02])
def test_process_executor_cancelled_while_starting(delay_s: float) -> None:
    """A start that nobody waits for any more leaves nothing that hinders."""

    async def scenario(executor: Executor) -> None:
        call = asyncio.ensure_future(executor.submit("linger", "k", b"60"))
        await asyncio.sleep(delay_s)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await executor.submit("echo", "k", b"on") == b"on"

    _use(ProcessExecutor(FUNCTIONS, workers=1), scenario)


def test_process_executor_close_ends_work_and_refuses_more() -> None:
    """Closing ends what is running with an error, twice does no harm."""

    async def scenario(executor: Executor) -> None:
        pid = int(await executor.submit("show_process", "k", b""))
        call = asyncio.ensure_future(executor.submit("linger", "k", b"60"))
        await asyncio.sleep(0.1)
        await executor.close()
        with pytest.raises(Terminal, match="stopped"):
            await call
        await _wait_gone(pid)
        with pytest.raises(Terminal, match="stopped"):
            await executor.submit("echo", "k", b"")

    _use(ProcessExecutor(FUNCTIONS, workers=1), scenario)


def test_process_executor_starts_nothing_before_it_is_needed() -> None:
    """Making and closing an executor starts no process; the default has workers."""

    async def scenario(executor: Executor) -> None:
        await asyncio.sleep(0)

    begun = time.monotonic()
    _use(ProcessExecutor(FUNCTIONS), scenario)
    assert time.monotonic() - begun < 0.2


def test_process_executor_workers_die_with_the_program(tmp_path: Path) -> None:
    """SIGKILL of the program ends its workers, even in the middle of a call."""
    program = tmp_path / "program.py"
    program.write_text(_PARENT, encoding="utf-8")
    parent = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.1)
        parent.kill()
    asyncio.run(_wait_gone(pid))


def test_process_executor_in_an_unguarded_script_says_what_to_do(
    tmp_path: Path,
) -> None:
    """A script that would run itself again in each worker is told how to be written."""
    program = tmp_path / "program.py"
    program.write_text(_UNGUARDED, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 1
    assert "UserError: worker processes cannot start" in ended.stderr


async def _wait_gone(pid: int) -> None:
    for _ in range(500):
        if not _is_running(pid):
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"process {pid} is still running")


def _is_running(pid: int) -> bool:
    """Tell whether the process runs; one that only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
        if not Path("/proc/self/stat").exists():
            return True
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_process_executor_works_for_later_stages_first() -> None:
    """What waits is taken by priority, so that a first result gets through."""
    done: list[int] = []

    async def one(executor: Executor, depth: int) -> None:
        set_current_task(TaskContext(stage="s", priority=(-depth, 0)))
        await executor.submit("echo", "k", b"")
        done.append(depth)

    async def scenario(executor: Executor) -> None:
        async with asyncio.TaskGroup() as group:
            for depth in (9, 1, 1, 2):  # the first one has the only worker at once
                group.create_task(one(executor, depth))

    _use(ProcessExecutor(FUNCTIONS, workers=1), scenario)
    assert done == [9, 2, 1, 1]
