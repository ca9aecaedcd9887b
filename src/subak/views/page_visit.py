"""PageVisit: why a page was asked for in a run or not, and what that changed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import apsw

from subak.errors import StorageError
from subak.knowledge.documents.archive import find_document
from subak.views.wording import count, moment, number_of, shorten, text_of

_EVENT = """
SELECT kind, data FROM event
WHERE run = ? AND item = ? AND (kind LIKE 'fetch.%' OR kind = 'document.copy')
ORDER BY id DESC LIMIT 8
"""
_VISITS = """
SELECT fetched, reason, status, body, size, document, hint FROM visit
WHERE url = ? AND fetched <= ? ORDER BY id DESC LIMIT 2
"""
_SPARED: Mapping[str, str] = {
    "same hint": "not asked for: its listing tells the same date as at the last visit",
    "not due": "not asked for: not due yet, it stayed the same at the visits before",
    "failing": "not asked for: it was gone at the visits before, and is not due yet",
    "this run": "not asked for again: this run had fetched it before it was stopped",
}
_ASKED: Mapping[str, str] = {
    "new": "asked for: it was never fetched before",
    "gone before": "asked for: it could not be had at the last visit",
    "lost copy": "asked for whole: its stored copy was lost",
    "refresh": "asked for whole: you said so (`--refresh`)",
    "audit": "asked for whole: one day in 14 neither hint nor validator is believed",
    "hint changed": "asked for whole: its listing tells another date than before",
    "no validators": "asked for whole: its server says nothing reliable of changes",
    "conditional": "asked whether it had changed",
}
_MOST_CHANGES = 6
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What happened to a page in one run, in words, by stage.

    Args:
        fetched: Why it was asked for or not, and what came.
        text: What of its text changed: lines that begin with "- " or "+ ".
        copy_of: Address of the page it is a copy of, "" when it is none.
        data: The same for programs.
    """

    fetched: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    copy_of: str = ""
    data: Mapping[str, object] | None = None

    def because(self, stage: str) -> tuple[str, ...]:
        """Return what is to be said at a stage."""
        if stage == "fetch":
            return self.fetched
        if stage == "extract":
            return self.text
        if stage == "index" and self.copy_of:
            return (f"a copy of {self.copy_of}: not read again, but kept as a source",)
        return ()


@dataclass(frozen=True, slots=True)
class _State:
    """A visit on which something was new."""

    fetched: float
    reason: str
    status: int
    body: str
    size: int
    document: str
    hint: str


def read_page_visit(
    db: apsw.Connection, run: str, item: str, span: tuple[float, float]
) -> PageVisit:
    """Return what happened to the page of an item; an empty one if it is no page.

    Args:
        span: When the run began and ended.
    """
    told: dict[str, dict[str, object]] = {}
    for kind, data in db.execute(_EVENT, (run, item)):
        told.setdefault(str(kind), json.loads(str(data)))
    copy_of = text_of(told.pop("document.copy", {}).get("of"))
    if not told or not _has_history(db):
        return PageVisit(copy_of=copy_of)
    kind, data = next(iter(told.items()))
    url = text_of(data.get("url"))
    rows = db.execute(_VISITS, (url, span[1])).fetchall()
    states = [_state(row) for row in rows]
    is_new = bool(states) and states[0].fetched >= span[0]
    now = states[0] if is_new else None
    before = (states[1:] if is_new else states)[:1]
    earlier = before[0] if before else None
    return PageVisit(
        fetched=tuple(_fetched(kind, data, now, earlier)),
        text=tuple(_text(db, now, earlier)),
        copy_of=copy_of,
        data=_for_programs(kind, data, now, earlier),
    )


def _state(row: tuple[object, ...]) -> _State:
    fetched, reason, status, body, size, document, hint = row
    return _State(
        fetched=number_of(fetched),
        reason=text_of(reason),
        status=int(number_of(status)),
        body=text_of(body),
        size=int(number_of(size)),
        document=text_of(document),
        hint=text_of(hint),
    )


