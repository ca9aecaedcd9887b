"""json_text: values as JSON that no viewer can misread."""

from __future__ import annotations

import json
import re

# Legal in JSON strings, yet they turn the direction, end lines or vanish on screen.
_TRICKY = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff"
    "\ufeff\ufffe\uffff]"
)


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON, keys in their own order, without a final newline."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _TRICKY.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
