"""Signal: streams that are none are convicted by two answers."""

from __future__ import annotations

from subak.engine.tuning.signal import Signal
from subak.engine.tuning.traffic import OpenCall


def _streamed() -> OpenCall:
    return OpenCall(0.0, 10, first_at=1.0, streamed=40, reports=40)


def _lumpy() -> OpenCall:
    return OpenCall(0.0, 10, first_at=1.0, streamed=40, reports=1)


def _buffered() -> OpenCall:
    return OpenCall(0.0, 10, first_at=9.99, streamed=40, reports=1)


def test_signal_convicts_by_two_answers() -> None:
    """Two lumpy answers leave the starts, two buffered ones only the ends."""
    for call, sight in ((_lumpy(), "starts"), (_buffered(), "ends")):
        signal = Signal(is_streaming=True)
        assert not signal.judge(call, 10.0, 40)
        assert signal.sight == "tokens"
        assert signal.judge(call, 10.0, 40)
        assert signal.sight == sight
        assert not signal.judge(call, 10.0, 40)


def test_signal_is_certain_of_a_stream_after_three_answers() -> None:
    """Three streamed answers end the matter."""
    signal = Signal(is_streaming=True)
    for _ in range(3):
        assert not signal.judge(_streamed(), 10.0, 40)
    assert signal.is_certain
    for _ in range(5):
        assert not signal.judge(_buffered(), 10.0, 40)
    assert signal.sight == "tokens"


def test_signal_judges_no_short_answers() -> None:
    """An answer of a few words comes in one piece anyway."""
    signal = Signal(is_streaming=True)
    for _ in range(9):
        assert not signal.judge(_buffered(), 10.0, 19)
    assert not signal.is_doubtful


def test_signal_goes_from_starts_to_ends() -> None:
    """A server found lumpy may turn out to tell no starts either."""
    signal = Signal(is_streaming=True)
    signal.judge(_lumpy(), 10.0, 40)
    signal.judge(_lumpy(), 10.0, 40)
    found = [signal.judge(_buffered(), 10.0, 40) for _ in range(4)]
    assert any(found)
    assert signal.sight == "ends"


def test_signal_takes_a_missing_start_for_a_late_one() -> None:
    """A call that never told its start is no stream."""
    signal = Signal(is_streaming=True)
    blind = OpenCall(0.0, 10)
    signal.judge(blind, 10.0, 40)
    assert signal.is_doubtful
    assert signal.judge(blind, 10.0, 40)
