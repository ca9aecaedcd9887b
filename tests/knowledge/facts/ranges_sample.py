"""Texts that state income tax brackets in many forms, and how to prove them."""

from __future__ import annotations

from subak.knowledge.facts.fact import Record
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import prove_text

INCOME = Field(
    "income",
    "Income tax",
    "ranges",
    words=("IRPEF", "PPh", "pajak penghasilan", "taxable income"),
    maximum=70,
)

# Counterfactual: three brackets, said in every way.
THREE = ((0, 28_000, 23), (28_000, 50_000, 35), (50_000, None, 43))
LAYOUTS = {
    "table": """## Income tax

| Taxable income (EUR) | Rate |
|---|---|
| up to 28,000 | 23 % |
| 28,001 to 50,000 | 35 % |
| over 50,000 | 43 % |
""",
    "columns": """## Income tax brackets
| From | To | Rate |
|---|---|---|
| 0 | 28,000 | 23 |
| 28,000 | 50,000 | 35 |
| 50,000 | - | 43 |
""",
    "thresholds": """The income tax has these rates:

| Threshold | Rate |
|---|---|
| from 0 | 23% |
| from 28,000 | 35% |
| from 50,000 | 43% |
""",
    "list": """### Income tax
- 23 %: up to EUR 28,000
- 35 %: EUR 28,000 – EUR 50,000
- 43 %: above EUR 50,000
""",
    "introduced list": """Income tax is progressive.

- Up to €28,000: 23%
- €28,001–€50,000: 35%
- Over €50,000: 43%
""",
    "falling list": """Income tax rates:
- 43% over $50,000
- 35% from $28,000 to $50,000
- 23% up to $28,000
""",
    "rates first": (
        "The income tax rates are 23 % up to 28,000 euros, 35 % from 28,001 to "
        "50,000 euros and 43 % above."
    ),
    "amounts first": (
        "Income up to 28,000 euros bears 23 % income tax, income between 28,000 and "
        "50,000 euros 35 % and income above 50,000 euros 43 %."
    ),
    "sentences": (
        "## Income tax\n"
        "Up to 28 thousand euros the rate is 23 %. From 28 thousand to 50 thousand "
        "euros it is 35 %. Above 50 thousand euros it is 43 %.\n"
    ),
    "Italian prose": (
        "L'IRPEF si applica con aliquota del 23 % fino a 28.000 euro, del 35 % oltre "
        "28.000 e fino a 50.000 euro e del 43 % oltre 50.000 euro."
    ),
    "Italian list": """## IRPEF
- fino a 28.000 euro: 23%
- da 28.001 a 50.000 euro: 35%
- oltre 50.000 euro: 43%
""",
    "Indonesian table": """## Pajak penghasilan (PPh)

| Lapisan penghasilan | Tarif |
|---|---|
| sampai dengan Rp28.000 | 23% |
| di atas Rp28.000 s.d. Rp50.000 | 35% |
| di atas Rp50.000 | 43% |
""",
    "Indonesian list": """Tarif PPh:
- 23 % untuk penghasilan sampai 28 ribu rupiah
- 35 % untuk penghasilan di atas 28 ribu sampai 50 ribu rupiah
- 43 % untuk penghasilan di atas 50 ribu rupiah
""",
}
WIDTHS = {
    "English": (
        "Income tax: 23 % on the first EUR 28,000, 35 % on the next EUR 22,000, and "
        "43 % on the remainder."
    ),
    "Indonesian": (
        "Tarif pajak penghasilan adalah 23% untuk Rp28 ribu pertama, 35% untuk Rp22 "
        "ribu berikutnya dan 43% untuk selebihnya."
    ),
}


def as_answer(*ranges: tuple[float, float | None, float]) -> list[dict[str, object]]:
    """Return ranges as a model answers them."""
    return [
        {"from": lower, "to": upper, "value": value} for lower, upper, value in ranges
    ]


def as_ranges(*ranges: tuple[float, float | None, float]) -> tuple[Range, ...]:
    """Return ranges as facts hold them."""
    return tuple(Range(*each) for each in ranges)


def language_of(text: str) -> str:
    """Return the language of a sample by the tax's name."""
    if "IRPEF" in text:
        return "it"
    return "id" if "pajak" in text.lower() or "PPh" in text else "en"


def prove_ranges_in(
    text: str, answer: object, wanted: Field = INCOME, published: str = "2026-06-01"
) -> Record:
    """Prove a proposed list against a text, nothing proposed for None."""
    proposed = {} if answer is None else {wanted.name: answer}
    return prove_text(
        text, proposed, wanted, language=language_of(text), published=published
    )
