"""The demo web's pages: ordinary HTML with the furniture real sites have."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from subak.demo.factbook import Entry, Profile

Layout = Literal["table", "list", "prose"]


@dataclass(frozen=True, slots=True)
class Topic:
    """One site of the demo web: which fields it publishes, in which layout."""

    name: str
    title: str
    motto: str
    layout: Layout
    entries: tuple[tuple[str, str], ...]


TOPICS = (
    Topic(
        "citizenship",
        "Register of Citizenship Rules",
        "Who may become a citizen, and who may vote.",
        "table",
        (
            ("Government", "Country name"),
            ("Government", "Capital"),
            ("Government", "Citizenship"),
            ("Government", "Suffrage"),
            ("Government", "Legal system"),
            ("Government", "Constitution"),
            ("Government", "National holiday"),
        ),
    ),
    Topic(
        "economy",
        "The Economy Almanac",
        "Prices, work and public money, country by country.",
        "prose",
        (
            ("Economy", "Economic overview"),
            ("Economy", "Real GDP growth rate"),
            ("Economy", "Inflation rate (consumer prices)"),
            ("Economy", "Unemployment rate"),
            ("Economy", "Public debt"),
            ("Economy", "Taxes and other revenues"),
            ("Economy", "Industries"),
        ),
    ),
    Topic(
        "energy",
        "Energy Atlas",
        "Where the electricity comes from.",
        "list",
        (
            ("Energy", "Electricity access"),
            ("Energy", "Electricity"),
            ("Energy", "Electricity generation sources"),
            ("Energy", "Energy consumption per capita"),
            ("Environment", "Carbon dioxide emissions"),
        ),
    ),
)


def slug(country: str) -> str:
    """Return the file name of a country's page, without suffix."""
    return country.lower().replace(" ", "-")


def country_page(topic: Topic, profile: Profile, countries: Sequence[str]) -> str:
    """Return the page of one country on one site."""
    blocks = []
    for section, name in topic.entries:
        entries = profile.sections.get(section, ())
        entry = next((entry for entry in entries if entry.name == name), None)
        if entry is not None and entry.lines:
            blocks.append(f"<h2>{_text(name)}</h2>\n{_lines(entry, topic.layout)}")
    name = profile.country
    body = (
        f"<article><h1>{_text(name)}</h1>\n"
        f"<p>This page of the {_text(topic.title)} describes {_text(name)}.</p>\n"
        + "\n".join(blocks)
        + "</article>"
    )
    return _page(topic, f"{name} - {topic.title}", body, countries)


def index_page(topic: Topic, countries: Sequence[str]) -> str:
    """Return the front page of a site."""
    links = "".join(
        f'<li><a href="/countries/{slug(name)}.html">{_text(name)}</a></li>'
        for name in countries
    )
    body = f"<main><h1>{_text(topic.title)}</h1><p>{_text(topic.motto)}</p>"
    return _page(topic, topic.title, f"{body}<ul>{links}</ul></main>", countries)


def sitemap(base: str, countries: Sequence[str]) -> str:
    """Return the site's sitemap.xml."""
    urls = "".join(
        f"<url><loc>{base}/countries/{slug(name)}.html</loc></url>"
        for name in countries
    )
    front = f"<url><loc>{base}/</loc></url>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        f"{front}{urls}</urlset>"
    )


def feed(topic: Topic, base: str, countries: Sequence[str]) -> str:
    """Return the site's RSS feed."""
    items = "".join(
        f"<item><title>{_text(name)}</title>"
        f"<link>{base}/countries/{slug(name)}.html</link></item>"
        for name in countries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{_text(topic.title)}</title><link>{base}/</link>"
        f"<description>{_text(topic.motto)}</description>{items}</channel></rss>"
    )


def _lines(entry: Entry, layout: Layout) -> str:
    plain = [text for label, text in entry.lines if not label]
    labelled = [(label, text) for label, text in entry.lines if label]
    parts = [f"<p>{_text(text)}</p>" for text in plain]
    if labelled and layout == "table":
        rows = "".join(
            f"<tr><th>{_text(label)}</th><td>{_text(text)}</td></tr>"
            for label, text in labelled
        )
        parts.append(f"<table><tbody>{rows}</tbody></table>")
    elif labelled and layout == "list":
        rows = "".join(
            f"<li>{_text(label)}: {_text(text)}</li>" for label, text in labelled
        )
        parts.append(f"<ul>{rows}</ul>")
    else:
        parts += [
            f"<p>{_text(entry.name)}, {_text(label)}: {_text(text)}.</p>"
            for label, text in labelled
        ]
    return "\n".join(parts)


def _page(topic: Topic, title: str, body: str, countries: Sequence[str]) -> str:
    menu = "".join(
        f'<li><a href="/countries/{slug(name)}.html">{_text(name)}</a></li>'
        for name in countries
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{_text(title)}</title>"
        f'<meta name="description" content="{_text(topic.motto)}">'
        "<style>.cookies{display:none}</style></head><body>"
        f'<header><a href="/">{_text(topic.title)}</a>'
        f"<nav><ul>{menu}</ul></nav></header>"
        '<div class="cookies">We use cookies to make this site better. '
        "<button>Accept all</button></div>"
        f"{body}<aside><h3>Newsletter</h3><p>Subscribe to receive our weekly "
        "round-up.</p></aside><footer>Text: The World Factbook, public domain. "
        '<a href="/about.html">About</a> · <a href="/privacy.html">Privacy</a>'
        "</footer></body></html>"
    )


def _text(text: str) -> str:
    return html.escape(text)
