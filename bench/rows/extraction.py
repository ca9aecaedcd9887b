"""Extraction: labelled pages through subak and trafilatura, in turn, in one process."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import trafilatura

from bench.row import Check, Conditions, Measured, NotInstalledError
from bench.shingles import Quality, quality
from subak.errors import SubakError
from subak.sources.decode_text import decode_text
from subak.sources.extract_page import extract_page
from subak.sources.raw_page import RawPage, ReadPage

FOLDER = "SUBAK_LABELLED"
_DEFAULT = Path(__file__).parent.parent / "data" / "labelled"
_GET = (
    "git clone https://github.com/scrapinghub/article-extraction-benchmark and set "
    f"{FOLDER} to its folder (or copy ground-truth.json and html/ to {_DEFAULT})"
)
_F1 = 0.965
_CPU = 1.2


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """A page and the text people took from it."""

    key: str
    url: str
    body: bytes
    text: str


@dataclass(slots=True)
class Tally:
    """What one extractor made of the pages."""

    texts: dict[str, str] = field(default_factory=dict)
    cpu_s: float = 0.0

    def take(self, page: LabelledPage, extract: Callable[[LabelledPage], str]) -> None:
        """Extract a page and note what it took."""
        started = time.process_time()
        self.texts[page.key] = extract(page)
        self.cpu_s += time.process_time() - started


def measure(conditions: Conditions) -> Measured:
    """Extract every page by each extractor in turn."""
    pages = labelled_pages(_folder(), conditions.pick(10_000, 10))
    conditions.say(f"{len(pages)} labelled pages")
    ours, theirs = Tally(), Tally()
    for page in pages:
        theirs.take(page, _theirs)
        ours.take(page, _ours)
    labels = {page.key: page.text for page in pages}
    found = {
        "subak": quality(labels, ours.texts),
        "trafilatura": quality(labels, theirs.texts),
    }
    ratio = ours.cpu_s / theirs.cpu_s
    return Measured(
        to_checks(found["subak"], found["trafilatura"], ratio),
        {
            "pages": len(pages),
            "cpu_s": {"subak": ours.cpu_s, "trafilatura": theirs.cpu_s},
            "quality": {name: one.to_json() for name, one in found.items()},
        },
        notes=(
            "Both read the same pages one after the other in one process; subak's CPU "
            "time includes decoding, links, title, date and author, trafilatura's its "
            "text alone (no comments).",
        ),
        commands=(f"{FOLDER}=FOLDER python -m bench extraction",),
    )


def to_checks(ours: Quality, theirs: Quality, ratio: float) -> tuple[Check, ...]:
    """Hold what was found against its targets."""
    return (
        Check("extraction: F1", f">= {_F1}", ours.in_words, ours.f1 >= _F1),
        Check(
            "extraction: F1 against trafilatura",
            f">= {theirs.f1:.4f}",
            f"{ours.f1:.4f} (trafilatura {theirs.in_words})",
            ours.f1 >= theirs.f1,
        ),
        Check(
            "extraction: CPU time against trafilatura",
            f"<= {_CPU}",
            f"{ratio:.2f}",
            ratio <= _CPU,
        ),
    )


def labelled_pages(folder: Path, most: int) -> tuple[LabelledPage, ...]:
    """Read a folder of labelled pages: ground-truth.json and html/KEY.html.gz.

    Raises:
        NotInstalledError: There is none.
    """
    file = folder / "ground-truth.json"
    if not file.is_file():
        raise NotInstalledError(f"no {file}: {_GET}")
    truth: Mapping[str, Mapping[str, str]] = json.loads(file.read_text("utf-8"))
    return tuple(
        LabelledPage(
            key,
            label.get("url") or f"https://labelled.example/{key}",
            gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()),
            label["articleBody"],
        )
        for key, label in list(truth.items())[:most]
    )


def _folder() -> Path:
    return Path(os.environ.get(FOLDER) or _DEFAULT)


def _ours(page: LabelledPage) -> str:
    raw = RawPage(page.url, page.body, "text/html")
    try:
        answer = extract_page(msgspec.msgpack.encode(raw))
    except SubakError:
        return ""
    return msgspec.msgpack.decode(answer, type=ReadPage).text


def _theirs(page: LabelledPage) -> str:
    html = decode_text(page.body, "", where=page.url)
    return trafilatura.extract(html, include_comments=False) or ""
