"""answer_of: what a site answers to a request, good or bad as its kind is."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from bench.farm.answer import Answer, Asked, Manner
from bench.farm.furniture import TOKEN
from bench.farm.planned import CONTROL_HOST
from bench.farm.site import Site
from bench.farm.site_files import ROBOTS_HTML, robots_text
from bench.farm.stored import Contents, Stored
from bench.farm.watch import Watch

_RUDE = ("python", "aiohttp", "httpx", "curl", "crawl", "scrapy", "headless", "bot")
_LOOP = {"/": "/a", "/a": "/b", "/b": "/a"}
_CHAIN = {"/old": "/older", "/older": "/oldest", "/oldest": "/home?from=old"}
_HOME = "/home?from=old"
_MISSING = (
    b"<html><head><title>Not found</title></head><body><h1>404</h1>"
    b"<p>Sorry, there is no such page.</p></body></html>"
)


class Habits:
    """Answers for all sites; knows the day and what each site holds."""

    def __init__(self, contents: Contents, port: int, seed: int = 0) -> None:
        self.day = 1
        self._contents = contents
        self._port = port
        self._draw = random.Random(seed)

    def answer(self, site: Site, watch: Watch, asked: Asked) -> Answer:
        """Return the answer to one request."""
        if site.kind == "hangs_at_once":
            return Answer(manner="never")
        if asked.path == "/robots.txt":
            return _robots(site)
        if asked.path == "/rules/robots.txt":
            return Answer(200, robots_text(site).encode(), "text/plain")
        habit = _HABITS.get(site.kind)
        found = habit(site, watch, asked) if habit else None
        if found is None and site.kind == "forbidden_redirect":
            found = self._lure(asked)
        return found if found is not None else self._page(site, watch, asked)

    def _page(self, site: Site, watch: Watch, asked: Asked) -> Answer:
        path = site.front if asked.path == _HOME else asked.path
        stored = self._contents.find(site, path, self.day)
        if stored is None:
            status = 410 if self._contents.was_there(site, path) else 404
            return Answer(status, b"<html><body>not here</body></html>")
        if stored.is_trap:
            return Answer(200, stored.body, manner=_TRAPS[site.kind], is_last=True)
        if manner := _MANNERS.get(site.kind):
            return Answer(200, stored.body, stored.content_type, manner=manner)
        return self._send(site, watch, asked, stored)

    def _send(self, site: Site, watch: Watch, asked: Asked, stored: Stored) -> Answer:
        tag, headers = self._validators(site, stored)
        is_last = site.kind == "closes"
        is_conditional = bool(asked.fields.keys() & _CONDITIONS)
        watch.conditional += is_conditional
        if is_conditional and _is_known(site, stored, tag, asked):
            return Answer(304, headers=headers, is_last=is_last)
        body = stored.body
        if site.is_noisy and stored.is_html:
            token = f"{self._draw.getrandbits(96):024x}"[: len(TOKEN)]
            body = body.replace(TOKEN.encode(), token.encode())
        if stored.packed and "gzip" in asked.fields.get("accept-encoding", ""):
            body = stored.packed
            headers = (*headers, "Content-Encoding: gzip", "Vary: Accept-Encoding")
        return Answer(200, body, stored.content_type, headers, is_last)

    def _validators(self, site: Site, stored: Stored) -> tuple[str, tuple[str, ...]]:
        weak = "W/" if site.number % 3 == 0 else ""
        tag = {
            "random": f'"{self._draw.getrandbits(48):x}"',
            "stale": '"always-the-same"',
        }.get(site.validators, f'{weak}"{stored.tag}"')
        headers = []
        if site.validators not in {"date", "none"}:
            headers.append(f"ETag: {tag}")
        if site.validators in {"both", "date", "ignored"}:
            headers.append(f"Last-Modified: {stored.changed}")
        return tag, tuple(headers)

    def _lure(self, asked: Asked) -> Answer | None:
        """Redirect to where no crawl may go, in six spellings."""
        _, found, told = asked.path.partition("/news/partner-")
        if not found or not told.isdigit():
            return None
        inside = f"{CONTROL_HOST}:{self._port}/latest/meta-data"
        number = int.from_bytes(bytes(map(int, CONTROL_HOST.split("."))), "big")
        spellings = (
            f"http://{inside}",
            f"http://127.21.254.1:{self._port}/latest/meta-data",
            "file:///etc/hostname",
            f"http://{number}:{self._port}/latest/meta-data",
            f"http://[::ffff:{CONTROL_HOST}]:{self._port}/latest/meta-data",
            f"//{inside}",
        )
        return _redirect(spellings[int(told) % len(spellings)])


_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_MANNERS: Mapping[str, Manner] = {"drips": "drips", "cut_short": "cut"}
_TRAPS: Mapping[str, Manner] = {"endless": "endless", "huge": "huge", "bomb": "bomb"}


def _is_known(site: Site, stored: Stored, tag: str, asked: Asked) -> bool:
    """Tell whether the visitor's copy is the current one."""
    if site.validators in {"none", "ignored"}:
        return False
    told = asked.fields.get("if-none-match")
    if told is not None:
        return site.validators != "date" and tag in told
    since = asked.fields.get("if-modified-since")
    return site.validators in {"both", "date"} and since == stored.changed


