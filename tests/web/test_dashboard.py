"""The dashboard as a browser without scripts gets it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import StorageError, UserError
from subak.web.page import Asked, Page, Shown
from tests.views.sample import SampleJournal, write_synthetic_run
from tests.web.asking import SECRET, Visitor, open_dashboard


def _visit(
    folder: Path,
    scenario: Callable[[Visitor], Coroutine[object, object, None]],
    *pages: Page,
) -> None:
    async def visiting() -> None:
        async with open_dashboard(folder, pages) as visitor:
            await scenario(visitor)

    asyncio.run(visiting())


def test_first_page_leads_to_the_one_workspace(tmp_path: Path) -> None:
    """One workspace needs no list."""
    write_synthetic_run(tmp_path / "intel", items=5)

    async def scenario(visitor: Visitor) -> None:
        answer = await visitor.get("/")
        assert (answer.status, answer.headers["location"]) == (303, "/w/intel/")
        assert (await visitor.get("/w/intel/")).status == 200

    _visit(tmp_path, scenario)


def test_first_page_lists_several_workspaces(tmp_path: Path) -> None:
    """Each with its folder, and a link to it."""
    write_synthetic_run(tmp_path / "intel", items=5)
    write_synthetic_run(tmp_path / "tax", items=5)

    async def scenario(visitor: Visitor) -> None:
        page = (await visitor.get("/")).text
        assert 'href="/w/intel/"' in page
        assert str(tmp_path / "tax") in page
        assert 'href="/"' in (await visitor.get("/w/tax/")).text

    _visit(tmp_path, scenario)


def test_now_shows_the_run_whole_without_a_script(tmp_path: Path) -> None:
    """State, stages, categories, charts, failures with what to do, files."""
    write_synthetic_run(tmp_path, items=60)

    async def scenario(visitor: Visitor) -> None:
        answer = await visitor.get(f"/w/{tmp_path.name}/")
        page = answer.text
        for words in (
            "partial",
            "<progress",
            'id="categories-h"',
            "Tokens per second over time",
            "no answer within 30 s",
            "What to do: open https://country-0017.example/",
            "out/site/index.html",
            '<noscript><meta http-equiv="refresh"',
            'data-stream="/w/',
            'aria-current="page"',
        ):
            assert words in page
        assert " style=" not in page
        assert "<script>" not in page
        assert "onclick" not in page

    _visit(tmp_path, scenario)


def test_now_escapes_what_pages_and_models_said(tmp_path: Path) -> None:
    """Names, errors and hints are foreign text: shown, never run."""
    journal = SampleJournal(tmp_path)
    evil = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    journal.begin(recipe=evil)
    journal.task("fetch", evil, "failed", at=1, labels={"category": evil})
    journal.attempt("fetch", evil, evil, evil, at=2, hint=evil)
    journal.event(3, "output.written", path=evil)
    journal.end(4, "failed")
    journal.save()

    async def scenario(visitor: Visitor) -> None:
        page = (await visitor.get(f"/w/{tmp_path.name}/")).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert page.count("&lt;script&gt;alert(1)") >= 5
        async with visitor.watching(f"/w/{tmp_path.name}/stream") as watch:
            (change,) = await watch.wait_changes(1)
        assert "<script>alert" not in str(change["fragments"])

    _visit(tmp_path, scenario)


def test_workspace_without_a_run_says_so_and_can_be_started(tmp_path: Path) -> None:
    """A fresh recipe folder is no error; every page leads to the start."""
    (tmp_path / "recipe.toml").write_text('name = "x"')
    page = Page("x", "x", "X", lambda _: Shown("error.html.j2"), place=1)

    async def scenario(visitor: Visitor) -> None:
        for path in (f"/w/{tmp_path.name}/", f"/w/{tmp_path.name}/x"):
            shown = (await visitor.get(path)).text
            assert "not run yet" in shown
            assert "Run now" in shown
            assert f'value="{SECRET.form}"' in shown

    _visit(tmp_path, scenario, page)


def test_journal_that_cannot_be_read_is_told_with_a_way_out(tmp_path: Path) -> None:
    """A file of another program is no crash."""
    (tmp_path / ".subak").mkdir()
    (tmp_path / ".subak" / "journal.db").write_bytes(b"nonsense" * 1000)

    async def scenario(visitor: Visitor) -> None:
        answer = await visitor.get(f"/w/{tmp_path.name}/")
        assert answer.status == 200
        assert "not a journal" in answer.text
        assert "move it away" in answer.text

    _visit(tmp_path, scenario)


def test_page_is_read_with_what_was_asked(tmp_path: Path) -> None:
    """Path, query and journal reach the page; its values reach the template."""
    journal = write_synthetic_run(tmp_path, items=5)
    seen: list[Asked] = []

    def read(asked: Asked) -> Shown:
        seen.append(asked)
        count = asked.db.execute("SELECT count(*) FROM run").get
        values = {"message": f"{count} runs", "where": "", "hint": ""}
        return Shown("error.html.j2", values, title="Mine")

    page = Page("run", "runs/{run}", "Run", read)

    async def scenario(visitor: Visitor) -> None:
        answer = await visitor.get(f"/w/{tmp_path.name}/runs/{journal.run}?page=3")
        assert "4 runs" in answer.text
        assert "<title>Mine ·" in answer.text

    _visit(tmp_path, scenario, page)
    (asked,) = seen
    assert asked.path == {"run": journal.run}
    assert asked.number("page") == 3
    assert asked.form is None
    assert not asked.is_alive


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UserError("no such thing", where="here", hint="try <that>"), 404),
        (StorageError("it is damaged", hint="try <that>"), 500),
    ],
)
def test_error_of_a_page_says_what_to_do_next(
    tmp_path: Path, error: UserError, status: int
) -> None:
    """What was raised on purpose is a page with message, place and way out."""
    write_synthetic_run(tmp_path, items=5)

    def read(_: Asked) -> Shown:
        raise error

    async def scenario(visitor: Visitor) -> None:
        answer = await visitor.get(f"/w/{tmp_path.name}/x")
        assert answer.status == status
        assert error.message in answer.text
        assert "What to do: try &lt;that&gt;" in answer.text

    _visit(tmp_path, scenario, Page("x", "x", "X", read))


def test_unknown_addresses_are_told(tmp_path: Path) -> None:
    """A wrong workspace, page or file leads back."""
    write_synthetic_run(tmp_path, items=5)

    async def scenario(visitor: Visitor) -> None:
        for path in ("/w/other/", "/w/other/stream", "/nothing", "/w/"):
            answer = await visitor.get(path)
            assert answer.status == 404
            assert 'href="/"' in answer.text
        assert (await visitor.get("/static/../door.py")).status == 404
        assert (await visitor.get("/static/none.css")).status == 404

    _visit(tmp_path, scenario)


def test_files_are_kept_by_the_browser_and_pages_are_not(tmp_path: Path) -> None:
    """A file's address changes with it; a page may hold what nobody else shall read."""
    write_synthetic_run(tmp_path, items=5)

    async def scenario(visitor: Visitor) -> None:
        page = await visitor.get(f"/w/{tmp_path.name}/")
        assert page.headers["cache-control"] == "no-store"
        start = page.text.index("/static/dashboard.css")
        path = page.text[start : page.text.index('"', start)]
        file = await visitor.get(path)
        assert "immutable" in file.headers["cache-control"]
        assert file.headers["content-type"].startswith("text/css")

    _visit(tmp_path, scenario)


