"""Repetition: finds out, while a text streams, that it only repeats itself."""

from __future__ import annotations

from subak.errors import LoopingAnswer

_EVERY_PIECES = 16
_WINDOW = 640
_LEAST_SPAN = 240
_LEAST_TURNS = 4
_LONGEST_PERIOD = 128
_LONGEST_BLANK = 160
# A loop with period p ends in max(240, 4 p) characters that repeat, so at least
# max(240 - p, 3 p) >= 180 of them, whatever p is, stand p characters earlier again.
_ECHO = 180


class Repetition:
    """Watches a growing text for a loop.

    A loop is a tail of at least 240 characters that is at least 4 turns of the same
    up to 128 characters, or 160 characters of white space. With 4 characters a token
    that is within 128 tokens from its beginning, plus at most 16 until the next look.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._unseen = 0

    def add(self, text: str, pieces: int = 1) -> None:
        """Take the next piece of text, or several at once.

        Raises:
            LoopingAnswer: The text has begun to repeat itself.
        """
        self._parts.append(text)
        self._unseen += pieces
        if self._unseen >= _EVERY_PIECES:
            self.check()

    def check(self) -> None:
        """Look at the text so far.

        Raises:
            LoopingAnswer: It ends in a loop.
        """
        tail = "".join(self._parts)[-_WINDOW:]
        self._parts = [tail]
        self._unseen = 0
        period = find_period(tail)
        if period is not None:
            raise LoopingAnswer(
                f"the model repeats the same {period} characters",
                hint="subak logs --failed shows the call",
            )


def find_period(text: str) -> int | None:
    """Return the length of what the end of the text repeats, or None.

    Each place where the last characters stand earlier is a candidate; the slices
    then compare the whole span with itself, moved by one period.
    """
    if len(text) - len(text.rstrip()) >= _LONGEST_BLANK:
        return 1
    size = len(text)
    echo = text[-_ECHO:]
    first = max(0, size - _ECHO - _LONGEST_PERIOD)
    at = text.rfind(echo, first, size - 1) if size >= _LEAST_SPAN else -1
    while at >= 0:
        period = size - _ECHO - at
        span = max(_LEAST_SPAN, _LEAST_TURNS * period)
        if span <= size and text[-span:-period] == text[period - span :]:
            return period
        at = text.rfind(echo, first, at + _ECHO - 1)
    return None
