"""Extreme: fields and texts that speak of the highest of several values."""

from __future__ import annotations

import re

from subak.knowledge.facts.mention import Topic

_HIGHEST = re.compile(
    r"\b(?:top|highest|max\w*|massim\w+|più\s+alt\w+|tertinggi|maksim\w+|höchst\w*"
    r"|spitzen\w*|más\s+alt\w+|plus\s+élevé\w*)\b",
    re.IGNORECASE,
)


def asks_for_highest(topic: Topic) -> bool:
    """Tell whether a field asks for the highest of several values."""
    field = topic.field
    asked = (field.name.replace("_", " "), field.title, field.meaning)
    return bool(_HIGHEST.search(" ; ".join(asked)))


def says_highest(text: str) -> bool:
    """Tell whether words call a value the highest."""
    return bool(_HIGHEST.search(text))
