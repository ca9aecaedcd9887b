"""Numbers as people read them."""

from __future__ import annotations

import pytest

from subak.views import wording


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "-"),
        (0, "0 ms"),
        (0.0404, "40 ms"),
        (0.9999, "1.0 s"),
        (9.949, "9.9 s"),
        (9.96, "10 s"),
        (59.6, "1 min"),
        (72, "1 min 12 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (200_000, "2 days 7 h"),
    ],
)
def test_duration_suits_its_size(seconds: float | None, words: str) -> None:
    """A duration is said in the unit that suits it, without jumps at the edges."""
    assert wording.duration(seconds) == words


def test_count_agrees_in_number() -> None:
    """One call, two calls, and thousands apart."""
    assert wording.count(1, "call") == "1 call"
    assert wording.count(1204, "call") == "1,204 calls"
    assert wording.count(2, "reply", "replies") == "2 replies"


@pytest.mark.parametrize(
    ("number", "words"),
    [(999, "999 bytes"), (1500, "1.5 kB"), (999_600, "1 MB"), (5e15, "5e+03 TB")],
)
def test_size_steps_by_thousands(number: float, words: str) -> None:
    """Sizes go up by thousands, as disks are sold."""
    assert wording.size(number) == words


def test_shorten_and_middle_keep_the_width() -> None:
    """What is too long is cut at the end, or in the middle where both ends tell."""
    assert wording.shorten("a\n b   c", 5) == "a b c"
    assert wording.shorten("abcdef", 4) == "abc…"
    assert wording.middle("https://example.com/page", 11) == "https…/page"


def test_clock_face_grows_hours() -> None:
    """An axis shows minutes, and hours once there are any."""
    assert [wording.clock_face(s) for s in (5, 65, 3665)] == ["0:05", "1:05", "1:01:05"]
