"""Two days of one job: what changed, what was lost, where sources differ."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from subak.api import RunRequest, aplan, arun
from subak.engine.clock import SystemClock
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.knowledge.settling.module_file import read_module
from subak.knowledge.settling.published import Published
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary
from tests.job.pages import COUNTRIES, FACTS, PAGE, pages, source

DAY_S = 86_400.0
FORMATS = '["json", "jsonl", "csv", "markdown", "website", "changes", "esmodule"]'
PREVIOUS = """
[previous]
file = "taxData.js"
date = "2025-06-30"
map = { "vat.standard" = "vat", corporate = "corporate", hasVAT = "vat?" }
"""
OLD = """export const taxData = {
  France: { name: "France", vat: { standard: 20 }, corporate: 25 },
  Italy: { name: "Italy", vat: { standard: 22, reduced: 10 }, corporate: 27.5 },
};
"""


class _Later(SystemClock):
    """The machine's clock, some days on."""

    def __init__(self, days: int) -> None:
        self._ahead_s = days * DAY_S

    def now(self) -> float:
        """Return the time of that day."""
        return SystemClock.now() + self._ahead_s


def _write(folder: Path, site: FakeSite, previous: str = "") -> str:
    official = "".join(
        f"{source(site.url(f'/{name.lower()}'), name)}tier = 1\n" for name in COUNTRIES
    )
    press = f"{source(site.url('/press'), 'Italy')}tier = 2\n"
    recipe = (
        f'name = "job"\n[model]\nuse = "echo"\n{official}{press}{FACTS}{previous}'
        f"\n[output]\nformats = {FORMATS}\n"
    )
    (folder / "recipe.toml").write_text(recipe)
    return str(folder / "recipe.toml")


def _first_day() -> FakeSite:
    press = PAGE.format(name="Italy", vat=22, corporate=24, people=59)
    return FakeSite({**pages(), "/press": press.replace("trade", "the press")})


def _second_day(site: FakeSite) -> None:
    """Change Italy's VAT where it is official, and lose Kenya's."""
    site.pages["/italy"] = PAGE.format(name="Italy", vat=23, corporate=24, people=59)
    kenya = PAGE.format(name="Kenya", vat=16, corporate=30, people=55)
    lost = "The standard rate of value added tax is 16 percent."
    site.pages["/kenya"] = kenya.replace(lost, "The roads were mended in spring.")


def _rows(folder: Path) -> dict[tuple[str, str], dict[str, object]]:
    content = json.loads((folder / "out" / "facts.json").read_bytes())
    return {(row["entity"], row["field"]): row for row in content["facts"]}


def _files(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in (folder / "out").rglob("*") if path.is_file())
    out = folder / "out"
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def _standing(folder: Path) -> dict[tuple[str, str], str]:
    return {key: str(row["status"]) for key, row in _rows(folder).items()}


@dataclass(frozen=True, slots=True)
class Lived:
    """A folder in which all days were lived, with each run and what it left."""

    folder: Path
    runs: list[tuple[RunSummary, dict[str, bytes]]]


