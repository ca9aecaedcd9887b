"""The dashboard driven as a person drives it, in a real browser, over a real run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

import pytest

from subak.engine.holder import find_holder
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.testing.model_server import FakeModelServer
from subak.testing.model_settings import FakeSettings
from subak.testing.site import FakeSite
from tests.job.serving import served, write_job
from tests.views.sample import BASE
from tests.web.at_work import write_run_at_work
from tests.web.chromium import (
    PHONE,
    WIDE,
    is_wider_than_the_window,
    needs_chromium,
    open_browser,
    open_tab,
    severe_violations,
)
from tests.web.serving import PATIENCE_S, serving_dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [needs_chromium, pytest.mark.timeout(180)]
_KENYA = "/kenya"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Scene:
    """A site, a model and a dashboard over a recipe that has not run yet."""

    folder: Path
    site: FakeSite
    address: str

    @property
    def home(self) -> str:
        return f"http://{urlsplit(self.address).netloc}/w/{self.folder.name}/"

    def wait_end(self) -> None:
        """Wait until nothing runs."""
        deadline = time.monotonic() + PATIENCE_S
        while find_holder(Workspace(self.folder)) is not None:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[_Scene]:
    """Serve three pages, one of them missing, and a model that takes its time."""
    model = FakeModelServer(settings=FakeSettings(token_s=0.01, slots=2))
    with served(model) as (site, server):
        kenya = site.pages.pop(_KENYA)
        folder = tmp_path / "job"
        write_job(folder, site, f"openai:fake@{server.url}/v1")
        with serving_dashboard(folder) as (_, address):
            scene = _Scene(folder, site, address)
            yield scene
            scene.wait_end()
            site.pages[_KENYA] = kenya


def _text(tab: Page, name: str) -> str:
    return tab.locator(f"[data-live={name}]").inner_text()


def _wait_state(tab: Page, *states: str) -> None:
    wanted = ", ".join(f"[data-live=state] .pill.{state}" for state in states)
    tab.wait_for_selector(wanted)


def _load_until(tab: Page, scene: _Scene, state: str) -> None:
    """Load the page anew, as it does itself, until it has seen that state."""
    while state not in _text(tab, "state"):
        time.sleep(0.1)
        tab.goto(scene.home)


def test_run_is_started_watched_mended_and_read(
    browser: Browser, scene: _Scene
) -> None:
    """Start, watch live to the end, read a failure's trace, re-run it, open a proof."""
    with open_tab(browser) as tab:
        tab.goto(scene.address)
        assert "token" not in tab.url
        assert "not run yet" in _text(tab, "state")
        tab.get_by_role("button", name="Run now").click()
        tab.evaluate("window.unchanged = true")
        _wait_state(tab, "partial")
        assert tab.evaluate("window.unchanged")  # it was never loaded anew
        assert "failed" in tab.locator("#live-announce").inner_text()
        assert "Companies" not in _text(tab, "stages")
        _read_trace(tab, scene)
        _run_again(tab, scene)
        _open_proof(tab)


def _read_trace(tab: Page, scene: _Scene) -> None:
    """Read why the page failed."""
    failures = tab.locator("[data-live=failures]")
    assert "404" in failures.inner_text()
    assert "What to do:" in failures.inner_text()
    failures.get_by_role("link", name="Trace").first.click()
    tab.wait_for_load_state()
    shown = tab.locator("main").inner_text()
    assert "404" in shown
    assert scene.site.url(_KENYA) in shown
    tab.goto(scene.home)


def _run_again(tab: Page, scene: _Scene) -> None:
    """Put the page back, run the one item again, and see that it is mended."""
    page = str(scene.site.pages["/italy"]).replace("Italy", "Kenya")
    scene.site.pages[_KENYA] = page
    scene.site.requests.clear()
    tab.get_by_role("button", name="Run again").first.click()
    _wait_state(tab, "done")
    assert tab.locator("[data-live=failures] li").count() == 0
    assert _KENYA in scene.site.paths


def _open_proof(tab: Page) -> None:
    """Open a citation: what is highlighted is the quote, word for word."""
    tab.get_by_role("link", name="Articles").click()
    tab.locator("main a[href*='/articles/']").first.click()
    cited = tab.locator("sup.cite a").first
    quote = cited.get_attribute("title") or ""
    address = cited.get_attribute("href") or ""
    assert quote
    cited.click()
    tab.wait_for_load_state()
    mark = unquote(urlsplit(address).fragment)
    assert mark
    highlighted = tab.locator(f"[id='{mark}']")
    assert " ".join(highlighted.inner_text().split()) == " ".join(quote.split())
    tab.wait_for_function(
        "id => { const box = document.getElementById(id).getBoundingClientRect();"
        " return box.top >= 0 && box.bottom <= window.innerHeight }",
        arg=mark,
    )


