"""The workspace's lock: one run at a time, freed by whatever end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import StorageError, WorkspaceBusy

_HOLD = """
import sys
from pathlib import Path
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
with WorkspaceLock(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_workspace_keeps_state_apart_from_results(tmp_path: Path) -> None:
    """All state is under .subak, all results under out."""
    workspace = Workspace(tmp_path)
    for path in (workspace.journal, workspace.blobs, workspace.lock):
        assert path.parent == workspace.state == tmp_path / ".subak"
    assert workspace.out == tmp_path / "out"


def test_lock_refuses_a_second_run_and_frees_after_a_kill(tmp_path: Path) -> None:
    """The holder's pid is named at once; SIGKILL frees the workspace."""
    workspace = Workspace(tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WorkspaceBusy) as caught, WorkspaceLock(workspace):
            pass
        assert f"process {holder.pid}," in caught.value.message
        assert caught.value.where == str(tmp_path)
        assert f"kill {holder.pid}" in caught.value.hint
        holder.send_signal(signal.SIGKILL)
    with WorkspaceLock(workspace):
        assert workspace.lock.read_text(encoding="ascii") == f"{os.getpid()}\n"


def test_lock_is_free_after_the_block_and_after_an_error(tmp_path: Path) -> None:
    """Leaving the block in any way frees it; the file no longer names us."""
    workspace = Workspace(tmp_path)
    with pytest.raises(KeyError), WorkspaceLock(workspace):
        raise KeyError
    with WorkspaceLock(workspace):
        pass
    assert workspace.lock.read_bytes() == b""


def test_lock_held_by_a_run_that_has_not_written_its_pid(tmp_path: Path) -> None:
    """Between locking and writing the holder is unknown, and still holds."""
    workspace = Workspace(tmp_path)
    with WorkspaceLock(workspace):
        workspace.lock.write_bytes(b"")
        with pytest.raises(WorkspaceBusy, match="another run holds") as caught:
            WorkspaceLock(workspace).__enter__()
    assert "wait" in caught.value.hint


def test_lock_in_an_impossible_place_is_a_storage_error(tmp_path: Path) -> None:
    """A file where the folder should be is named."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as caught:
        WorkspaceLock(Workspace(tmp_path / "file")).__enter__()
    assert str(tmp_path) in caught.value.where
