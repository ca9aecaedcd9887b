"""read_markdown: a Markdown file becomes text with its headings, lists and tables.

Runs in workers. The marks a document's text uses are Markdown's own, so lines stay as
they are; only what is not visible text goes: comments, front matter, raw HTML tags.
"""

from __future__ import annotations

import re

import msgspec

from subak.errors import UnusableContent
from subak.knowledge.text.plain_table import PlainTable, read_plain_table
from subak.sources.blocks import Blocks
from subak.sources.decode_text import decode_text
from subak.sources.raw_page import RawPage, ReadPage

MAX_CHARS = 4_000_000
_FRONT_MATTER = re.compile(r"(-{3}|\+{3})[ \t]*\n(.*?\n)\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_CHARS = 20_000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Only what is a tag for certain: a tax table says "< 10,000 and > 5,000" too.
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|code|details|div|em|figure|h[1-6]|hr|i|img|ins"
    r"|kbd|li|mark|ol|p|picture|pre|s|small|source|span|strong|sub|summary|sup|table"
    r"|tbody|td|th|thead|tr|u|ul)(?:[ \t/][^<>]{0,500})?>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<(script|style)\b.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^)\n]{0,1000}\)")
_HEADING = re.compile(r"(#{1,6})[ \t]+")
_UNDERLINE = re.compile(r"(?:=+|-{2,})")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|(\d{1,6}[.)]))[ \t]+(\S.*)")
_CELL_END = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_markdown(payload: bytes) -> bytes:
    """Return a ReadPage for a RawPage, both as MessagePack.

    Raises:
        UnusableContent: Binary, too large or empty.
    """
    page = msgspec.msgpack.decode(payload, type=RawPage)
    text = decode_text(page.body, page.charset, where=page.url)
    if len(text) > MAX_CHARS:
        raise UnusableContent(
            f"the text has more than {MAX_CHARS:,} characters",
            where=page.url,
            hint="split it into several files",
        )
    return msgspec.msgpack.encode(_read(text, page.url))


def _read(text: str, where: str) -> ReadPage:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields, text = _front_matter(text)
    blocks = Blocks()
    _Reader(blocks).read(_visible(text).split("\n"))
    found = blocks.text()
    if not any(map(str.isalnum, found)):
        raise UnusableContent(
            "the file has no text", where=where, hint="remove it, or correct the glob"
        )
    date = _ISO_DATE.match(fields.get("date", ""))
    return ReadPage(
        text=found,
        title=fields.get("title", "") or _first_line(found),
        language=fields.get("lang", "")[:2].lower(),
        published=date[0] if date else "",
        author=fields.get("author", ""),
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(text, 0, _FRONT_CHARS)
    if match is None:
        return {}, text
    fields: dict[str, str] = {}
    for line in match[2].split("\n"):
        name, _, value = line.partition("=" if match[1] == "+++" else ":")
        fields[name.strip().lower()] = value.strip().strip("\"'")
    return fields, text[match.end() :]


def _visible(text: str) -> str:
    text = _HIDDEN.sub("", _COMMENT.sub("", text))
    for _ in range(2):  # a picture may be a link
        text = _LINK.sub(r"\1", text)
    return _TAG.sub("", text)


class _Reader:
    """Put Markdown lines into blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._paragraph: list[str] = []
        self._as_set: list[str] = []
        self._is_fenced = False

    def read(self, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            if _FENCE.match(line):
                self._end()
                self._is_fenced = not self._is_fenced
            elif self._is_fenced and line.strip():
                self._add(line, line)
            else:
                self._line(line, lines[number + 1] if number + 1 < len(lines) else "")
        self._end()

    def _line(self, line: str, following: str) -> None:
        if heading := _HEADING.match(line):
            self._end()
            self._blocks.heading(len(heading[1]), line[heading.end() :].rstrip("# "))
        elif self._paragraph and _UNDERLINE.fullmatch(line.rstrip()):
            self._blocks.heading(1 if line[0] == "=" else 2, " ".join(self._paragraph))
            self._paragraph.clear()
            self._as_set.clear()
        elif item := _ITEM.match(line):
            self._end()
            depth = len(item[1].expandtabs(4)) // 2
            number = f"{item[2]} " if item[2] else ""
            self._blocks.item(number + item[3], depth)
        elif _is_row(line):
            self._end()
            if not _is_rule(line):
                self._blocks.row(_cells(line), is_header=_is_rule(following))
        elif line.strip():
            self._add(line.lstrip("> \t"), line)
        else:
            self._end()

    def _add(self, line: str, as_set: str) -> None:
        self._paragraph.append(line)
        self._as_set.append(as_set)

    def _end(self) -> None:
        if table := read_plain_table(self._as_set):
            self._table(table)
        else:
            self._blocks.paragraph("\n".join(self._paragraph))
        self._paragraph.clear()
        self._as_set.clear()

    def _table(self, table: PlainTable) -> None:
        """Columns set with blanks are a table like any other."""
        if table.title_lines:
            self._blocks.row(list(table.titles), is_header=True)
        for line, cells in zip(
            self._as_set[table.title_lines :], table.rows, strict=True
        ):
            row = [line[each.start : each.end] for each in cells]
            self._blocks.row(row, is_header=False)


def _is_row(line: str) -> bool:
    text = line.strip()
    return len(text) > 1 and text[0] == text[-1] == "|"


def _is_rule(line: str) -> bool:
    return _is_row(line) and "-" in line and not line.strip("|-: \t")


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = _CELL_END.split(inner)[:-1]
    return [cell.replace("\\|", "|") for cell in cells]


def _first_line(text: str) -> str:
    first = text.partition("\n")[0].strip("#= ")
    return first if len(first) <= 120 else ""
