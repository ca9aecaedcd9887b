"""tell_flagged: what a page says to the machine that reads it is told to people."""

from __future__ import annotations

from subak.engine.context import current_task
from subak.engine.events import EventSink
from subak.knowledge.articles.sayable import Sayable
from subak.knowledge.text.orders import ORDERS


def tell_flagged(events: EventSink, stage: str, read: Sayable) -> None:
    """Note that a document holds text that gives orders; its words are not told."""
    if not read.flagged:
        return
    events.emit(
        "note",
        stage=stage,
        item=current_task().item,
        message=f"{ORDERS} is left out: {len(read.flagged)} sentences",
        level="warning",
        url=read.document.url,
    )
