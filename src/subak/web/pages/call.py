"""Call: the whole prompt and answer of a model call, and what went on around it."""

from __future__ import annotations

import json

from subak.views.call_story import read_call_story
from subak.web.page import Asked, Page, Shown


def read_call(asked: Asked) -> Shown:
    """Read a call by its trace id, or a unique beginning of it."""
    story = read_call_story(asked.db, asked.path["call"])
    exchange = story.exchange
    settings = dict(exchange.settings) if exchange else {}
    values = {
        "story": story,
        "exchange": exchange,
        "settings": {name: _text(value) for name, value in settings.items()},
    }
    return Shown("call.html.j2", values, title=f"Call {story.key[:12]}")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2)


CALL = Page("call", "calls/{call}", "Call", read_call, under="tasks")
