"""publish: what a group holds becomes files, and the same input the same bytes."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from subak.engine.events import Scalar
from subak.engine.stage import Group, Item, Member
from subak.errors import MissingExtra, RecipeError, StorageError
from subak.knowledge.articles.article import Article, Citation, Section, Sentence
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.facts.fact import Evidence, Fact, Record
from subak.outputs.writers import WRITERS
from subak.stages.publish import Publication, PublishOptions, publish

URL = "https://example.com/vat"
TEXT = "The rate of VAT is 19%."
DOCUMENT = Document(document_id(URL, TEXT), URL, "VAT", TEXT, fetched_at=1_000.0)
EVIDENCE = Evidence(DOCUMENT.id, URL, 0, len(TEXT), TEXT)
FACT = Fact("Germany", "taxation", "vat", 19.0, "%", "evidence", (EVIDENCE,))
RECORD = Record(DOCUMENT.id, URL, "Germany", "taxation", (FACT,))
CITATION = Citation(DOCUMENT.id, URL, "VAT", 0, len(TEXT), TEXT)
ARTICLE = Article(
    slug="taxation",
    title="VAT",
    category="taxation",
    language="en",
    generated_at=2_000.0,
    model="",
    sections=(Section("", (Sentence(TEXT, "literal", (CITATION,)),)),),
)
ALL = ("json", "jsonl", "csv", "markdown", "website", "rss", "changes")


@dataclass
class StillClock:
    """A clock that stands; counts how often the loop was given a turn."""

    time: float = 5_000.0
    turns: int = 0

    def now(self) -> float:
        """Return the set time."""
        return self.time

    def monotonic(self) -> float:
        """Return the set time."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Give way once."""
        self.turns += 1
        await asyncio.sleep(0)


@dataclass
class Told:
    """Keeps what was told."""

    events: list[tuple[str, Mapping[str, Scalar]]] = field(default_factory=list)

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep one event."""
        self.events.append((kind, data))


def _options(folder: Path, *formats: str) -> PublishOptions:
    return PublishOptions("intel", "Intel", "en", "", formats or ALL, folder)


def _publish(
    options: PublishOptions,
    values: Iterable[object],
    *,
    documents: Iterable[Document] = (DOCUMENT,),
    clock: StillClock | None = None,
    told: Told | None = None,
) -> Publication:
    known = {document.id: document for document in documents}
    stage = publish(options, known.get, clock or StillClock(), told or Told())
    items = [Item(str(number), value) for number, value in enumerate(values)]
    group = Group("all", tuple(Member("before", item) for item in items))

    async def collect() -> list[Publication]:
        return [one async for one in stage.run(group)]

    (published,) = asyncio.run(collect())
    assert stage.codec.decode(stage.codec.encode(published)) == published
    return published


def _bytes(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _generated_at(folder: Path) -> str:
    content = json.loads((folder / "facts.json").read_bytes())
    return str(content["generated_at"])


@pytest.fixture(autouse=True)
def no_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the surroundings out of the results."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def test_publish_writes_every_format(tmp_path: Path) -> None:
    """Records and articles are told apart by what they are; others are ignored."""
    published = _publish(_options(tmp_path), [ARTICLE, "noise", RECORD, DOCUMENT])
    written = {Path(path).relative_to(tmp_path).as_posix() for path in published.paths}
    assert written | {".manifest.json"} == set(_bytes(tmp_path))
    assert {"facts.json", "facts.csv", "articles/taxation.md"} <= written
    assert f"site/documents/{DOCUMENT.id}.html" in written
    assert len(published.paths) == len(set(published.paths))
    assert [Path(path).name for path in published.entries][:3] == [
        *("facts.json", "facts.jsonl", "facts.csv")
    ]


def test_publish_keeps_articles_that_were_lost(tmp_path: Path) -> None:
    """What was made is named to the finder; what it returns is published, marked."""
    asked: list[set[str]] = []

    def find_lost(made: Collection[str]) -> tuple[Article, ...]:
        asked.append(set(made))
        return (replace(ARTICLE, slug="visa", generated_at=1_000.0),)

    options = replace(_options(tmp_path, "markdown"), find_lost=find_lost)
    (kept,) = _publish(options, [RECORD, ARTICLE]).kept
    assert asked == [{"1"}]
    assert (kept.slug, kept.is_kept, kept.generated_at) == ("visa", True, 1_000.0)
    assert "No newer article" in (tmp_path / "articles" / "visa.md").read_text()
    assert _publish(_options(tmp_path), [RECORD, ARTICLE]).kept == ()


def test_publish_tells_of_each_format(tmp_path: Path) -> None:
    """One event a format, with the file to open and how many there are."""
    told, clock = Told(), StillClock()
    _publish(_options(tmp_path), [RECORD, ARTICLE], told=told, clock=clock)
    kinds = [kind for kind, _ in told.events]
    assert kinds == [*["output.written"] * len(ALL), "facts.settled"]
    website = next(data for _, data in told.events if data.get("format") == "website")
    assert website["path"] == str(tmp_path / "site" / "index.html")
    assert clock.turns == len(ALL)


def test_publish_gives_equal_bytes_on_another_day(tmp_path: Path) -> None:
    """The time printed is that of the newest input, not of the run."""
    values = [RECORD, ARTICLE]
    _publish(_options(tmp_path), values, clock=StillClock(5_000.0))
    before = _bytes(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    _publish(_options(tmp_path), values[::-1], clock=StillClock(90_000.0))
    assert _bytes(tmp_path) == before
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == times
    assert _generated_at(tmp_path) == "1970-01-01T00:33:20Z"


def test_publish_dates_facts_alone_by_their_documents(tmp_path: Path) -> None:
    """Without an article the newest document counts."""
    _publish(_options(tmp_path, "json"), [RECORD])
    assert _generated_at(tmp_path) == "1970-01-01T00:16:40Z"


def test_publish_of_nothing_is_dated_by_the_clock(tmp_path: Path) -> None:
    """An empty run still has files and a time."""
    published = _publish(_options(tmp_path), [])
    assert _generated_at(tmp_path) == "1970-01-01T01:23:20Z"
    assert str(tmp_path / "site" / "index.html") in published.entries


def test_publish_obeys_a_fixed_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SOURCE_DATE_EPOCH caps every time that is printed."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "10")
    _publish(_options(tmp_path), [RECORD])
    assert _generated_at(tmp_path) == "1970-01-01T00:00:10Z"
    page = tmp_path / "site" / "documents" / f"{DOCUMENT.id}.html"
    assert "00:16:40" not in page.read_text(encoding="utf-8")


def test_publish_removes_pages_that_no_longer_belong(tmp_path: Path) -> None:
    """An article that is gone leaves no file; a person's own file stays."""
    _publish(_options(tmp_path), [RECORD, ARTICLE])
    mine = tmp_path / "site" / "CNAME"
    mine.write_bytes(b"facts.example.org")
    _publish(_options(tmp_path), [RECORD])
    left = _bytes(tmp_path)
    assert "articles/taxation.md" not in left
    assert "site/articles/taxation.html" not in left
    assert left["site/CNAME"] == b"facts.example.org"


