"""The recipe `research`: questions answered only by the sources of a country."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from subak.api import RunRequest, run
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakePage, FakeSite
from subak.testing.wiki import FakeArticle, FakeWiki
from tests.job.serving import serving
from tests.recipes.shipped import LOOPBACK, python_of, start_with_wiki
from tests.stages.pointing import answering, reword

PAGES = {
    "Taxation in Thailand": """<p>The corporate tax of Thailand is 20 percent. Companies
file a return within 150 days of the end of their year.</p>""",
    "Visa policy of Thailand": """<p>Visitors of 93 countries enter Thailand without a
visa for 60 days. The visa fee of Thailand is 2,000 baht.</p>""",
    "Economy of Thailand": """<p>Exports of goods make up 60 percent of the GDP of
Thailand.</p>""",
}
GUIDE = """<html lang="en"><head><title>Working in Thailand</title></head><body><main>
<h1>Working in Thailand</h1><p>Foreign workers need a work permit of the Department of
Employment before their first day of employment.</p><p>The visa fee of Thailand is 2,000
baht.</p></main></body></html>"""
NOWHERE = GUIDE.replace("Working in Thailand", "Working abroad")


@contextmanager
def _research(folder: Path) -> Iterator[FakeModelServer]:
    """Write the recipe, with a site of guides, for what is there during the block."""
    wiki = FakeWiki(*(FakeArticle(title, html) for title, html in PAGES.items()))
    site = FakeSite({"/guide": FakePage(GUIDE), "/abroad": FakePage(NOWHERE)})
    server = FakeModelServer(answering("sentences", reword))
    with serving(wiki, site, server):
        spec = f"openai:fake@{server.url}/v1"
        path = start_with_wiki("research", folder, wiki, ["Thailand"], spec)
        urls = f'["{site.url("/guide")}", "{site.url("/abroad")}"]'
        guides = (
            f'name = "guides"\nkind = "page"\nurls = {urls}\ntier = 1\n{LOOPBACK}\n'
        )
        text = path.read_text(encoding="utf-8")
        source = f'[[source]]\n{guides}category = "research"\n\n[[profile]]'
        path.write_text(text.replace("[[profile]]", source, 1), encoding="utf-8")
        yield server


def _text(folder: Path) -> str:
    return (folder / "out" / "texts" / "thailand.txt").read_text(encoding="utf-8")


def test_research_answers_from_all_documents_of_a_country(tmp_path: Path) -> None:
    """Pages of a wiki and of a site meet in one text; what two say is said once."""
    with _research(tmp_path):
        summary = run(RunRequest(str(tmp_path), workers=0))
    assert summary.status == "done"
    body, _, notes = _text(tmp_path).partition('[1] "')
    assert "Thailand: what the sources say" in body
    for said in (
        "Thailand's corporate tax is 20 percent.",
        "Foreign workers need a work permit of the Department of Employment",
        "Exports of goods make up 60 percent of the GDP of Thailand.",
    ):
        assert said in body
    assert body.count("2,000 baht") == 1
    assert "/guide" in notes
    assert "/abroad" not in notes


def test_research_asks_about_nothing_the_sources_do_not_speak_of(
    tmp_path: Path,
) -> None:
    """Every call shows a passage; no question goes out without one."""
    with _research(tmp_path) as server:
        run(RunRequest(str(tmp_path), workers=0))
        shown = [one.messages[-1].content for one in server.asked]
    assert 0 < len(shown) <= 4
    assert all("Thailand" in text or "Foreign workers" in text for text in shown)


def test_python_of_the_docs_does_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page about the recipe shows runs as it stands."""
    monkeypatch.chdir(tmp_path)
    with _research(Path("research")):
        exec(compile(python_of("recipe-research.md"), "recipe-research.md", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.startswith("done ")
    assert "Thailand: what the sources say" in shown