@pytest.mark.parametrize(
    ("fields", "headers", "status", "said"),
    [
        ({"form_token": "x"}, {}, 400, "not one of this server"),
        ({}, {"content_type": "text/plain"}, 400, "only forms"),
        ({"pad": "x" * 70_000}, {}, 400, "too large"),
        ({}, {"origin": "http://evil.test"}, 403, "did not come from"),
        ({}, {}, 400, "nothing is running"),
    ],
)
def test_form_that_is_not_ours_does_nothing(
    tmp_path: Path,
    fields: dict[str, str],
    headers: dict[str, str],
    status: int,
    said: str,
) -> None:
    """Without token, origin and type nothing is done; a way out is told."""
    write_synthetic_run(tmp_path, items=5)

    async def scenario(visitor: Visitor) -> None:
        path = f"/w/{tmp_path.name}/do/stop"
        answer = await visitor.post(path, fields, **headers)
        assert answer.status == status
        assert said in answer.text
        assert (await visitor.get(path)).status == 405

    _visit(tmp_path, scenario)


def test_form_reaches_a_page_that_takes_it(tmp_path: Path) -> None:
    """Its fields without the token; the page sends the browser on."""
    write_synthetic_run(tmp_path, items=5)
    seen: list[object] = []

    def read(asked: Asked) -> Shown:
        seen.append(asked.form)
        return Shown(go_to=("ask", {"q": "a b"}))

    page = Page("ask", "ask", "Ask", read, takes_form=True)

    async def scenario(visitor: Visitor) -> None:
        answer = await visitor.post(f"/w/{tmp_path.name}/ask", {"question": "why?"})
        assert answer.status == 303
        assert answer.headers["location"] == f"/w/{tmp_path.name}/ask?q=a+b"

    _visit(tmp_path, scenario, page)
    assert seen == [{"question": "why?"}]


def test_stream_follows_the_journal(tmp_path: Path) -> None:
    """What a run writes is seen by who watches, in parts that changed."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "italy", at=1)
    journal.save()

    async def scenario(visitor: Visitor) -> None:
        async with visitor.watching(f"/w/{tmp_path.name}/stream") as watch:
            await watch.wait_changes(1)
            journal.task("fetch", "kenya", "failed", at=2)
            journal.attempt("fetch", "kenya", "Gone", "HTTP 404", at=3, hint="mend it")
            await asyncio.to_thread(journal.save)
            changes = await watch.wait_changes(2)
        later = changes[1]["fragments"]
        assert isinstance(later, dict)
        assert "HTTP 404" in later["failures"]
        assert "outputs" not in later
        assert "1 failed" in str(changes[1]["say"])

    _visit(tmp_path, scenario)


def test_dead_run_is_interrupted_whatever_its_row_says(tmp_path: Path) -> None:
    """A killed run still stands as running in the journal; nobody holds the lock."""
    (tmp_path / "recipe.toml").write_text('name = "x"')
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.begun("facts", "italy", at=1)
    journal.save()

    async def scenario(visitor: Visitor) -> None:
        page = (await visitor.get(f"/w/{tmp_path.name}/")).text
        assert "interrupted" in page
        assert "Go on" in page

    _visit(tmp_path, scenario)


def test_now_says_how_the_machine_fares(tmp_path: Path) -> None:
    """What was felt last, and why fewer calls run at once than might."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.event(
        1, "machine.sampled", cpu=0.83, memory_free=4_200_000_000, temperature=91.0
    )
    journal.event(2, "machine.eased", most=4, words="8 -> 4: 91 °C, above 85")
    journal.save()

    async def scenario(visitor: Visitor) -> None:
        page = (await visitor.get(f"/w/{tmp_path.name}/")).text
        assert "processors 83% busy, 4.2 GB of memory free, 91 °C" in page
        assert "8 -&gt; 4: 91 °C, above 85" in page

    with WorkspaceLock(Workspace(tmp_path)):
        _visit(tmp_path, scenario)