def test_everything_works_without_a_script(browser: Browser, scene: _Scene) -> None:
    """Forms start, repeat and stop; the page asks for itself anew."""
    with open_tab(browser, has_scripts=False) as tab:
        tab.goto(scene.address)
        tab.get_by_role("button", name="Run now").click()
        assert tab.url == scene.home
        _load_until(tab, scene, "partial")
        assert "404" in _text(tab, "failures")
        assert tab.locator("meta[http-equiv=refresh]").count() == 1
        tab.get_by_role("button", name="Run again").first.click()
        assert tab.url == scene.home


def test_keyboard_alone_is_enough(browser: Browser, scene: _Scene) -> None:
    """Skip link, navigation, start and stop are reached by Tab and used by Enter."""
    with open_tab(browser) as tab:
        tab.goto(scene.address)
        tab.keyboard.press("Tab")
        assert _focused(tab) == "Skip to the content"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "main"
        _tab_to(tab, "Run now")
        tab.keyboard.press("Enter")
        _wait_state(tab, "running", "stopping", "partial")
        _wait_state(tab, "partial", "done")
        tab.reload()
        _tab_to(tab, "Runs")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/runs")
        assert tab.locator("h1").inner_text()


def test_focus_and_open_parts_stay_while_the_page_changes(
    browser: Browser, tmp_path: Path
) -> None:
    """A part that is replaced gives focus and what was unfolded to its successor."""
    journal = _aside(lambda: write_run_at_work(tmp_path / "morning"))
    with (
        WorkspaceLock(Workspace(journal.folder)),
        serving_dashboard(journal.folder) as (_, address),
        open_tab(browser) as tab,
    ):
        tab.goto(address)
        failures = tab.locator("[data-live=failures]")
        failures.locator("summary").click()
        failures.get_by_role("link", name="Trace").first.focus()
        key = tab.evaluate("document.activeElement.dataset.key")
        assert key.startswith("trace fetch ")
        tab.evaluate("window.replaced = document.activeElement")
        at = time.time() - BASE
        journal.task("fetch", "one-more", "failed", at=at)
        journal.attempt("fetch", "one-more", "Gone", "HTTP 410", at=at)
        _aside(journal.save)
        tab.wait_for_selector("text=HTTP 410")
        assert not tab.evaluate("window.replaced.isConnected")
        assert tab.evaluate("document.activeElement.dataset.key") == key
        assert tab.evaluate("document.querySelector('#live-failures details').open")


def _aside(work: Callable[[], T]) -> T:
    """Do in a thread what needs an event loop: Playwright's is running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _focused(tab: Page) -> str:
    return str(tab.evaluate("document.activeElement.innerText || ''")).strip()


def _tab_to(tab: Page, words: str) -> None:
    for _ in range(60):
        tab.keyboard.press("Tab")
        if _focused(tab).startswith(words):
            return
    pytest.fail(f"no '{words}' within 60 tabs")


@pytest.mark.parametrize(
    ("size", "is_dark"), [(WIDE, False), (PHONE, True)], ids=["light", "dark-phone"]
)
def test_every_page_fits_and_is_accessible(
    browser: Browser, scene: _Scene, size: tuple[int, int], is_dark: bool
) -> None:
    """No page scrolls sideways or has a serious violation, in light and dark."""
    with open_tab(browser, size=size, is_dark=is_dark) as tab:
        tab.goto(scene.address)
        assert severe_violations(tab) == []
        tab.get_by_role("button", name="Run now").click()
        _wait_state(tab, "partial")
        for path in _pages(tab, scene):
            tab.goto(path)
            assert severe_violations(tab) == [], path
            assert not is_wider_than_the_window(tab), path


def _pages(tab: Page, scene: _Scene) -> list[str]:
    """Return a page of each kind: what Now leads to, and what these lead to."""
    found = {_kind(scene.home, scene): scene.home}
    for _ in range(3):
        for path in list(found.values()):
            tab.goto(path)
            links = tab.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            for link in links:
                link = link.partition("#")[0]
                if link.startswith(scene.home):
                    found.setdefault(_kind(link, scene), link)
    assert len(found) >= 10
    return list(found.values())


def _kind(link: str, scene: _Scene) -> str:
    """Return the first part of an address below the workspace, and how deep it is."""
    parts = urlsplit(link).path.removeprefix(urlsplit(scene.home).path).split("/")
    return f"{parts[0]}:{len(parts)}"
