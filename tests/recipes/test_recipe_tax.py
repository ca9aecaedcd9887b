"""The recipe `tax`: articles of a wiki in, proved rates out, in the old lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from subak.api import RunRequest, run
from subak.cli.main import execute
from subak.testing.model_server import FakeModelServer
from subak.testing.wiki import FakeArticle, FakeWiki
from tests.job.serving import serving
from tests.recipes.shipped import facts_in, python_of, start_with_wiki
from tests.slow import asks_the_model

COUNTRIES = ("Estonia", "Germany", "Italy")
ARTICLES = {
    "Estonia": """<p>Estonia taxes companies only when profits are paid out.</p>
<section><h2>Value added tax</h2><p>The standard rate of value added tax (VAT) is 24%
since 1 July 2025; it was 22% before. A reduced rate of 9% applies to books.</p>
</section><section><h2>Corporate income tax</h2><p>The corporate income tax rate is 22%
of the distributed profit.</p></section>""",
    "Germany": """<p>Taxes in Germany are levied by the federation, the states and the
municipalities.</p><section><h2>Value added tax</h2><p>The standard rate of value added
tax (VAT) is 19%. A reduced rate of 7% applies to food and books.</p></section>
<section><h2>Corporate income tax</h2><p>The corporate income tax rate is 15%.</p>
</section><section><h2>Capital gains</h2><p>Capital gains are taxed at a flat rate of
25%.</p></section>""",
    "Italy": """<p>Taxation in Italy is levied by the central and regional governments.
</p><section><h2>Value added tax</h2><p>The standard rate of value added tax (VAT) is
22%. Reduced rates of 5% and 10% apply to some goods.</p></section><section>
<h2>Corporate income tax</h2><p>The corporate income tax rate is 24%.</p></section>""",
}
OLD_FILE = """// kept by hand
export const taxData = [
  {
    name: 'Germany', code: 'DE', currency: 'EUR', hasVAT: true,
    vat: { standard: 16, reduced: 7 },
    corporate: 15,
    social: { employee: 20.9, employer: 20.9 },
  },
  { name: 'Italy', code: 'IT', currency: 'EUR', vat: { standard: 22, reduced: 10 } },
];
"""


@contextmanager
def _tax(
    folder: Path, model: str = "", countries: tuple[str, ...] = COUNTRIES
) -> Iterator[FakeWiki]:
    """Write the recipe for a wiki and a model that are there while the block runs."""
    wiki, server = FakeWiki(), FakeModelServer()
    for country, html in ARTICLES.items():
        wiki.put(FakeArticle(f"Taxation in {country}", html))
    with serving(wiki, server):
        spec = model or f"openai:fake@{server.url}/v1"
        start_with_wiki("tax", folder, wiki, countries, spec)
        yield wiki


def test_tax_proves_rates_of_each_country(tmp_path: Path) -> None:
    """Each value published is the text's own, with the place that says so."""
    with _tax(tmp_path):
        summary = run(RunRequest(str(tmp_path), workers=0))
    assert summary.status == "done"
    found = facts_in(tmp_path)
    for country, rate in (("Estonia", 24), ("Germany", 19), ("Italy", 22)):
        assert found[country, "vat_standard"]["value"] == rate
    assert found["Germany", "corporate_tax"]["value"] == 15
    assert (tmp_path / "out" / "articles" / "tax.md").is_file()


def test_tax_keeps_what_is_proved_no_more_and_marks_it(tmp_path: Path) -> None:
    """The next day one rate is gone from its page, and another one is new."""
    with _tax(tmp_path) as wiki:
        run(RunRequest(str(tmp_path), workers=0))
        text = ARTICLES["Germany"].replace("rate is 15%", "is 16%")
        wiki.put(FakeArticle("Taxation in Germany", text, revision=2))
        cut = ARTICLES["Italy"].partition("<section>")[0] + "<p>No more is known.</p>"
        wiki.put(FakeArticle("Taxation in Italy", cut, revision=2))
        run(RunRequest(str(tmp_path), workers=0))
    found = facts_in(tmp_path)
    germany, italy = (
        found["Germany", "corporate_tax"],
        found["Italy", "corporate_tax"],
    )
    assert (germany["value"], germany["was"], germany["status"]) == (16, 15, "changed")
    assert (italy["value"], italy["status"], italy["confirmed"]) == (24, "kept", False)


