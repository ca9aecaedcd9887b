"""Notice: what is told of a run, and Messenger: whoever takes it to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from subak.engine.events import EventSink
from subak.errors import SubakError


@dataclass(frozen=True, slots=True)
class Notice:
    """A run in a few words.

    Args:
        title: One line.
        text: Markdown.
        facts: The same for programs, to be sent as JSON.
        recipe: Name of the recipe.
        run: Id of the run.
        status: How the run ended.
        needs_person: Whether somebody should look at it.
    """

    title: str
    text: str
    recipe: str
    run: str
    status: str
    needs_person: bool
    facts: Mapping[str, object] = field(default_factory=dict)


class Messenger(Protocol):
    """One way to people."""

    @property
    def name(self) -> str:
        """Return where it leads, without any secret."""
        ...

    async def send(self, notice: Notice) -> None:
        """Send a notice; returns within its own time limit.

        Raises:
            SubakError: It could not be sent.
        """
        ...


async def notify(
    notice: Notice, messengers: Sequence[Messenger], events: EventSink
) -> None:
    """Send a notice by every messenger; one that fails is a warning and no more."""
    for messenger in messengers:
        try:
            await messenger.send(notice)
        except SubakError as error:
            then = f"; next: {error.hint}" if error.hint else ""
            events.emit(
                "note",
                level="warning",
                message=f"nobody was told by {messenger.name}: {error.message}{then}",
            )
        else:
            events.emit("notice.sent", to=messenger.name, title=notice.title)