async def _days(
    folder: Path, previous: str = ""
) -> list[tuple[RunSummary, dict[str, bytes]]]:
    """Run the first day twice, then the second day three times, a day apart."""
    runs = []
    async with _first_day() as site:
        request = RunRequest(_write(folder, site, previous), workers=0)
        for number, day in enumerate((0, 0, 1, 1, 2)):
            if number == 2:
                _second_day(site)
            summary = await arun(request, clock=_Later(day))
            runs.append((summary, _files(folder)))
    return runs


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Live the days once for all tests that only look at them."""
    folder = tmp_path_factory.mktemp("days")
    return Lived(folder, asyncio.run(_days(folder)))


def test_second_day_tells_what_changed_was_lost_and_differs(lived: Lived) -> None:
    """A change with its old value, a loss kept as such, a conflict that is shown."""
    first, _, second, *_ = lived.runs
    assert (first[0].facts.changed, first[0].facts.kept) == (0, 0)
    assert second[0].status == "done"
    counts = second[0].to_json()["facts"]
    assert counts == {
        "proved": 7,
        "refused": 0,
        "changed": 1,
        "kept": 1,
        "conflicts": 1,
    }
    rows = _rows(lived.folder)
    assert _standing(lived.folder) == {
        ("Germany", "corporate"): "same",
        ("Germany", "vat"): "same",
        ("Italy", "corporate"): "same",
        ("Italy", "vat"): "changed",
        ("Kenya", "corporate"): "same",
        ("Kenya", "vat"): "kept",
    }
    italy = rows["Italy", "vat"]
    assert (italy["value"], italy["was"], len(str(italy["was_seen"]))) == (23, 22, 10)
    others = italy["others"]
    assert isinstance(others, list)
    assert [one["value"] for one in others] == [22]
    kenya = rows["Kenya", "vat"]
    assert (kenya["value"], kenya["confirmed"]) == (16, False)
    assert kenya["evidence"]
    assert kenya["last_confirmed"] == kenya["since"]
    assert len(rows["Italy", "corporate"]["sources"]) == 2  # type: ignore[arg-type]


def test_the_same_day_again_costs_nothing_and_changes_no_byte(lived: Lived) -> None:
    """What changed stays changed until something changes again, on later days too."""
    (_, first), (again, same), (_, second), *others = lived.runs
    (third, later), (fourth, last) = others
    assert first == same
    assert second == later == last
    assert first != second
    assert [one.calls.sent for one in (again, third, fourth)] == [0, 0, 0]
    assert third.facts == fourth.facts


def test_pages_show_what_is_kept_changed_and_disputed(lived: Lived) -> None:
    """Marks on the site, lines in the list of changes."""
    *_, (_, files) = lived.runs
    text = files["changes.md"].decode()
    assert "- Italy, VAT: 23% (was 22% as read on " in text
    assert "- Kenya, VAT: 16% (last proved on " in text
    assert "## Sources differ (1)" in text
    pages_ = {name: data.decode() for name, data in files.items()}
    assert "not confirmed" in pages_["site/entities/" + _page(pages_, "kenya")]
    italy = pages_["site/entities/" + _page(pages_, "italy")]
    assert all(one in italy for one in ("changed", "sources differ", "Was"))


def _page(files: dict[str, str], name: str) -> str:
    start = f"site/entities/{name}"
    found = next(one for one in files if one.startswith(start))
    return found.removeprefix("site/entities/")


def test_old_file_is_compared_with_and_written_anew(tmp_path: Path) -> None:
    """Its values are what was; what nothing proves stays as it was in the file."""
    (tmp_path / "taxData.js").write_text(OLD)
    (summary, files), (_, same), *_ = asyncio.run(_days(tmp_path, PREVIOUS))
    assert files == same
    assert (summary.facts.changed, summary.facts.kept) == (1, 2)
    data = read_module(files["taxData.js"].decode(), where="x").data
    assert isinstance(data, dict)
    assert list(data) == ["France", "Italy", "Germany", "Kenya"]
    assert data["France"] == {
        "name": "France",
        "vat": {"standard": 20},
        "corporate": 25,
    }
    assert data["Italy"]["vat"] == {"standard": 22, "reduced": 10}
    assert (data["Italy"]["corporate"], data["Italy"]["hasVAT"]) == (24, True)
    assert "corporate: 27.5" in (tmp_path / "taxData.js").read_text()


def test_old_values_reach_no_prompt(tmp_path: Path) -> None:
    """Neither the file's values nor those of a day before are shown to the model."""
    (tmp_path / "taxData.js").write_text(OLD.replace("20 }", "20.7719 }"))

    async def scenario() -> str:
        async with FakeModelServer() as server, _first_day() as site:
            site.pages["/kenya"] = PAGE.format(
                name="Kenya", vat="17.4133", corporate=30, people=55
            )
            path = Path(_write(tmp_path, site, PREVIOUS))
            model = f"openai:fake@{server.url}/v1"
            await arun(RunRequest(str(path), model=model, workers=0))
            before = len(server.asked)
            _second_day(site)
            await arun(RunRequest(str(path), model=model, workers=0))
            asked = [each for call in server.asked[before:] for each in call.messages]
            everything = [each for call in server.asked for each in call.messages]
            assert "20.7719" not in "".join(each.content for each in everything)
            return "".join(each.content for each in asked)

    asked = asyncio.run(scenario())
    assert "23 percent" in asked
    assert "17.4133" not in asked
    assert _rows(tmp_path)["Kenya", "vat"]["value"] == 17.4133
    assert _rows(tmp_path)["France", "vat"]["value"] == 20.7719


def test_history_of_an_interrupted_day_is_whole_or_not_there(tmp_path: Path) -> None:
    """Planning and running a part leave the history as it was."""

    async def scenario() -> None:
        async with _first_day() as site:
            recipe = _write(tmp_path, site)
            await arun(RunRequest(recipe, workers=0, only="facts"))
            await aplan(RunRequest(recipe, workers=0))
            assert await _categories() == ()
            await arun(RunRequest(recipe, workers=0))
            assert await _categories() == ("tax",)

    async def _categories() -> tuple[str, ...]:
        store = Store.open(Workspace(tmp_path).journal)
        try:
            return Published(store).categories
        finally:
            await store.close()

    asyncio.run(scenario())


def test_an_article_of_a_day_like_an_earlier_one_tells_todays_history(
    tmp_path: Path,
) -> None:
    """A value lost, found changed and lost again is kept as it was found last."""

    async def scenario() -> list[str]:
        articles = []
        async with _first_day() as site:
            request = RunRequest(_write(tmp_path, site), workers=0)
            found = site.pages["/kenya"]
            _second_day(site)
            lost = site.pages["/kenya"]
            later = PAGE.format(name="Kenya", vat=18, corporate=30, people=55)
            for day, page in enumerate((found, lost, later, lost)):
                site.pages["/kenya"] = page
                await arun(request, clock=_Later(day))
                articles.append((tmp_path / "out/articles/tax.md").read_text())
        return articles

    _, second, _, fourth = asyncio.run(scenario())
    kept = {"second": "18%" in second, "fourth": "18%" in fourth}
    assert kept == {"second": False, "fourth": True}
    assert _rows(tmp_path)["Kenya", "vat"]["value"] == 18
