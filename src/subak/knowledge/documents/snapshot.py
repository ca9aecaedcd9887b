"""Snapshot: what a URL answered the last time it was asked for."""

from __future__ import annotations

from dataclasses import dataclass

SERVED = 200
REMOVED = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The present state of one URL; what the next visit goes by.

    Args:
        url: What was asked for.
        final_url: Where redirects led; the validators belong to it.
        body: Blob id of the bytes, "" when none were ever got.
        content_type: Media type without parameters.
        charset: Charset from the header, "" when none.
        etag: The server's validator, "" when none.
        last_modified: The server's date as it wrote it, "" when none.
        document: Id of the document made of it, "" before there is one.
        links: Pages it links to.
        first_fetched: Seconds since the epoch, as all times here.
        last_fetched: When it was asked for, also when nothing had changed.
        last_read: When the bytes were last sent, not only called unchanged.
        last_changed: When the bytes were last other than before.
        source: Key path of the source that named it.
        hint: What the listing said of its state at the last visit.
        published: Date the listing gave when these bytes were first got.
        unchanged_streak: Visits in a row, a day or more apart, without a change.
        status: 200, 404 or 410 once it is gone, 0 while it was never had.
        failures: Visits in a row, a day or more apart, that failed for good.
        failure: What the last of them failed with.
        next_due: When the next visit counts as one more in a row.
        run: Id of the run of the last visit.
    """

    url: str
    final_url: str
    body: str
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    document: str = ""
    links: tuple[str, ...] = ()
    first_fetched: float = 0.0
    last_fetched: float = 0.0
    last_read: float = 0.0
    last_changed: float = 0.0
    source: str = ""
    hint: str = ""
    published: str = ""
    unchanged_streak: int = 0
    status: int = SERVED
    failures: int = 0
    failure: str = ""
    next_due: float = 0.0
    run: str = ""

    @property
    def is_removed(self) -> bool:
        """Tell whether the page was there once and is gone."""
        return self.status in REMOVED
