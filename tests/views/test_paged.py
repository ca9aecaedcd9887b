"""One page of a long list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.views.paged import last_if_beyond, paged

_ROWS = st.lists(st.integers(), max_size=30).map(tuple)


@given(_ROWS, st.integers(1, 9))
def test_paged_pages_hold_every_row_once_in_order(
    rows: tuple[int, ...], size: int
) -> None:
    """All pages together are the list, none but the last is short."""
    pages = [paged(rows, n, size) for n in range(1, paged(rows, 1, size).pages + 1)]
    assert tuple(row for page in pages for row in page.rows) == rows
    assert all(len(page.rows) == size for page in pages[:-1])


@given(_ROWS, st.integers(1, 500))
def test_last_if_beyond_always_gives_a_page_that_is_there(
    rows: tuple[int, ...], page: int
) -> None:
    """A number beyond the list is its last page; by itself it is an empty one."""
    found = last_if_beyond(lambda number: paged(rows, number, 4), page)
    assert found.page == min(page, found.pages)
    assert bool(found.rows) == bool(rows)
