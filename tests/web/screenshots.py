"""python -m tests.web.screenshots: pictures of every page for docs/img.

A workspace of the demo with the echo model, and a made-up run that is at work.
"""

from __future__ import annotations

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
        demo = [sys.executable, "-m", "subak", "demo", "--fast", "--dir"]
        subprocess.run([*demo, str(root / "demo")], check=True, capture_output=True)
        working = root / "morning"
        write_run_at_work(working)
        with (
            WorkspaceLock(Workspace(working)),
            serving_dashboard(root) as (_, address),
            open_browser() as browser,
        ):
            _take_all(browser, address)


def _take_all(browser: Browser, address: str) -> None:
    start = f"http://{urlsplit(address).netloc}/w"
    with open_tab(browser) as tab:
        tab.goto(address)
        for name, way in _WAYS.items():
            tab.goto(f"{start}/demo/")
            for words in way:
                tab.get_by_role("link", name=words, exact=True).first.click()
            _take(tab, name)
        for name, (words, link) in _LINKS.items():
            tab.goto(f"{start}/demo/")
            tab.get_by_role("link", name=words, exact=True).first.click()
            tab.locator(link).first.click()
            _take(tab, name)
        cited = tab.locator("sup.cite a")
        if cited.count():
            cited.first.click()
            tab.wait_for_timeout(1_000)  # it scrolls there
            _take(tab, "proof", is_whole=False)
    for size, is_dark, name in (
        (WIDE, False, "now"),
        (WIDE, True, "now-dark"),
        (PHONE, False, "now-phone"),
    ):
        with open_tab(browser, size=size, is_dark=is_dark) as tab:
            tab.goto(address)
            tab.goto(f"{start}/morning/")
            _take(tab, name)


def _take(tab: Page, name: str, *, is_whole: bool = True) -> None:
    tab.wait_for_load_state("load")
    path = _IMAGES / f"dashboard-{name}.png"
    tab.screenshot(path=path, full_page=is_whole)
    print(path)  # noqa: T201 - a tool for those who write the docs


if __name__ == "__main__":
    main()
