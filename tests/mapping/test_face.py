"""subak.map and subak.amap: from a script, from a coroutine, from a notebook."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import subak
from subak.mapping.run_beside import run_beside
from tests.mapping.serving import read_rows, write_rows

_ROWS: list[dict[str, object]] = [{"id": "a", "text": "x"}, {"text": "y"}]


def test_map_gives_a_list_of_rows_and_the_summary(tmp_path: Path) -> None:
    """Rows by place and by slice, answers alone, what it came to."""
    result = subak.map(_ROWS, prompt="Say {text}", model="echo", folder=tmp_path)
    assert [row.id for row in result] == ["a", 2]
    assert result.outputs == ["Say x", "Say y"]
    assert [row.output for row in result[1:]] == ["Say y"]
    assert result.summary.tasks.done == 2


def test_map_of_a_file_into_a_file_holds_no_rows(tmp_path: Path) -> None:
    """What is written need not fit into memory."""
    source = write_rows(tmp_path / "rows.jsonl", _ROWS)
    out = tmp_path / "out.jsonl"
    result = subak.map(
        str(source), prompt="Say {text}", model="echo", out=out, folder=tmp_path
    )
    assert (len(result), result.path) == (0, out)
    assert len(read_rows(out)) == 2


def test_map_works_inside_a_running_loop(tmp_path: Path) -> None:
    """A notebook's loop runs already; map and run wait beside it."""

    async def cell() -> subak.MapResult:
        return subak.map(_ROWS, prompt="Say {text}", model="echo", folder=tmp_path)

    assert asyncio.run(cell()).outputs == ["Say x", "Say y"]


def test_amap_is_awaited_in_the_loop_that_runs(tmp_path: Path) -> None:
    """No thread, no second loop."""

    async def cell() -> int:
        before = threading.active_count()
        result = await subak.amap(
            _ROWS, prompt="Say {text}", model="echo", folder=tmp_path
        )
        assert threading.active_count() <= before + 1
        return len(result)

    assert asyncio.run(cell()) == 2


def test_error_of_a_map_beside_a_loop_is_raised(tmp_path: Path) -> None:
    """A mistake is told where it was made."""

    async def cell() -> None:
        subak.map(_ROWS, prompt="Say it", model="echo", folder=tmp_path)

    with pytest.raises(subak.SubakError, match="shows nothing of the row"):
        asyncio.run(cell())


_NOTEBOOK = """
import asyncio, sys
from subak.mapping.run_beside import run_beside

async def job():
    drained = asyncio.Event()
    globals()["drain"] = drained.set
    print("working", flush=True)
    try:
        await drained.wait()
        print("drained", flush=True)
        if sys.argv[1] == "twice":
            await asyncio.sleep(60)
    except asyncio.CancelledError:
        print("cancelled", flush=True)
        raise

async def cell():
    run_beside(job, lambda: drain())

try:
    asyncio.run(cell())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize(
    ("presses", "said"),
    [
        ("once", ["working", "drained", "interrupted"]),
        ("twice", ["working", "drained", "cancelled", "interrupted"]),
    ],
)
def test_interrupted_cell_drains_and_a_second_press_stops(
    presses: str, said: list[str]
) -> None:
    """The job has ended before the cell has."""
    # asyncio.run would turn the first press into a cancellation; a notebook does not.
    program = _NOTEBOOK.replace("asyncio.run(cell())", "drive(cell())")
    program = (
        "def drive(coroutine):\n"
        "    import asyncio\n"
        "    loop = asyncio.new_event_loop()\n"
        "    return loop.run_until_complete(coroutine)\n" + program
    )
    cell = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, presses],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert cell.stdout is not None
    lines = [cell.stdout.readline().strip()]
    cell.send_signal(signal.SIGINT)
    lines.append(cell.stdout.readline().strip())
    if presses == "twice":
        cell.send_signal(signal.SIGINT)
    # With a timeout it would miss what readline has buffered.
    rest, _ = cell.communicate()
    assert lines + rest.split() == said


def test_run_beside_runs_in_this_thread_where_no_loop_runs() -> None:
    """A script needs no thread."""

    async def job() -> int:
        return threading.get_ident()

    assert run_beside(job, lambda: None) == threading.get_ident()


def test_names_load_on_first_use_only() -> None:
    """`import subak` stays light, also with map in it."""
    code = (
        "import sys, subak; before = 'subak.mapping.face' in sys.modules;"
        " subak.map; print(before, 'subak.mapping.face' in sys.modules)"
    )
    started = time.monotonic()
    shown = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert shown.stdout.split() == ["False", "True"]
    assert time.monotonic() - started < 30
