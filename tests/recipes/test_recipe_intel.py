"""The recipe `intel`: many sites in, an article a category and one digest out."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from subak.api import RunRequest, aplan, arun
from subak.recipes.load import find_recipe, load_recipe
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary
from tests.job.serving import serving
from tests.recipes.shipped import LIST, LOOPBACK, facts_in, python_of, start
from tests.slow import asks_the_model

NEWS = {
    "immigration": "The immigration office opened a second counter for stay permits in "
    "Denpasar on 3 November 2026. Applicants must book an appointment two days before.",
    "tax": "The tax office moved the deadline for annual returns of firms to 30 April "
    "2027. Late returns cost a fine of 1,000,000 rupiah.",
    "property": "The land agency registered 412 leases in Badung in October 2026. "
    "Foreign firms hold 38 of these leases through local subsidiaries.",
}
RATES = """<p>This sheet lists the rates in force in Indonesia.</p><table><thead><tr>
<th>Rate</th><th>Value</th></tr></thead><tbody><tr><td>Standard rate of value added tax
(PPN)</td><td>{vat} %</td></tr><tr><td>Corporate income tax (PPh badan)</td><td>22 %
</td></tr></tbody></table>"""


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>'
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    )


def _site(vat: int = 11) -> FakeSite:
    pages: dict[str, str] = {
        f"/{category}/2026-11": _page(
            f"{category.title()} news of November", f"<p>{text}</p>"
        )
        for category, text in NEWS.items()
    }
    pages["/rates"] = _page("Tax rates of Indonesia", RATES.format(vat=vat))
    return FakeSite(pages)


def _write(folder: Path, site: FakeSite, model: str = "echo") -> None:
    replaced = {LIST: f"{LIST}{LOOPBACK}\n", 'every = "12h"\n': ""}
    start("intel", folder, model, replaced)
    rows = [
        f"{category},page,{site.url(f'/{category}/2026-11')},{category},2,"
        for category in NEWS
    ]
    rows.append(f"rates,page,{site.url('/rates')},rates,1,Indonesia")
    rows += [  # a category without a page would be refused as a slip
        f"{category},page,{site.url(f'/{category}/none')},{category},3,"
        for category in _categories()
        if category not in {*NEWS, "rates"}
    ]
    text = "\n".join(["name,kind,url,category,tier,entities", *rows])
    (folder / "sources.csv").write_text(text)


def _categories() -> list[str]:
    recipe = load_recipe(find_recipe("intel"))
    named = [section.category for section in recipe.claims]
    return [*named, *(section.category for section in recipe.facts)]


async def _run(folder: Path) -> RunSummary:
    return await arun(RunRequest(str(folder), workers=0))


def test_intel_has_fourteen_categories_each_with_sources() -> None:
    """None of its categories is without a line in the list, nor the other way round."""
    recipe = load_recipe(find_recipe("intel"))
    assert len(_categories()) == len(set(_categories())) == 14
    assert {source.category for source in recipe.source} == set(_categories())
    urls = [url for source in recipe.source for url in (source.url, *source.urls)]
    assert all(re.match(r"https://[\w.-]+\.example\.org/", url) for url in urls)


def test_intel_plans_every_source(tmp_path: Path) -> None:
    """The plan counts the sources before anything was fetched."""
    site = FakeSite()
    _write(tmp_path, site)
    plan = asyncio.run(aplan(RunRequest(str(tmp_path), workers=0)))
    assert sum(kind.sources for kind in plan.sources) == 14


def test_intel_writes_articles_and_a_digest(tmp_path: Path) -> None:
    """A category without news, or with a dead site, stops no other one."""

    async def scenario() -> RunSummary:
        async with _site() as site:
            _write(tmp_path, site)
            return await _run(tmp_path)

    summary = asyncio.run(scenario())
    assert summary.status == "partial"  # ten sites are not there
    assert len(summary.failed_sites) == 10
    found = facts_in(tmp_path)
    assert found["Indonesia", "vat_standard"]["value"] == 11
    digest = (tmp_path / "out" / "digest.md").read_text(encoding="utf-8")
    assert digest.startswith("# Bali this morning, ")
    assert "second counter for stay permits" in digest
    assert "412 leases" in digest
    assert "Indonesia, standard VAT rate: 11%" in digest
    articles = {path.stem for path in (tmp_path / "out" / "articles").glob("*.md")}
    assert articles >= {"immigration", "tax", "property", "rates"}


def test_intel_tells_the_next_morning_what_changed(tmp_path: Path) -> None:
    """The digest names the old rate; unchanged news costs no call."""

    async def scenario() -> tuple[RunSummary, RunSummary]:
        async with _site() as site:
            _write(tmp_path, site)
            await _run(tmp_path)
            site.pages.update(_site(vat=12).pages)
            changed = await _run(tmp_path)
            return changed, await _run(tmp_path)

    changed, unchanged = asyncio.run(scenario())
    digest = (tmp_path / "out" / "digest.md").read_text(encoding="utf-8")
    assert "standard VAT rate: 12% (previously 11%" in digest
    assert changed.calls.sent > 0
    assert unchanged.calls.sent == 0


def test_python_of_the_docs_does_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page about the recipe shows runs as it stands."""
    monkeypatch.chdir(tmp_path)
    site, server = _site(), FakeModelServer()
    with serving(site, server):
        _write(Path("intel"), site, f"openai:fake@{server.url}/v1")
        exec(compile(python_of("recipe-intel.md"), "recipe-intel.md", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.startswith("partial ")
    assert "immigration.md" in shown
    assert "# Bali this morning, " in shown


@asks_the_model
@pytest.mark.timeout(300)
def test_intel_with_the_real_model_says_only_what_pages_say(tmp_path: Path) -> None:
    """Every number of the digest stands on a page."""

    async def scenario() -> RunSummary:
        async with _site() as site:
            _write(tmp_path, site, "embedded")
            return await arun(RunRequest(str(tmp_path)))

    summary = asyncio.run(scenario())
    assert summary.calls.sent > 0
    articles = (tmp_path / "out" / "articles").glob("*.md")
    said = "\n".join(path.read_text(encoding="utf-8") for path in articles)
    body = "\n".join(line for line in said.splitlines() if not line.startswith("[^"))
    assert "412" in body
    for number in re.findall(r"(?<![\d^\[])\d[\d,]*\d(?!\])", body.split("---")[-1]):
        assert number in " ".join([*NEWS.values(), RATES, "11 %"]), number
