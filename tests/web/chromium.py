"""The system's Chromium without a window, for tests that see what people see."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from subak.errors import UserError
from subak.sources.browser import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, PHONE = (1280, 900), (390, 844)
_PATIENCE_MS = 30_000
_SEVERE = frozenset({"serious", "critical"})


def _is_there() -> bool:
    wanted = ("playwright", "axe_playwright_python")
    if not all(importlib.util.find_spec(name) for name in wanted):
        return False
    try:
        return bool(find_chromium())
    except UserError:
        return False


needs_chromium = pytest.mark.skipif(
    not _is_there(), reason="needs playwright, axe and a Chromium of the system"
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium for the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@contextmanager
def open_tab(
    browser: Browser,
    *,
    size: tuple[int, int] = WIDE,
    has_scripts: bool = True,
    is_dark: bool = False,
) -> Iterator[Page]:
    """Open a tab with a profile of its own; its console must stay without errors."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        java_script_enabled=has_scripts,
        color_scheme="dark" if is_dark else "light",
    )
    context.set_default_timeout(_PATIENCE_MS)
    tab = context.new_page()
    said: list[str] = []
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on(
        "console", lambda one: said.append(one.text) if one.type == "error" else None
    )
    yield tab
    context.close()
    assert said == []


def severe_violations(tab: Page) -> list[str]:
    """Return what axe-core finds serious on the page that is shown, in words."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {[node['html'] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in _SEVERE
    ]


def is_wider_than_the_window(tab: Page) -> bool:
    """Tell whether one would have to scroll sideways."""
    return bool(
        tab.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    )
