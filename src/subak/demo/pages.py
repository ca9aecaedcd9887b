"""Pages of the World Factbook on the demo web: three sites, three layouts."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Literal

from subak.demo.face import Face
from subak.demo.factbook import Entry, Profile

Layout = Literal["table", "list", "prose"]
CREDIT = "The World Factbook, public domain"


@dataclass(frozen=True, slots=True)
class Topic:
    """One site: which fields of a profile it publishes, in which layout."""

    face: Face
    layout: Layout
    entries: tuple[tuple[str, str], ...]


TOPICS = (
    Topic(
        Face(
            "citizenship",
            "Register of Citizenship Rules",
            "Who may become a citizen, and who may vote.",
            CREDIT,
        ),
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
        Face(
            "economy",
            "The Economy Almanac",
            "Prices, work and public money, country by country.",
            CREDIT,
        ),
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
        Face("energy", "Energy Atlas", "Where the electricity comes from.", CREDIT),
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


def country_body(topic: Topic, profile: Profile) -> str:
    """Return the main part of a country's page on one site."""
    blocks = []
    for section, name in topic.entries:
        entries = profile.sections.get(section, ())
        entry = next((entry for entry in entries if entry.name == name), None)
        if entry is not None and entry.lines:
            blocks.append(f"<h2>{_text(name)}</h2>\n{_lines(entry, topic.layout)}")
    name = profile.country
    return (
        f"<article><h1>{_text(name)}</h1>\n"
        f"<p>This page of the {_text(topic.face.title)} describes {_text(name)}.</p>\n"
        + "\n".join(blocks)
        + "</article>"
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


def _text(text: str) -> str:
    return html.escape(text)
