"""Control: stops a running job from outside."""

from __future__ import annotations

from typing import Protocol


class Draining(Protocol):
    """A job that can be asked to come to an end."""

    def drain(self) -> None:
        """Begin nothing new; what is under way finishes."""
        ...


class Control:
    """Drains a job, also one that has not begun yet."""

    def __init__(self) -> None:
        self._job: Draining | None = None
        self._is_draining = False

    def attach(self, job: Draining) -> None:
        """Steer this job from now on."""
        self._job = job
        if self._is_draining:
            job.drain()

    def drain(self) -> None:
        """Let what is in flight finish, start nothing new."""
        self._is_draining = True
        if self._job is not None:
            self._job.drain()
