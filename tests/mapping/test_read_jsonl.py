"""JSON Lines: rows by line, a bad one alone."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from subak.mapping.read_jsonl import LONGEST_ROW_BYTES, JsonlParser
from subak.mapping.row import BadRow, InputRow, Row

_OBJECTS = st.lists(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=9)),
    max_size=8,
)


def _parse(data: bytes, step: int) -> list[Row]:
    parser = JsonlParser()
    rows: list[Row] = []
    for begin in range(0, len(data), step):
        rows += parser.feed(data[begin : begin + step])
    return rows + parser.finish()


@settings(deadline=None)
@given(_OBJECTS, st.integers(1, 40), st.booleans())
def test_rows_survive_any_cut_into_blocks(
    objects: list[dict[str, object]], step: int, ends_with_line_feed: bool
) -> None:
    """However the bytes come, the rows are those that were written."""
    data = "\n".join(json.dumps(each, ensure_ascii=False) for each in objects)
    encoded = (data + "\n" * ends_with_line_feed).encode("utf-8")
    rows = _parse(encoded, step)
    assert [row.values for row in rows if isinstance(row, InputRow)] == objects
    assert [row.number for row in rows] == list(range(1, len(objects) + 1))


def test_row_is_named_by_its_id_or_its_line() -> None:
    """Text and numbers are ids; anything else, and nothing, is the line's number."""
    lines = [b'{"id":"a"}', b'{"id":7}', b'{"id":true}', b'{"id":""}', b"", b"{}"]
    rows = _parse(b"\n".join(lines), 5)
    assert [row.id for row in rows] == ["a", 7, 3, 4, 6]


def test_bad_lines_are_told_alone_with_their_number() -> None:
    """What is not JSON, no object or not UTF-8 disturbs no other line."""
    rows = _parse(b'{"a":1}\nnot json\n[1]\n"\xff"\n{"a":"\xff"}\n{"a":2}\r\n', 7)
    bad = {row.number: row.problem for row in rows if isinstance(row, BadRow)}
    assert set(bad) == {2, 3, 4, 5}
    assert bad[2].startswith("not JSON")
    assert bad[3] == "not a JSON object"
    assert [row.number for row in rows if isinstance(row, InputRow)] == [1, 6]


def test_endless_line_is_told_and_not_kept() -> None:
    """A line beyond any measure costs one error and no memory; the next is read."""
    parser = JsonlParser()
    rows: list[Row] = []
    for _ in range(2 * LONGEST_ROW_BYTES // (1 << 20)):
        rows += parser.feed(b"x" * (1 << 20))
    rows += parser.feed(b'\n{"id":"next"}\n')
    assert [(row.id, isinstance(row, BadRow)) for row in rows] == [
        (1, True),
        ("next", False),
    ]
    assert rows[1].number == 2
