"""Repetition: finds out, while a text streams, that it only repeats itself."""

from __future__ import annotations

from subak.errors import LoopingAnswer

_EVERY_PIECES = 16
_WINDOW = 640
_LEAST_SPAN = 240
_LEAST_TURNS = 4
_LONGEST_PERIOD = 128
_LONGEST_BLANK = 160


class Repetition:
    """Watches a growing text for a loop.

    A loop is a tail of at least 240 characters that is at least 4 turns of the same
    up to 128 characters, or 160 characters of white space. With 4 characters a token
    that is within 128 tokens from its beginning, plus at most 16 until the next look.
    """

    def __init__(self) -> None:
        self._tail = ""
        self._pieces = 0

    def add(self, piece: str) -> None:
        """Take the next piece of text.

        Raises:
            LoopingAnswer: The text has begun to repeat itself.
        """
        self._tail = (self._tail + piece)[-_WINDOW:]
        self._pieces += 1
        if self._pieces % _EVERY_PIECES == 0:
            self.check()

    def check(self) -> None:
        """Look at the text so far.

        Raises:
            LoopingAnswer: It ends in a loop.
        """
        period = find_period(self._tail)
        if period is not None:
            raise LoopingAnswer(
                f"the model repeats the same {period} characters",
                hint="subak logs --failed shows the call",
            )


def find_period(text: str) -> int | None:
    """Return the length of what the end of the text repeats, or None.

    The prefix function of the reversed text gives the smallest period of every
    suffix in one pass.
    """
    blank = len(text) - len(text.rstrip())
    if blank >= _LONGEST_BLANK:
        return 1
    backwards = text[::-1]
    borders = [0] * len(backwards)
    for index in range(1, len(backwards)):
        border = borders[index - 1]
        while border and backwards[index] != backwards[border]:
            border = borders[border - 1]
        borders[index] = border + (backwards[index] == backwards[border])
        span = index + 1
        period = span - borders[index]
        if span >= max(_LEAST_SPAN, _LEAST_TURNS * period) and (
            period <= _LONGEST_PERIOD
        ):
            return period
    return None