def test_publish_keeps_going_without_a_document(tmp_path: Path) -> None:
    """A document that is not in the archive is told of; its facts stay."""
    told = Told()
    _publish(_options(tmp_path), [RECORD, ARTICLE], documents=(), told=told)
    notes = [data for kind, data in told.events if kind == "note"]
    assert [DOCUMENT.id in str(data["message"]) for data in notes] == [True]
    assert b'"value": 19.0' in _bytes(tmp_path)["facts.json"]


def test_publish_names_articles_apart(tmp_path: Path) -> None:
    """Two articles with one slug are two files; the same article twice is one."""
    other = replace(ARTICLE, title="VAT again")
    _publish(_options(tmp_path, "markdown"), [ARTICLE, other, ARTICLE])
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.md")]
    assert len(texts) == 2
    assert any("# VAT again" in text for text in texts)


def test_publish_stays_in_its_folder_whatever_the_names(tmp_path: Path) -> None:
    """Entities and categories that climb or clash make safe, separate pages."""
    names = ["../../evil", "Germany", "germany", "..", "", "a/b", "\u202egnp"]
    records = [
        replace(RECORD, entity=name, facts=(replace(FACT, entity=name, category=name),))
        for name in names
    ]
    folder = tmp_path / "out"
    _publish(_options(folder), records)
    entities = [name for name in _bytes(folder) if name.startswith("site/entities/")]
    categories = [name for name in _bytes(folder) if name.startswith("site/categ")]
    assert len(entities) == len(categories) == len(names)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_publish_misses_a_library_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A format that cannot be written is told when the stage is made."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match="'parquet'"):
        publish(
            _options(tmp_path, "parquet"),
            dict[str, Document]().get,
            StillClock(),
            Told(),
        )


def test_publish_refuses_unknown_formats_at_once(tmp_path: Path) -> None:
    """Every unknown format is named, with the nearest one."""
    with pytest.raises(RecipeError) as caught:
        _publish(_options(tmp_path, "jsno", "json", "word"), [])
    assert [problem.hint for problem in caught.value.problems] == [
        "did you mean 'json'?",
        f"known formats: {', '.join(WRITERS)}",
    ]


def test_publish_says_when_it_cannot_write(tmp_path: Path) -> None:
    """A file in the place of the folder is an error with a place."""
    folder = tmp_path / "out"
    folder.write_bytes(b"")
    with pytest.raises(StorageError) as caught:
        _publish(_options(folder), [RECORD])
    assert caught.value.where.startswith(str(folder))


def test_publish_is_done_again_in_each_run(tmp_path: Path) -> None:
    """Files may have been removed since; only a resumed run may skip it."""
    stage = publish(_options(tmp_path), lambda _: None, StillClock(), Told())
    assert stage.once_per_run
    assert stage.key["formats"] == " ".join(ALL)
