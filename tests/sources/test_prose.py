"""Prose: the running text of a page, measured once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from subak.sources.prose import measure_prose
from subak.sources.visible import outermost

_LONG = (
    "A sentence of the page that is long enough to count as running text of it. " * 2
)
_PARTS = st.recursive(
    st.sampled_from(
        [f"<p>{_LONG}</p>", f"<p>{_LONG}<a>{_LONG}</a></p>", "<p>short</p>", _LONG]
    ),
    lambda inner: st.tuples(
        st.sampled_from(["div", "div class=out", "section", "ul class=out", "li"]),
        st.lists(inner, max_size=3).map("".join),
    ).map(lambda made: f"<{made[0]}>{made[1]}</{made[0].split()[0]}>"),
    max_leaves=12,
)


@given(st.lists(_PARTS, max_size=4).map("".join))
def test_prose_without_parts_is_what_is_measured_when_they_are_gone(html: str) -> None:
    """Taking away gives the same shares as looking again."""
    tree = LexborHTMLParser(f"<body>{html}</body>")
    body = tree.body
    assert body is not None
    doomed = outermost(body, body.css(".out"))
    left = measure_prose(body).without(doomed, body)
    for node in doomed:
        node.decompose()
    again = measure_prose(body)
    assert left.total == again.total
    for node in body.css("*"):
        assert left.share(node) == again.share(node)
        assert left.shapes.get(node.mem_id) == again.shapes.get(node.mem_id)
