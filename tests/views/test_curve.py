"""The throughput curve as a page."""

from __future__ import annotations

from dataclasses import replace

from subak.views.curve import CurvePage, CurvePoint, render_curve
from tests.page_outline import check_reaches_nothing, read_outline

POINTS = (
    CurvePoint(1, 12.1, 0.4, 4.0, 3, 0),
    CurvePoint(2, 20.3, 0.5, 4.7, 5, 0),
    CurvePoint(4, 33.0, 0.7, 5.8, 8, 0),
    CurvePoint(8, 33.4, 6.1, 11.5, 9, 2),
)
PAGE = CurvePage(
    model="ollama:qwen2.5:7b",
    server="Ollama 0.9, 4 slots seen at work",
    slots=4,
    points=POINTS,
    knee=4,
    limit="the server's 4 slots",
    advice="set OLLAMA_NUM_PARALLEL=8",
    measured=1_795_327_200.0,
)


def test_curve_page_is_sound_and_reaches_nothing() -> None:
    """Well-formed, two pictures with names, nothing from outside, both schemes."""
    html = render_curve(PAGE)
    assert read_outline(html).images == 2
    check_reaches_nothing(html)
    assert "prefers-color-scheme: dark" in html


def test_curve_page_says_what_was_found() -> None:
    """Knee, gain, limit, advice and every level."""
    html = render_curve(PAGE)
    assert "4 at once are enough: 33.0 tokens per second, 2.7 times" in html
    assert "the server&#39;s 4 slots" in html
    assert "set OLLAMA_NUM_PARALLEL=8" in html
    assert "8 at once: 33.4 tokens/s" in html
    assert html.count('<th scope="row"') == 4


def test_curve_page_escapes_foreign_text() -> None:
    """Whatever a server calls itself or its model is shown as text."""
    evil = "<script>alert(1)</script>\ud800"
    html = render_curve(replace(PAGE, model=evil, server=evil, limit=evil, advice=evil))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    html.encode()


def test_curve_page_of_one_level_without_streaming() -> None:
    """A single point without a first token is drawn all the same."""
    alone = CurvePoint(1, 5.0, None, 9.0, 2, 0)
    html = render_curve(replace(PAGE, points=(alone,), knee=1, slots=1, advice=""))
    assert "1 at once is enough" in html
    assert "To do" not in html
    assert "first token after" not in html
    read_outline(html)
