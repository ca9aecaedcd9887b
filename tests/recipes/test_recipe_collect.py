"""The recipe `collect`: pages in, text files out, no model asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.api import RunRequest, arun
from subak.testing.extractor import FakeExtractor
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary
from tests.job.pages import pages
from tests.job.serving import serving
from tests.recipes.shipped import LIST, LOOPBACK, python_of, start

PAGES = {"germany": "Germany", "italy": "Italy", "kenya": ""}


def _write(folder: Path, site: FakeSite) -> None:
    path = start("collect", folder, replaced={LIST: f"{LIST}{LOOPBACK}\n"})
    rows = [
        f"{name},page,{site.url(f'/{name}')},tax,{entity}"
        for name, entity in PAGES.items()
    ]
    text = "\n".join(["name,kind,url,category,entities", *rows])
    (path.parent / "sources.csv").write_text(text)


async def _run(folder: Path) -> RunSummary:
    return await arun(RunRequest(str(folder), workers=0))


def _texts(folder: Path) -> dict[str, str]:
    found = sorted((folder / "out" / "texts").iterdir())
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def test_collect_writes_one_text_a_page(tmp_path: Path) -> None:
    """Title, source and time stand on top of the page's own text; furniture is gone."""

    async def scenario() -> RunSummary:
        async with FakeSite(pages()) as site:
            _write(tmp_path, site)
            return await _run(tmp_path)

    summary = asyncio.run(scenario())
    assert (summary.status, summary.calls.sent) == ("done", 0)
    assert any("texts" in path for path in summary.outputs)
    texts = _texts(tmp_path)
    kenya, germany, italy = texts
    assert (germany, italy) == ("germany.txt", "italy.txt")
    assert kenya.startswith("127-0-0-1-")
    assert "-kenya-" in kenya
    head, body = texts[germany].split("\n\n", 1)
    lines = head.splitlines()
    assert lines[0] == "Germany"
    assert lines[1].startswith("Source: http://127.0.0.1:")
    assert lines[2].startswith("Read: 20")
    assert "The standard rate of value added tax is 19 percent." in body
    assert "Home" not in body


def test_collect_again_changes_only_what_changed(tmp_path: Path) -> None:
    """An equal page gives equal bytes, a page that is gone loses its file."""

    async def scenario() -> tuple[dict[str, str], dict[str, str]]:
        async with FakeSite(pages()) as site:
            _write(tmp_path, site)
            await _run(tmp_path)
            before = _texts(tmp_path)
            page = site.pages["/italy"]
            assert isinstance(page, str)
            site.pages["/italy"] = page.replace("22 percent", "23 percent")
            del site.pages["/kenya"]
            await _run(tmp_path)
            return before, _texts(tmp_path)

    before, after = asyncio.run(scenario())
    assert after["germany.txt"] == before["germany.txt"]
    assert "23 percent" in after["italy.txt"]
    assert set(after) == {"germany.txt", "italy.txt"}


def test_collect_through_an_extractor(tmp_path: Path) -> None:
    """Its pages are asked for two at once, and what it can't read fails alone."""
    urls = [f"https://tax.example.org/{number}" for number in range(5)]
    texts = {url: f"Tax guide {url[-1]}. " + "All is taxed. " * 20 for url in urls[:4]}

    async def scenario() -> RunSummary:
        extractor = FakeExtractor(texts)
        async with extractor:
            path = start("collect", tmp_path)
            text = path.read_text(encoding="utf-8")
            head, rest = text.split("[[source]]\n", 1)
            asked = ", ".join(f'"{url}"' for url in urls)
            source = (
                f'[[source]]\nkind = "extractor"\nurl = "{extractor.base}"\n'
                f"urls = [{asked}]\n{LOOPBACK}\n"
            )
            text = head + source + rest.split('list = "sources.csv"\n', 1)[1]
            path.write_text(text, encoding="utf-8")
            summary = await _run(tmp_path)
            assert sorted(extractor.asked) == urls
            assert extractor.peak <= 2
            return summary

    summary = asyncio.run(scenario())
    assert summary.status == "partial"
    found = _texts(tmp_path)
    assert len(found) == 4
    assert all("Tax guide" in text for text in found.values())


def test_python_of_the_docs_does_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page about the recipe shows runs as it stands."""
    monkeypatch.chdir(tmp_path)
    site = FakeSite(pages())
    with serving(site):
        _write(Path("collect"), site)
        exec(compile(python_of("recipe-collect.md"), "recipe-collect.md", "exec"), {})
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "3 new, 0 unchanged"
    assert shown[2].startswith("germany.txt | Germany | Source: http://127.0.0.1:")
