"""Trust: which sites' validators and hints proved wrong, found out by their pages.

Statements on the archive's tables; decides nothing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import apsw

from subak.knowledge.documents.snapshot import Snapshot
from subak.knowledge.documents.visits import Trust, after_change, is_conclusive

# Sites get mended: after a quarter of a year they are believed once more.
_FORGIVEN_S = 90 * 86_400.0
_DISTRUST = "SELECT what FROM distrust WHERE origin = ? AND since > ?"
# An ETag that other pages of the site share, whose bytes differ, names none of them.
_SHARED = """
SELECT 1 FROM snapshot
WHERE etag = ?1 AND etag <> '' AND body <> ?2 AND body <> ''
  AND substr(final_url, 1, length(?3)) = ?3
LIMIT 1
"""
_LATEST = """
SELECT id, etag, last_modified, hint, document FROM visit
WHERE url = ? AND body = ? ORDER BY id DESC LIMIT 1
"""
_BEFORE = """
SELECT etag, last_modified, hint, document, body, fetched FROM visit
WHERE url = ? AND id < ? AND document <> '' ORDER BY id DESC LIMIT 1
"""
_CONVICT = "INSERT OR REPLACE INTO distrust (origin, what, since) VALUES (?, ?, ?)"
_CHANGED = """
UPDATE snapshot SET unchanged_streak = ?, next_due = ?, last_changed = ? WHERE url = ?
"""

_IS_PRESENT = "SELECT 1 FROM snapshot WHERE body = ? LIMIT 1"

_State = tuple[str, str, str]


def read_trust(connection: apsw.Connection, snapshot: Snapshot, now: float) -> Trust:
    """Return what of the page's site may be believed now."""
    origin = origin_of(snapshot.final_url)
    since = now - _FORGIVEN_S
    rows = connection.execute(_DISTRUST, (origin, since)).fetchall()
    liars = {str(what) for (what,) in rows}
    in_validators = "validators" not in liars
    if in_validators and snapshot.etag:
        row = (snapshot.etag, snapshot.body, origin)
        in_validators = connection.execute(_SHARED, row).fetchone() is None
    return Trust("hints" not in liars, in_validators)


def note_document(
    connection: apsw.Connection, url: str, body: str, document: str, now: float
) -> str:
    """Note what a visit's bytes became; a changed text convicts who denied a change.

    Returns the body before if it had the same text and is no page's present one, else
    "": many pages bear a token, and each would be kept for ever.
    """
    latest = connection.execute(_LATEST, (url, body)).fetchone()
    if latest is None:
        return ""
    number, *state, known = latest
    if known == document:
        return ""
    connection.execute("UPDATE visit SET document = ? WHERE id = ?", (document, number))
    row = connection.execute(_BEFORE, (url, number)).fetchone()
    # Read before as another text: then the reader changed, not the page.
    if known or row is None:
        return ""
    *before, was_document, was_body, fetched = row
    if was_document == document:
        is_present = connection.execute(_IS_PRESENT, (was_body,)).fetchone()
        return "" if is_present else str(was_body)
    connection.execute(_CHANGED, (*after_change(now), now, url))
    earlier = (str(before[0]), str(before[1]), str(before[2]))
    later = (str(state[0]), str(state[1]), str(state[2]))
    for what in _liars(earlier, later, float(fetched)):
        connection.execute(_CONVICT, (origin_of(url), what, now))
    return ""


def origin_of(url: str) -> str:
    """Return scheme and authority of a URL, with the slash after them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _liars(earlier: _State, later: _State, fetched: float) -> list[str]:
    etag, last_modified, hint = later
    liars = []
    is_same = (etag, last_modified) == earlier[:2]
    if is_same and (etag or last_modified):
        liars.append("validators")
    if hint and hint == earlier[2] and is_conclusive(hint, fetched):
        liars.append("hints")
    return liars
