"""Composed pages about taxes in three languages, what they say, and their traps.

All figures are invented. ``padded`` makes long documents of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.schema import FactSchema, Field
from tests.knowledge.facts.ranges_sample import as_ranges

_DATA = Path(__file__).parent / "data"
_TOPICS = ("harbour", "library", "orchard", "museum", "railway", "theatre", "garden")

SCHEMA = FactSchema(
    "tax",
    "country",
    (
        Field(
            "vat",
            "Standard VAT rate",
            "percent",
            "standard rate of value added tax",
            words=("VAT", "IVA", "aliquota ordinaria", "PPN"),
            negations=("reduced rate", "aliquota ridotta"),
            maximum=40,
        ),
        Field(
            "income_tax",
            "Personal income tax",
            "ranges",
            "brackets of personal income tax",
            words=("personal income tax", "IRPEF", "PPh orang pribadi"),
            maximum=70,
        ),
        Field(
            "corporate_tax",
            "Corporate income tax",
            "percent",
            "general rate of corporate income tax",
            words=("corporate income tax", "IRES", "pajak penghasilan badan"),
            maximum=60,
        ),
        Field(
            "capital_gains",
            "Capital gains tax",
            "percent",
            "rate of tax on capital gains of individuals",
            words=("capital gains", "plusvalenze", "keuntungan modal"),
            maximum=60,
        ),
        Field(
            "social_employer",
            "Employer social contributions",
            "percent",
            "what employers pay to social security",
            words=(
                "social tax",
                "employer contributions",
                "contributi a carico del datore di lavoro",
                "iuran pemberi kerja",
            ),
            maximum=60,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page, what it says, and numbers of it that belong elsewhere."""

    name: str
    entity: str
    language: str
    gold: Mapping[str, FieldValue]
    traps: tuple[tuple[str, float], ...]

    def document(self, *, padding: int = 0) -> Document:
        """Return the page, with so many paragraphs about other things around it."""
        text = (_DATA / f"{self.name}.md").read_text(encoding="utf-8")
        title, _, body = text.partition("\n")
        sections = body.split("\n## ")
        each = padding // len(sections)
        parts = [
            f"{part}\n\n{_padding(each, index * each)}"
            for index, part in enumerate(sections)
        ]
        text = f"{title}\n" + "\n## ".join(parts) if padding else text
        url = f"http://127.0.0.1/{self.name}"
        return Document(
            document_id(url, text),
            url,
            title.strip("# "),
            text,
            published="2026-06-01",
            language=self.language,
            entity=self.entity,
            category="tax",
        )


def _padding(count: int, first: int) -> str:
    return "\n\n".join(
        f"The {_TOPICS[number % 7]} of district {number} was opened in "
        f"{1900 + number % 90} and welcomes {1000 + 37 * number} visitors a year; "
        f"{10 + number % 80} % of them come by train, as the yearly report says."
        for number in range(first, first + count)
    )


LABELLED = (
    Labelled(
        "estonia",
        "Estonia",
        "en",
        {
            "vat": 23,
            "income_tax": as_ranges(
                (0, 9_600, 0),
                (9_600, 32_000, 19),
                (32_000, 75_000, 26),
                (75_000, None, 33),
            ),
            "corporate_tax": 22,
            "capital_gains": 17,
            "social_employer": 31,
        },
        (
            ("vat", 21),
            ("vat", 12),
            ("vat", 25),
            ("corporate_tax", 11),
            ("capital_gains", 24),
            ("social_employer", 0.7),
            ("social_employer", 1.4),
            ("social_employer", 3),
        ),
    ),
    Labelled(
        "italy",
        "Italy",
        "it",
        {
            "vat": 24,
            "income_tax": as_ranges(
                (0, 26_000, 21), (26_000, 54_000, 34), (54_000, None, 44)
            ),
            "corporate_tax": 23.5,
            "capital_gains": 25,
            "social_employer": 29.3,
        },
        (
            ("vat", 22),
            ("vat", 9),
            ("vat", 20),
            ("corporate_tax", 15),
            ("social_employer", 9.7),
        ),
    ),
    Labelled(
        "indonesia",
        "Indonesia",
        "id",
        {
            "vat": 12.5,
            "income_tax": as_ranges(
                (0, 70e6, 4), (70e6, 300e6, 14), (300e6, 2e9, 27), (2e9, None, 36)
            ),
            "corporate_tax": 21,
            "capital_gains": 0.3,
            "social_employer": 10.2,
        },
        (
            ("vat", 11),
            ("vat", 15),
            ("corporate_tax", 10),
            ("social_employer", 4),
        ),
    ),
)
