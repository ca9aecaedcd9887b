"""is_link_trap: addresses that sites make up without end, or that hold no page."""

from __future__ import annotations

import re
from collections import Counter

_MAX_SEGMENTS = 10
_MAX_REPEATS = 2
_MAX_PARAMETERS = 5
_MAX_QUERY = 250
_NO_PAGE = re.compile(
    r"\.(?:7z|apk|atom|avi|bmp|bz2|css|csv|dmg|docx?|eot|epub|exe|gif|gz|ico|ics|iso|jpe?g"
    r"|js|json|m4a|mov|mp[34]|mpeg|msi|odt|ogg|png|pptx?|rar|rss|svg|tar|tiff?|ttf|wav"
    r"|web[mp]|wmv|woff2?|xlsx?|xml|zip)$",
    re.IGNORECASE,
)


def is_link_trap(path: str) -> bool:
    """Tell whether a path with its query is no page to fetch.

    Deep paths, repeated segments (``/a/b/a/b/a/b``) and heaps of parameters come from
    broken relative links and filters, which combine without end.
    """
    plain, _, query = path.partition("?")
    segments = [part for part in plain.split("/") if part]
    if len(segments) > _MAX_SEGMENTS or len(query) > _MAX_QUERY:
        return True
    if query.count("&") >= _MAX_PARAMETERS:
        return True
    if segments and Counter(segments).most_common(1)[0][1] > _MAX_REPEATS:
        return True
    return _NO_PAGE.search(plain) is not None
