"""A map as people use it: by keyboard, on a phone, in the dark, with a reader."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from subak.knowledge.results import Results
from subak.outputs.website import WebsiteWriter
from tests.outputs.countries import VAT, with_values
from tests.web.chromium import (
    PHONE,
    WIDE,
    is_wider_than_the_window,
    needs_chromium,
    open_browser,
    open_tab,
    severe_violations,
)

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_FILL = "getComputedStyle(document.querySelector('a[aria-label^={}] path')).fill"


@needs_chromium
def test_map_is_usable_without_a_mouse(results: Results, tmp_path: Path) -> None:
    """Colours are seen, nothing is too wide, and Enter on a country shows its proof."""
    WebsiteWriter().write(with_values(results, VAT), tmp_path)
    address = (tmp_path / "site" / "maps" / "tax--vat.html").as_uri()
    with open_browser() as browser:
        for size, is_dark in ((WIDE, False), (PHONE, True)):
            with open_tab(browser, size=size, is_dark=is_dark) as tab:
                tab.goto(address)
                assert not is_wider_than_the_window(tab)
                fills = [tab.evaluate(_FILL.format(x)) for x in ("Hungary", "Canada")]
                assert fills[0] != fills[1]
                tab.locator('a[aria-label^="Italy"]').focus()
                tab.keyboard.press("Enter")
                tab.wait_for_url("**/entities/*#tax--vat")
                assert "The standard rate is 22.0." in tab.inner_text("blockquote")


@needs_chromium
def test_map_reads_well_to_readers(results: Results, tmp_path: Path) -> None:
    """axe-core finds nothing serious, light or dark."""
    WebsiteWriter().write(with_values(results, VAT), tmp_path)
    with open_browser() as browser:
        # Not in `open_tab`: axe tries to fetch the style sheet, which the page forbids.
        tab = browser.new_page()
        tab.goto((tmp_path / "site" / "maps" / "tax--vat.html").as_uri())
        for scheme in _SCHEMES:
            tab.emulate_media(color_scheme=scheme)
            assert severe_violations(tab) == []
        tab.close()