def test_tax_writes_the_old_file_anew(tmp_path: Path) -> None:
    """Proved values replace the old ones in it, the others stay; nothing else moves."""
    (tmp_path / "taxData.js").write_text(OLD_FILE, encoding="utf-8")
    with _tax(tmp_path, countries=("Germany", "Italy")):
        recipe = tmp_path / "recipe.toml"
        text = recipe.read_text(encoding="utf-8")
        for key in ("file", "date"):
            text = text.replace(f"# {key} = ", f"{key} = ")
        recipe.write_text(text, encoding="utf-8")
        run(RunRequest(str(tmp_path), workers=0))
    written = (tmp_path / "out" / "taxData.js").read_text(encoding="utf-8")
    assert written.startswith("// kept by hand\nexport const taxData = [")
    germany, italy = written.split("name:")[1:]
    assert re.search(r"vat: \{\s*standard: 19, reduced: 7\s*\}", germany)
    assert re.search(r"corporate: 15,", germany)
    assert re.search(r"employee: 20\.9", germany)  # nothing says so any more
    assert germany.index("code:") < germany.index("vat:") < germany.index("social:")
    assert re.search(r"standard: 22", italy)
    found = facts_in(tmp_path)
    kept = found["Germany", "social_employee"]
    assert (kept["status"], kept["confirmed"], kept["evidence"]) == ("kept", False, [])
    changed = found["Germany", "vat_standard"]
    assert (changed["status"], changed["was"], changed["value"]) == ("changed", 16, 19)
    assert (tmp_path / "taxData.js").read_text(encoding="utf-8") == OLD_FILE


def test_tax_prints_the_old_family_of_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--log-style classic` is what the scripts' users grep for."""
    with _tax(tmp_path, countries=(*COUNTRIES, "Atlantis")):
        code = execute(["run", str(tmp_path), "--log-style", "classic"])
    assert code == 3  # one page does not exist
    lines = capsys.readouterr().err.splitlines()
    for pattern in (
        r"\[PARALLEL\] Using \d+ worker threads",
        r"\[PARALLEL\] Submitted \d+ tasks",
        r"\[FETCH\] http://127\.0\.0\.1:\d+/\S+ HTTP 200 ",
        r"\[LLM-REQUEST\] Thread-\d+ POST http://\S+ model=\S+ trace=[0-9a-f]{12}",
        r"\[LLM-RESPONSE\] Thread-\d+ HTTP 200 trace=[0-9a-f]{12} ",
        r"\[COMPLETED\] Germany - SUCCESS",
        r"\[ERROR\] http://\S+/Taxation_in_Atlantis/",
        r"\[COMPLETED\] Atlantis - FAILED",
        r"\[FORMAT\] \S+/facts\.json",
        r"\[PARALLEL\] All \d+ tasks completed",
    ):
        assert any(re.match(pattern, line) for line in lines), pattern


def test_python_of_the_docs_does_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page about the recipe shows runs as it stands."""
    monkeypatch.chdir(tmp_path)
    with _tax(Path("taxes")):
        exec(compile(python_of("recipe-tax.md"), "recipe-tax.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "Germany Standard VAT rate 19" in shown
    assert "The standard rate of value added" in shown


@asks_the_model
@pytest.mark.timeout(300)
def test_tax_with_the_real_model_publishes_nothing_wrong(tmp_path: Path) -> None:
    """What a 1.5B model proposes is published only where the text says so."""
    with _tax(tmp_path, "embedded", ("Estonia", "Germany")):
        summary = run(RunRequest(str(tmp_path)))
    assert summary.status == "done"
    found = {key: row["value"] for key, row in facts_in(tmp_path).items()}
    wanted = {
        ("Estonia", "vat_standard"): 24,
        ("Estonia", "corporate_tax"): 22,
        ("Germany", "vat_standard"): 19,
        ("Germany", "corporate_tax"): 15,
        ("Germany", "capital_gains"): 25,
    }
    proved = {key: value for key, value in found.items() if key in wanted}
    assert proved.items() <= wanted.items()
    assert len(proved) >= 3
