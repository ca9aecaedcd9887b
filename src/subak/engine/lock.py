"""One run at a time on a workspace: a file lock the kernel frees when a run dies."""

from __future__ import annotations

import errno
import fcntl
import os
from types import TracebackType

from subak.engine.storage import storage_error
from subak.engine.workspace import Workspace
from subak.errors import WorkspaceBusy


class WorkspaceLock:
    """Hold the workspace while the block runs.

    The file stays when the lock is freed: removing it would let two runs lock two
    different files of the same name.

    Args:
        is_queue: Hold not the workspace but the one place to wait for it.

    Raises:
        WorkspaceBusy: At once, naming the process that holds it.
    """

    def __init__(self, workspace: Workspace, *, is_queue: bool = False) -> None:
        self._workspace = workspace
        self._path = workspace.queue if is_queue else workspace.lock
        self._verb = "waits for" if is_queue else "holds"
        self._file = -1

    def __enter__(self) -> WorkspaceLock:
        path = self._path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self._take()
        except OSError as error:
            self._let_go()
            raise storage_error(error, path) from error
        except WorkspaceBusy:
            self._let_go()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            os.ftruncate(self._file, 0)
        finally:
            self._let_go()

    def _take(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise
            raise self._busy() from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def _busy(self) -> WorkspaceBusy:
        pid = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
        if not pid.isdigit():  # the other run has locked but not yet written
            return WorkspaceBusy(
                f"another run {self._verb} this workspace",
                where=str(self._workspace.folder),
                hint="wait until it has finished, then run the same command again",
            )
        return WorkspaceBusy(
            f"another run, process {pid}, {self._verb} this workspace",
            where=str(self._workspace.folder),
            hint=f"wait until it has finished, or stop it: kill {pid}",
        )

    def _let_go(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
