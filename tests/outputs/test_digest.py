"""digest.md: one page of sentences that are published already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.digest import DigestWriter


def _text(results: Results, folder: Path) -> str:
    (path,) = DigestWriter().write(results, folder)
    assert path == folder / "digest.md"
    return path.read_text(encoding="utf-8")


def _settled(results: Results) -> list[Settled]:
    facts = [fact for record in results.records for fact in record.facts]
    return [Settled(fact, "same") for fact in facts]


def test_digest_has_the_first_sentences_of_each_article(
    results: Results, tmp_path: Path
) -> None:
    """Three of each, with their quotes as notes, and the way to the rest."""
    text = _text(replace(results, settled=tuple(_settled(results))), tmp_path)
    first, rest = text.split("\n", 1)
    assert first.endswith(", 22 November 2026")
    assert "## How Germany and France tax income and consumption" in rest
    assert rest.count("\n- ") == 5
    assert "[The whole article](articles/taxation.md)" in rest
    assert "articles/citizenship.md" not in rest  # all of it stands here
    assert "[^1]: “Ordinary naturalisation requires four years" in rest
    assert "## New" not in rest


def test_digest_names_what_changed_and_where_sources_differ(
    results: Results, tmp_path: Path
) -> None:
    """The value before, and what another source states, stand behind the value."""
    first, second, third, *_ = _settled(results)
    changed = replace(first, status="changed", was=5, was_until="2026-06-30")
    other = replace(second.fact, value=False)
    told = (changed, replace(second, others=(other,)), replace(third, status="new"))
    text = _text(replace(results, settled=told, articles=()), tmp_path)
    assert "## Changed\n\n- Brazil" in text
    assert "5 years until 30 June 2026" in text
    assert "(elsewhere no)" in text
    assert text.index("## Changed") < text.index("## Sources disagree")
    assert text.index("## Sources disagree") < text.index("## New")


def test_digest_speaks_the_language(results: Results, tmp_path: Path) -> None:
    """Its own words, dates and countries are those of the articles."""
    (first, *_) = _settled(results)
    told = (replace(first, status="changed", was=5, was_until="2026-06-30"),)
    italian = replace(results, settled=told, language="it")
    text = _text(italian, tmp_path)
    assert text.splitlines()[0].endswith(", 22 novembre 2026")
    assert "## Cambiato\n\n- Brasile" in text
    assert "fino al 30 giugno 2026" in text
    assert "[L'articolo intero](articles/taxation.md)" in text


def test_digest_begins_with_the_headline(results: Results, tmp_path: Path) -> None:
    """Unless the summary says the same."""
    rates, consumption = results.articles[1].sections
    lead = consumption.sentences[0]
    article = replace(results.articles[1], headline=lead)
    text = _text(
        replace(results, settled=(), records=(), articles=(article,)), tmp_path
    )
    assert "- Germany: the standard rate of VAT is 19%.[^1]\n- Germany takes" in text
    said = replace(article, headline=rates.sentences[0])
    text = _text(replace(results, settled=(), records=(), articles=(said,)), tmp_path)
    assert text.count("Germany takes 45%") == 1


def test_digest_of_nothing_says_so(results: Results, tmp_path: Path) -> None:
    """An empty morning is no empty file."""
    empty = replace(results, records=(), settled=(), articles=(), documents=())
    assert "Nothing new was proved." in _text(empty, tmp_path)


def test_digest_is_cut_where_all_is_new(results: Results, tmp_path: Path) -> None:
    """A first run of hundreds of values stays one page."""
    one = _settled(results)[0]
    many = tuple(
        replace(one, status="new", fact=replace(one.fact, entity=f"Land {number}"))
        for number in range(30)
    )
    text = _text(replace(results, settled=many, articles=()), tmp_path)
    assert text.count("\n- Land") == 20
    assert "- and 10 more" in text
