"""Prose: made-up news of made-up offices; dates, fees and names, the same by seed."""

from __future__ import annotations

import random
from collections.abc import Sequence

CATEGORIES: Sequence[str] = (
    "immigration",
    "taxes",
    "housing",
    "companies",
    "courts",
    "culture",
    "daily-life",
    "health",
    "schools",
    "traffic",
    "politics",
    "money",
    "computing",
    "travel",
)
TOWNS: Sequence[str] = (
    "Arvelund",
    "Brackwater",
    "Corvano",
    "Dunmere",
    "Estervik",
    "Falconara Nova",
    "Grindle Bay",
    "Hollowmoor",
    "Ivarsund",
    "Jastrow",
    "Kestrel Point",
    "Lommaby",
    "Marisco",
    "Northwick",
    "Ostrava Mare",
    "Pellworth",
)
PEOPLE: Sequence[str] = (
    "Ilse Marwick",
    "Tomas Ferrant",
    "Odile Kanter",
    "Rashid Bellamy",
    "Greta Solum",
    "Paolo Wexford",
    "Nadia Orlov",
    "Henrik Asante",
    "Mirela Quist",
    "Dario Pembroke",
    "Suni Halvard",
    "Lotte Okafor",
)
OFFICES: Sequence[str] = (
    "the harbour office",
    "the revenue board",
    "the settlement bureau",
    "the land court",
    "the school council",
    "the transport chamber",
    "the ministry of works",
    "the island treasury",
    "the health inspectorate",
    "the trade register",
    "the weather service",
    "the consumer desk",
)
PAPERS: Sequence[str] = (
    "residence card",
    "building permit",
    "trade licence",
    "tax certificate",
    "mooring permit",
    "vehicle pass",
    "school place",
    "import declaration",
    "lease contract",
    "pension statement",
    "health voucher",
    "visitor visa",
    "farm subsidy",
    "export quota",
)
MANNERS: Sequence[str] = (
    "shorter",
    "electronic",
    "provisional",
    "national",
    "cheaper",
    "second",
    "voluntary",
    "seasonal",
    "mandatory",
    "experimental",
)
MONTHS: Sequence[str] = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SENTENCES: Sequence[str] = (
    "From {day} {month} {year} anyone who wants a {paper} in {town} pays {fee} crowns.",
    "{Office} counted {many} open requests for a {paper} and cleared {some} of them.",
    "{person} of {town} waited {few} weeks for the {manner} {paper}, then wrote to us.",
    "A {manner} form replaces the old {paper}; the counter in {town} takes both.",
    "Whoever hands in late owes {few} percent more a month, says {office}.",
    "“Nobody told {town} about the {fee} crowns,” {person} said on {day} {month}.",
    "In {other} the same {paper} costs {many} crowns and takes {few} working days.",
    "The {manner} scheme began on {day} {month} {year} and has {many} members so far.",
    "{Office} will move {few} clerks from {town} to {other} before {month} {year}.",
    "{person}, who keeps the files, found {some} cases in which a {paper} was missing.",
    "Until {day} {month} the {paper} stays valid, also for visitors from {other}.",
    "The council of {town} voted {many} to {some} against the {manner} tariff.",
    "For a household of {few}, the change comes to about {fee} crowns in {year}.",
    "{Office} asks for {few} copies and the original of each {paper}.",
    "Complaints go to {person} in {town}, who answers within {few} days.",
    "Between {month} and the end of {year}, {many} people applied for a {paper}.",
)
_HEADLINES: Sequence[str] = (
    "{manner} {paper} comes to {town}",
    "{town} waits for its {manner} {paper}",
    "What the {manner} {paper} costs in {town}",
    "{town} ends the {manner} {paper}",
)


def sentence(draw: random.Random) -> str:
    """Return one sentence."""
    office = draw.choice(OFFICES)
    return draw.choice(_SENTENCES).format(
        office=office,
        Office=office[0].upper() + office[1:],
        paper=draw.choice(PAPERS),
        manner=draw.choice(MANNERS),
        town=draw.choice(TOWNS),
        other=draw.choice(TOWNS),
        person=draw.choice(PEOPLE),
        month=draw.choice(MONTHS),
        day=draw.randint(1, 28),
        year=draw.choice((2025, 2026)),
        fee=draw.randint(40, 990) * 5,
        many=draw.randint(120, 980),
        some=draw.randint(11, 99),
        few=draw.randint(2, 9),
    )


def paragraphs(draw: random.Random, count: int) -> list[str]:
    """Return so many paragraphs."""
    return [
        " ".join(sentence(draw) for _ in range(draw.randint(3, 6)))
        for _ in range(count)
    ]


def headline(draw: random.Random) -> str:
    """Return a title."""
    text = draw.choice(_HEADLINES).format(
        manner=draw.choice(MANNERS), paper=draw.choice(PAPERS), town=draw.choice(TOWNS)
    )
    return text[0].upper() + text[1:]
