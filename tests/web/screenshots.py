"""python -m tests.web.screenshots: pictures of every page for docs/img.

A workspace of the demo with the echo model, a made-up run that is at work, and a map of
the site of a larger demo.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from tests.web.at_work import write_run_at_work
from tests.web.chromium import PHONE, WIDE, open_browser, open_tab
from tests.web.serving import serving_dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_MOST_PIXELS = 1_600
_IMAGES = Path(__file__).parent.parent.parent / "docs" / "img"
# What to click, one link after another, to come to a page of that name.
_WAYS = {
    "runs": ("Runs",),
    "documents": ("Documents",),
    "facts": ("Facts",),
    "articles": ("Articles",),
    "settings": ("Settings",),
}
_LINKS = {
    "run": ("Runs", "main td a, main th a"),
    "document": ("Documents", "main td a, main th a"),
    "article": ("Articles", "main a[href*='/articles/']"),
}


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        _run_demo(root / "demo")
        with open_browser() as browser:
            _take_map(browser, Path(name) / "beside" / "map")
        working = root / "morning"
        write_run_at_work(working)
        with (
            WorkspaceLock(Workspace(working)),
            serving_dashboard(root) as (_, address),
            open_browser() as browser,
        ):
            _take_all(browser, address)


def _run_demo(folder: Path, *words: str) -> None:
    demo = [sys.executable, "-m", "subak", "demo", "--fast", "--dir", str(folder)]
    environment = {**os.environ, "SUBAK_SEMANTIC": "false"}
    subprocess.run([*demo, *words], check=True, capture_output=True, env=environment)


def _take_map(browser: Browser, folder: Path) -> None:
    _run_demo(folder, "--countries", "12", "--days", "1")
    page = folder / "out" / "site" / "maps" / "economy--unemployment.html"
    with open_tab(browser) as tab:
        tab.goto(page.as_uri())
        _take(tab, "site-map")


def _take_all(browser: Browser, address: str) -> None:
    start = f"http://{urlsplit(address).netloc}/w"
    with open_tab(browser) as tab:
        tab.goto(address)
        for name, way in _WAYS.items():
            tab.goto(f"{start}/demo/")
            for words in way:
                tab.get_by_role("link", name=words, exact=True).first.click()
            _take(tab, f"dashboard-{name}")
        for name, (words, link) in _LINKS.items():
            tab.goto(f"{start}/demo/")
            tab.get_by_role("link", name=words, exact=True).first.click()
            tab.locator(link).first.click()
            _take(tab, f"dashboard-{name}")
        cited = tab.locator("sup.cite a")
        if cited.count():
            cited.first.click()
            tab.wait_for_timeout(1_000)  # it scrolls there
            _take(tab, "dashboard-proof", is_whole=False)
    for size, is_dark, name in (
        (WIDE, False, "now"),
        (WIDE, True, "now-dark"),
        (PHONE, False, "now-phone"),
    ):
        with open_tab(browser, size=size, is_dark=is_dark) as tab:
            tab.goto(address)
            tab.goto(f"{start}/morning/")
            _take(tab, f"dashboard-{name}")


def _take(tab: Page, name: str, *, is_whole: bool = True) -> None:
    """Take a picture of what is shown, or of the page down to some depth."""
    tab.wait_for_load_state("load")
    path = _IMAGES / f"{name}.png"
    size = tab.viewport_size or {"width": WIDE[0], "height": WIDE[1]}
    if is_whole:
        depth = int(tab.evaluate("document.documentElement.scrollHeight"))
        height = min(max(depth, size["height"]), _MOST_PIXELS)
        tab.set_viewport_size({"width": size["width"], "height": height})
    tab.screenshot(path=path)
    tab.set_viewport_size(size)
    print(path)  # noqa: T201 - a tool for those who write the docs


if __name__ == "__main__":
    main()
