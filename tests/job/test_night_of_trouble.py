"""A night of trouble, and what a reader who knows nothing is told of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from subak.api import export, report
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.views.articles import read_articles
from subak.views.brief import brief, brief_title
from subak.views.bulletin import Bulletin, read_bulletin
from subak.views.recorded_run import read_recorded_run
from subak.views.status import Status, read_status
from subak.views.summary import RunSummary
from tests.job.night import bad_night
from tests.page_outline import check_reaches_nothing
from tests.web.asking import open_dashboard
from tests.web.chromium import (
    PHONE,
    WIDE,
    is_wider_than_the_window,
    needs_chromium,
    open_browser,
    open_tab,
    severe_violations,
)


@dataclass(frozen=True, slots=True)
class _Night:
    folder: Path
    day: RunSummary
    night: RunSummary
    status: Status
    bulletin: Bulletin


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> _Night:
    """Live through it once."""
    folder = tmp_path_factory.mktemp("night")
    day, summary = asyncio.run(bad_night(folder))
    database = open_reader(Workspace(folder).journal)
    status = read_status(database, is_alive=False)
    bulletin = read_bulletin(database, status, read_recorded_run(database))
    database.close()
    return _Night(folder, day, summary, status, bulletin)


def test_night_is_as_bad_as_it_was_to_be(night: _Night) -> None:
    """Good before; then a dead site, three refusals, a category that fails."""
    assert (night.day.status, night.day.failures) == ("done", ())
    assert night.night.status == "partial"
    assert night.night.facts.refused == 3
    stages = {failure.stage for failure in night.night.failures}
    assert stages == {"fetch", "verify"}


def test_bulletin_says_what_needs_a_person_and_what_to_type(night: _Night) -> None:
    """Category, site, refusals: what, why, what stands meanwhile, and a command."""
    category, site, refused = night.bulletin.needs
    assert "no new article on “permits”" in category.what
    assert "stays published, marked" in category.meanwhile
    assert "nothing provable" in category.why
    assert "127.0.0.2" in site.what
    assert "stays in use" in site.meanwhile
    assert refused.what.startswith("3 proposed values were refused")
    assert [need.can_wait for need in night.bulletin.needs] == [False, False, True]
    recipe = night.folder / "recipe.toml"
    assert category.command == "subak why verify/permits"
    assert site.command == f"subak run {recipe}"
    assert refused.command.startswith("subak why ")
    assert night.bulletin.needs_person


def test_bulletin_tells_fresh_from_old_and_mended(night: _Night) -> None:
    """Tax and visa are fresh, the dead site's page old, the restart no trouble."""
    bulletin = night.bulletin
    assert "2 of 3 categories are fresh; permits stands as it was." in bulletin.verdict
    assert any(line.startswith("tax: 6 values proved") for line in bulletin.fresh)
    assert any("1 page of the source" in one.what and one.since for one in bulletin.old)
    assert len([line for line in bulletin.mended if "model server" in line]) == 1
    assert "sent again and answered" in " ".join(bulletin.mended)


def test_brief_reads_as_text_and_says_the_same(night: _Night) -> None:
    """The Markdown holds each need with its command; the subject counts them."""
    text = brief(night.status, night.bulletin)
    assert text.startswith("# night: 2 things need a person\n")
    for need in night.bulletin.needs:
        assert f"`{need.command}`" in text
    title = brief_title(night.status, night.bulletin)
    assert title == "subak night: 2 things need a person"


def test_article_that_failed_stays_published(night: _Night) -> None:
    """In the files, in what readers of the journal see, and in an export: marked."""
    note = "No newer article could be written. This one is of"
    assert note in (night.folder / "out/articles/permits.md").read_text()
    assert note in (night.folder / "out/site/articles/permits.html").read_text()
    assert note not in (night.folder / "out/articles/tax.md").read_text()
    database = open_reader(Workspace(night.folder).journal)
    kept = {one.slug: one.is_kept for one in read_articles(database).articles}
    database.close()
    assert kept == {"permits": True, "tax": False, "visa": False}
    target = night.folder / "exported"
    export(night.folder, "markdown", target)
    names = ("permits.md", "permits.json", "tax.md")
    for name in names:
        written = (night.folder / "out" / "articles" / name).read_bytes()
        assert (target / "articles" / name).read_bytes() == written


def test_dashboard_says_what_stands_as_it_was(night: _Night) -> None:
    """Its first sentence is about what is published; the failures follow."""

    async def scenario() -> str:
        async with open_dashboard(night.folder, ()) as visitor:
            answer = await visitor.get(f"/w/{night.folder.name}/")
            return answer.body.decode()

    page = asyncio.run(scenario())
    assert "2 of 3 categories are fresh; permits stands as it was." in page
    assert "no value and no sentence to quote" in page


def test_report_opens_with_the_bulletin(night: _Night) -> None:
    """The first section of the page is the bulletin, before any number."""
    html = report(night.folder).read_text(encoding="utf-8")
    check_reaches_nothing(html)
    assert html.index('id="bulletin"') < html.index('aria-label="The run in numbers"')
    assert "subak why" in html


@needs_chromium
def test_first_screen_holds_all_of_it_and_is_accessible(night: _Night) -> None:
    """A window of 1280 x 900 shows the whole bulletin; axe finds nothing serious."""
    page = report(night.folder).resolve().as_uri()
    with open_browser() as browser:
        with open_tab(browser) as tab:
            tab.goto(page)
            box = tab.locator("#bulletin").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= WIDE[1]
            assert severe_violations(tab) == []
        with open_tab(browser, size=PHONE, is_dark=True) as tab:
            tab.goto(page)
            assert not is_wider_than_the_window(tab)
            assert severe_violations(tab) == []
