"""A labelled set of sentences and sources, generated over countries and fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "plain",
    "wrong number",
    "wrong country",
    "wrong year",
    "negation",
    "added claim",
    "cause",
    "judgement",
    "left out",
    "paraphrase",
]
COUNTRIES = (
    "Germany",
    "Italy",
    "Indonesia",
    "Kenya",
    "Equatorial Guinea",
    "United Arab Emirates",
)
NAMES = (*COUNTRIES, "Guinea", "France", "Niger", "Nigeria")
ADDED = (
    ", one of the first countries to do so",
    " and this applies to all residents",
    ", which attracts foreign investors",
    " for citizens of the European Union",
)
CAUSES = (
    ", because its law says so",
    ", therefore it is stable",
    " due to recent reforms",
    ", leading to growth",
)
JUDGEMENTS = ("Notably, ", "Unfortunately, ", "Importantly, ")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, what it is checked with, and what is wrong with it, if anything."""

    kind: Kind
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Topic:
    """Templates of one field; {c} country, {n} number, {y} year."""

    source: str
    plain: tuple[str, ...]
    denied: str
    left_out: str
    paraphrase: str


TOPICS = (
    Topic(
        "Military expenditures of {c}: {n} % of GDP ({y}).",
        (
            "In {y}, {c}'s military expenditures were {n}% of GDP.",
            "{c} had military expenditures of {n} % of GDP in {y}.",
            "Military expenditures in {c} amounted to {n} percent of GDP in {y}.",
            "The military expenditures of {c} stood at {n} % of GDP in {y}.",
        ),
        "In {y}, {c}'s military expenditures were not {n}% of GDP.",
        "{c}'s military expenditures were {n}% of GDP.",
        "{c} spent {n} % of its economic output on its armed forces in {y}.",
    ),
    Topic(
        "The standard VAT rate of {c} is {n}% in {y}.",
        (
            "{c}'s standard VAT rate is {n}% in {y}.",
            "In {y}, the standard VAT rate of {c} is {n} %.",
            "{c} has a standard VAT rate of {n} percent in {y}.",
        ),
        "{c} does not have a standard VAT rate of {n}% in {y}.",
        "{c}'s VAT rate is {n}% in {y}.",
        "Shoppers in {c} usually pay {n}% value added tax in {y}.",
    ),
    Topic(
        "{c} requires {n} years of residency for naturalization since {y}.",
        (
            "Since {y}, {c} requires {n} years of residency for naturalization.",
            "{c} has required {n} years of residency for naturalization since {y}.",
        ),
        "{c} does not require {n} years of residency for naturalization since {y}.",
        "{c} requires {n} years of residency since {y}.",
        "Applicants must have lived {n} years in {c} since {y} before they apply.",
    ),
    Topic(
        "{c} does not grant citizenship by birth ({y}).",
        (
            "In {y}, {c} did not grant citizenship by birth.",
            "Citizenship by birth was not granted in {c} in {y}.",
            "In {y}, citizenship by birth was not granted by {c}.",
            "{c} doesn't grant citizenship by birth in {y}.",
        ),
        "In {y}, {c} granted citizenship by birth.",
        "In {y}, {c} did not grant citizenship.",
        "Being born in {c} did not make anyone a national in {y}.",
    ),
    Topic(
        "Waiting time for permanent residence of {c}: {n} years ({y}).",
        (
            "The waiting time for permanent residence in {c} was {n} years in {y}.",
            "In {y}, {c} had a waiting time for permanent residence of {n} years.",
            "{c}'s waiting time for permanent residence was {n} years in {y}.",
        ),
        "{c} had no waiting time for permanent residence of {n} years in {y}.",
        "{c}'s waiting time for residence was {n} years in {y}.",
        "Newcomers could stay in {c} for good after {n} years in {y}.",
    ),
)
VALUES = (("1.5", "2024"), ("8", "2019"), ("22", "2021"))


def generated_pairs() -> tuple[Pair, ...]:
    """Return the whole set, in a stable order."""
    return tuple(_generate())


def _generate() -> Iterator[Pair]:
    for topic in TOPICS:
        for place, country in enumerate(COUNTRIES):
            number, year = VALUES[place % len(VALUES)]
            other = COUNTRIES[(place + 1) % len(COUNTRIES)]
            yield from _of_one(topic, country, other, number, year)


def _of_one(
    topic: Topic, country: str, other: str, number: str, year: str
) -> Iterator[Pair]:
    source = topic.source.format(c=country, n=number, y=year)

    def fill(template: str, c: str = country, n: str = number, y: str = year) -> str:
        return template.format(c=c, n=n, y=y)

    for template in topic.plain:
        yield Pair("plain", fill(template), source)
        yield Pair("wrong country", fill(template, c=other), source)
        yield Pair("wrong year", fill(template, y="2020"), source)
        if "{n}" in template:
            yield Pair("wrong number", fill(template, n="3"), source)
    yield Pair("negation", fill(topic.denied), source)
    yield Pair("left out", fill(topic.left_out), source)
    yield Pair("paraphrase", fill(topic.paraphrase), source)
    plain = fill(topic.plain[0]).removesuffix(".")
    for addition in ADDED:
        yield Pair("added claim", f"{plain}{addition}.", source)
    for cause in CAUSES:
        yield Pair("cause", f"{plain}{cause}.", source)
    for judgement in JUDGEMENTS:
        yield Pair("judgement", f"{judgement}{plain}.", source)
