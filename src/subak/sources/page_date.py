"""page_date: the date of a page that names none where dates are named.

Runs in workers: imports htmldate and lxml.
"""

from __future__ import annotations

from htmldate import find_date
from lxml.etree import LxmlError  # type: ignore[import-untyped]

# A fixed latest date: the default is today, which makes a page's result change.
_LATEST = "2099-12-31"


def page_date(html: str) -> str:
    """Return an ISO date found in the markup of a visible page, "" when there is none.

    The thorough search of the text takes longer than reading the page, and guesses.
    """
    try:
        found = find_date(
            html, extensive_search=False, original_date=True, max_date=_LATEST
        )
    except (LxmlError, RecursionError, ValueError):
        return ""
    return found or ""
