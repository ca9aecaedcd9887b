"""quote_line: a quote as people read it in a note, without the marks of its page."""

from __future__ import annotations

from collections.abc import Iterator

from subak.knowledge.articles.quotation import clean


def quote_line(quote: str) -> str:
    """Return a quote on one line; a table row as "label: value, value"."""
    return "; ".join(filter(None, _lines(quote)))


def _lines(quote: str) -> Iterator[str]:
    plain: list[str] = []
    for line in quote.splitlines():
        if not line.lstrip().startswith("|"):
            plain.append(line)
            continue
        yield clean(" ".join(plain))
        plain = []
        cells = [clean(cell) for cell in line.strip().strip("|").split("|")]
        yield _row([cell for cell in cells if cell.strip("-: ")])
    yield clean(" ".join(plain))


def _row(cells: list[str]) -> str:
    if len(cells) < 2:
        return "".join(cells)
    return f"{cells[0].rstrip(':')}: {', '.join(cells[1:])}"