def _redirect(location: str, status: int = 302, *more: str) -> Answer:
    return Answer(status, headers=(f"Location: {location}", *more))


def _robots(site: Site) -> Answer:
    if site.kind == "robots_fails":
        return Answer(500, b"broken")
    if site.kind == "robots_moved":
        return _redirect("/rules/robots.txt", 301)
    if not site.has_robots:
        return Answer(404, b"none")
    text = robots_text(site)
    kind = "text/html" if text == ROBOTS_HTML else "text/plain"
    return Answer(200, text.encode(), kind)


Habit = Callable[[Site, Watch, Asked], Answer | None]


def _unavailable(_site: Site, _watch: Watch, _asked: Asked) -> Answer:
    return Answer(503, b"closed for repairs", headers=("Retry-After: 3600",))


def _stalls(_site: Site, _watch: Watch, _asked: Asked) -> Answer:
    return Answer(200, b"<html><body>one moment", manner="stalls")


def _moved_away(_site: Site, _watch: Watch, _asked: Asked) -> Answer:
    return _redirect("http://the-old-name.invalid/", 301)


def _loops(_site: Site, _watch: Watch, asked: Asked) -> Answer:
    return _redirect(_LOOP.get(asked.path, "/a"))


def _chains(site: Site, _watch: Watch, asked: Asked) -> Answer | None:
    target = _CHAIN.get(asked.path)
    if target is None:
        return None
    is_absolute = target == _HOME
    return _redirect(site.base + target if is_absolute else target, 301)


def _picky(_site: Site, _watch: Watch, asked: Asked) -> Answer | None:
    agent = asked.fields.get("user-agent", "").lower()
    if agent and not any(word in agent for word in _RUDE):
        return None
    return Answer(403, b"<h1>Forbidden</h1>")


def _rate_limited(_site: Site, watch: Watch, _asked: Asked) -> Answer | None:
    if not watch.is_rushed:
        return None
    return Answer(429, b"slower, please", headers=("Retry-After: 1",))


def _cookie_wall(_site: Site, _watch: Watch, asked: Asked) -> Answer | None:
    has_agreed = "agreed=1" in asked.fields.get("cookie", "")
    if has_agreed or asked.path.endswith("xml"):
        return None
    return _redirect(asked.path, 302, "Set-Cookie: agreed=1; Path=/")


def _calendar(_site: Site, watch: Watch, asked: Asked) -> Answer | None:
    _, found, told = asked.path.partition("/news/calendar-")
    year, _, month = told.partition("-")
    if not found or not (year.isdigit() and month.isdigit()):
        return None
    watch.trapped += 1
    after = int(year) * 12 + int(month)
    links = f'<a href="/news/calendar-{after // 12}-{after % 12 + 1:02d}">Next</a>'
    links += f'<a href="/news/calendar-{int(year) + 1}-{month}">Year</a>'
    return Answer(200, f"<html><body>{links} no entries</body></html>".encode())


def _sessions(_site: Site, watch: Watch, asked: Asked) -> Answer | None:
    _, found, told = asked.path.partition("sid=")
    if not found or not told.isdigit():
        return None
    watch.trapped += 1
    links = "".join(
        f'<a href="/news/index.php?sid={int(told) + step}">More</a>'
        for step in range(1, 6)
    )
    return Answer(200, f"<html><body>{links}</body></html>".encode())


def _soft_missing(_site: Site, _watch: Watch, asked: Asked) -> Answer | None:
    return Answer(200, _MISSING) if "/news/missing-" in asked.path else None


_HABITS: Mapping[str, Habit] = {
    "unavailable": _unavailable,
    "hangs_in_body": _stalls,
    "moved_away": _moved_away,
    "redirect_loop": _loops,
    "redirect_chain": _chains,
    "picky": _picky,
    "rate_limited": _rate_limited,
    "cookie_wall": _cookie_wall,
    "trap_calendar": _calendar,
    "trap_session": _sessions,
    "soft_missing": _soft_missing,
}
