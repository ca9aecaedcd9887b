"""feed.xml: RSS 2.0 that a strict XML parser accepts."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree

from subak.knowledge.articles.article import Section, Sentence
from subak.knowledge.results import Results
from subak.outputs.rss import RssWriter


def _channel(results: Results, folder: Path) -> ElementTree.Element:
    (path,) = RssWriter().write(results, folder)
    root = ElementTree.fromstring(path.read_bytes())
    assert root.tag == "rss"
    assert root.attrib == {"version": "2.0"}
    channel = root.find("channel")
    assert channel is not None
    return channel


def test_rss_lists_articles_newest_first(results: Results, tmp_path: Path) -> None:
    """Each article has title, link, stable id and its own time."""
    channel = _channel(results, tmp_path)
    first, second = channel.findall("item")
    base = "https://facts.example.org/intel"
    assert first.findtext("link") == f"{base}/articles/taxation.html"
    assert first.findtext("guid") == "urn:subak:intel:taxation"
    assert second.findtext("title") == "Brazil naturalises after four years"
    moment = parsedate_to_datetime(second.findtext("pubDate") or "")
    assert moment.timestamp() == results.articles[0].generated_at
    assert channel.findtext("link") == f"{base}/index.html"


def test_rss_says_where_it_is(results: Results, tmp_path: Path) -> None:
    """A feed with an address names itself once, one without does not."""
    self_link = "{http://www.w3.org/2005/Atom}link"
    (link,) = _channel(results, tmp_path).findall(self_link)
    assert link.attrib == {
        "href": "https://facts.example.org/intel/feed.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    nowhere = replace(results, base_url="")
    assert _channel(nowhere, tmp_path).findall(self_link) == []


def test_rss_id_stays_when_an_article_changes(results: Results, tmp_path: Path) -> None:
    """A rewritten article is the same entry."""
    before = [one.text for one in _channel(results, tmp_path).iter("guid")]
    changed = replace(results.articles[1], title="New", generated_at=1.0)
    later = replace(results, articles=(changed,))
    assert [one.text for one in _channel(later, tmp_path).iter("guid")] == before[:1]


def test_rss_without_an_address_links_relatively(
    results: Results, tmp_path: Path
) -> None:
    """A feed read from a file leads to the files beside it."""
    for base_url in ("", "javascript:alert(1)"):
        channel = _channel(replace(results, base_url=base_url), tmp_path)
        assert channel.findtext("link") == "index.html"
        assert channel.findtext("item/link") == "articles/taxation.html"


def test_rss_resists_hostile_text(results: Results, tmp_path: Path) -> None:
    """Markup and impossible characters are text to both the parser and the reader."""
    evil = "<script>alert(1)</script>]]>&\x00\x0b\ud800\ufffe\u202e"
    sentence = Sentence(evil, "rewritten", ())
    article = replace(
        results.articles[0],
        slug=evil,
        title=evil,
        category=evil,
        sections=(Section("", (sentence,)),),
    )
    hostile = replace(results, name=evil, title=evil, language=evil)
    channel = _channel(replace(hostile, articles=(article,)), tmp_path)
    assert "<" not in (channel.findtext("title") or "<")
    assert "<" not in (channel.findtext("item/title") or "<")
    assert "<" not in (channel.findtext("item/description") or "<")
