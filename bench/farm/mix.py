"""The farm's mix: how many sites of each kind, and what a crawl can get of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SITES = 518
ARTICLES = 10
# Day 2 against day 1, over a farm of all sites; smaller farms have their share.
EDITS, ADDED, REMOVED = 290, 146, 55

# A site is of one kind; all that are left over are "plain". The mix is a guess of
# the web, not a survey.
KINDS: Mapping[str, int] = MappingProxyType(
    {
        "refused": 10,
        "unavailable": 4,
        "hangs_at_once": 4,
        "hangs_in_body": 3,
        "drips": 3,
        "slow": 40,
        "redirect_loop": 1,
        "redirect_chain": 12,
        "endless": 1,
        "huge": 1,
        "bomb": 1,
        "trap_calendar": 1,
        "trap_session": 1,
        "robots_all": 8,
        "robots_fails": 4,
        "robots_delay": 12,
        "robots_html": 10,
        "robots_moved": 5,
        "robots_groups": 5,
        "charset": 26,
        "rate_limited": 12,
        "picky": 6,
        "cookie_wall": 5,
        "script_only": 15,
        "closes": 30,
        "cut_short": 2,
        "pdf": 20,
        "forbidden_redirect": 4,
        "moved_away": 4,
        "soft_missing": 6,
        "base_href": 4,
        "mirror": 8,
    }
)
# Nobody can, or may, get a page of these by plain polite HTTP.
DEAD: frozenset[str] = frozenset(
    {
        "refused",
        "unavailable",
        "hangs_at_once",
        "hangs_in_body",
        "drips",
        "redirect_loop",
        "robots_all",
        "robots_fails",
        "moved_away",
        "cut_short",
    }
)
HOPELESS = DEAD | {"script_only"}
# Good sites with one page that must be cut off, not waited for.
HOSTILE: frozenset[str] = frozenset({"endless", "huge", "bomb"})
HOSTILE_ARTICLE = 2
PDF_ARTICLE = 4
# How many of a mirror's articles all mirrors carry.
MIRRORED = 3

CHARSETS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8": "Łódź crème 京都 Добрый",
        "iso-8859-1": "crème brûlée façade Köln año",
        "windows-1252": "crème “façade” Köln €7",
        "windows-1251": "Добрый день: пошлина",
        "koi8-r": "Добрый день: пошлина",
        "shift_jis": "京都のお知らせ税金",
        "gb18030": "北京通知增值税率",
        "iso-8859-2": "Łódź kraków šťastný",
        "euc-kr": "서울 공지 부가세율",
        "big5": "臺北通知營業稅率",
    }
)


def kinds_for(count: int) -> list[str]:
    """Return the kind of each of so many sites; a small farm has some of each."""
    kinds: list[str] = []
    for kind, number in KINDS.items():
        fewest = 2 if kind == "mirror" else 1
        kinds += [kind] * max(fewest, number * count // SITES)
    return (kinds + ["plain"] * count)[:count]