def find_items(db: apsw.Connection, run: str, wanted: str) -> set[str]:
    """Return the items of a run whose page has this URL, or became this document."""
    urls = {wanted}
    if _has_history(db):
        query = "SELECT url FROM visit WHERE document = ?"
        urls.update(str(url) for (url,) in db.execute(query, (wanted,)))
    rows = db.execute(
        "SELECT DISTINCT item FROM event WHERE run = ? AND kind LIKE 'fetch.%' AND "
        "json_extract(data, '$.url') IN (SELECT value FROM json_each(?))",
        (run, json.dumps(sorted(urls))),
    )
    return {str(item) for (item,) in rows}


def _has_history(db: apsw.Connection) -> bool:
    query = "SELECT count(*) FROM sqlite_schema WHERE name = 'visit'"
    return bool(db.execute(query).get)


def _fetched(
    kind: str,
    data: Mapping[str, object],
    now: _State | None,
    earlier: _State | None,
) -> list[str]:
    reason = text_of(data.get("reason"))
    if kind == "fetch.spared":
        return [_SPARED.get(reason, f"not asked for: {reason}")]
    if kind == "fetch.removed":
        return [f"HTTP {data.get('status')}: it is gone; so is what was made of it"]
    if kind != "fetch.done":
        return []
    said = [_ASKED.get(reason, "asked for")]
    if data.get("not_modified"):
        return [*said, "HTTP 304: the server says that it did not change"]
    if now is None:
        return [*said, "the same bytes came as before"]
    if earlier is None or not earlier.body:
        return [*said, f"{count(now.size)} bytes came"]
    if earlier.body == now.body:
        return [*said, "it came back with the same bytes"]
    return [
        *said,
        f"its bytes changed since {moment(earlier.fetched)}: {_bytes(earlier)} -> "
        f"{_bytes(now)}",
    ]


def _bytes(state: _State) -> str:
    size = f"{count(state.size)} bytes, " if state.size else ""
    return f"{size}{state.body[:8]}"


def _text(db: apsw.Connection, now: _State | None, earlier: _State | None) -> list[str]:
    if now is None or earlier is None or not (now.document and earlier.document):
        return []
    if now.document == earlier.document:
        return ["its bytes changed, its text did not: nothing after this is done again"]
    texts = [_lines(db, state.document) for state in (earlier, now)]
    if not all(texts):
        return ["its text changed"]
    changes = _changes(*texts)
    more = len(changes) - _MOST_CHANGES
    shown = changes[:_MOST_CHANGES]
    rest = [f"... and {count(more, 'more line')}"] if more > 0 else []
    return ["its text changed:", *shown, *rest]


def _changes(old: list[str], new: list[str]) -> list[str]:
    """Return the lines that went and came, in the order of the text."""
    changes: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            gone, came = old[old_start:old_end], new[new_start:new_end]
            changes += [f"- {shorten(line, _SHOWN_CHARS)}" for line in gone]
            changes += [f"+ {shorten(line, _SHOWN_CHARS)}" for line in came]
    return changes


def _lines(db: apsw.Connection, document: str) -> list[str]:
    try:
        found = find_document(db, document)
    except StorageError:  # damaged: a view says less, it does not fail
        return []
    return [] if found is None else [line for line in found.text.split("\n") if line]


def _for_programs(
    kind: str,
    data: Mapping[str, object],
    now: _State | None,
    earlier: _State | None,
) -> dict[str, object]:
    last = now or earlier
    return {
        "event": kind,
        "url": text_of(data.get("url")),
        "reason": text_of(data.get("reason")),
        "status": int(number_of(data.get("status"))),
        "bytes_changed": bool(now and (not earlier or earlier.body != now.body)),
        "text_changed": bool(now and (not earlier or earlier.document != now.document)),
        "body": last.body if last else "",
        "document": last.document if last else "",
        "previous_body": earlier.body if earlier else "",
        "previous_document": earlier.document if earlier else "",
        "previous_fetched": earlier.fetched if earlier else None,
    }
