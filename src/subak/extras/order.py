"""Order: notices on the standard input of a command."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from subak.errors import Refused, TimedOut, UserError
from subak.extras.notice import Notice

_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Order:
    """A Messenger that starts a command, without a shell.

    The text is on its standard input; ``SUBAK_TITLE``, ``SUBAK_RECIPE``, ``SUBAK_RUN``,
    ``SUBAK_STATUS`` and ``SUBAK_NEEDS_PERSON`` (1 or 0) are in its environment. Words
    of pages never become part of the command line.

    Args:
        words: The command and its arguments.
        folder: Where it is started.
        timeout_s: After that it is ended, with all that it started.
    """

    words: tuple[str, ...]
    folder: Path
    timeout_s: float = 20.0

    @property
    def name(self) -> str:
        """Return what is started."""
        return f"command {shlex.quote(self.words[0])}"

    async def send(self, notice: Notice) -> None:
        """Start the command and wait until it has ended.

        Raises:
            UserError: There is no such command.
            SubakError: It ends with another code than 0, or not in time.
        """
        process = await self._start(notice)
        try:
            async with asyncio.timeout(self.timeout_s):
                _, said = await process.communicate(_text(notice))
        except TimeoutError as error:
            raise TimedOut(
                f"it had not ended after {self.timeout_s:g} s", where=self.name
            ) from error
        finally:
            await _end(process)
        if process.returncode:
            words = " ".join(said.decode("utf-8", "replace").split())[:_SHOWN_CHARS]
            raise Refused(
                f"it ended with {process.returncode}" + (f": {words}" if words else ""),
                where=self.name,
                hint=f"try it by hand: {shlex.join(self.words)}",
            )

    async def _start(self, notice: Notice) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self.words,
                cwd=self.folder,
                env={**os.environ, **_surroundings(notice)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise UserError(
                f"it can't be started: {error.strerror or error}",
                where=self.name,
                hint="`command` of [[notify]] is a list: the program, then its words",
            ) from error


def _surroundings(notice: Notice) -> dict[str, str]:
    told = {
        "SUBAK_TITLE": notice.title,
        "SUBAK_RECIPE": notice.recipe,
        "SUBAK_RUN": notice.run,
        "SUBAK_STATUS": notice.status,
        "SUBAK_NEEDS_PERSON": "1" if notice.needs_person else "0",
    }
    return {name: value.replace("\0", "") for name, value in told.items()}


def _text(notice: Notice) -> bytes:
    return notice.text.encode("utf-8", "replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End what is left of it and of what it started."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
