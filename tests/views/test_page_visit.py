"""Why a page was asked for again, or not, and what of it changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.cli.style import Style
from subak.cli.why import why_lines
from subak.engine.blobs import Blobs
from subak.engine.store import Store, open_reader
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.documents.snapshot import Snapshot
from subak.knowledge.documents.visits import after_answer
from subak.testing.clock import VirtualClock
from subak.views.why import Why, explain
from tests.views.sample import BASE, RUN, SampleJournal

URL = "https://site.example/de"
DAY = 86_400.0
OLD = "# Germany\n\nVAT is 19 %.\n\nThe rate is old."
NEW = "# Germany\n\nVAT is 20 %.\n\nThe rate is old."


def document(text: str) -> Document:
    """Return the page's document with this text."""
    return Document(document_id(URL, text), URL, "Germany", text)


def two_mornings(folder: Path, kind: str, reason: str, **data: object) -> SampleJournal:
    """Record a run a day ago and one now, in which the page's fetch ended so."""
    journal = SampleJournal(folder)
    journal.begin("first", at=-DAY)
    journal.task("fetch", "germany", at=-DAY + 1, parts={"run": "first"})
    journal.task("extract", "germany", at=-DAY + 2)
    journal.end(-DAY + 10)
    journal.begin()
    told = {"url": URL, "reason": reason, **data}
    journal.event(1, kind, "fetch", "germany", **told)  # type: ignore[arg-type]
    journal.task("fetch", "germany", at=1, parts={"run": RUN})
    return journal


def explained(journal: SampleJournal, *bodies: tuple[float, str, str]) -> Why:
    """Explain the URL, of which these bodies with these texts were got."""
    path = journal.save()

    async def visit() -> None:
        store = Store.open(path)
        archive = Archive(store, Blobs(path.parent / "blobs"), VirtualClock(BASE))
        await archive.open()
        for at, body, text in bodies:
            known = archive.find_snapshot(URL)
            answer = after_answer(known, Snapshot(URL, URL, body), BASE + at)
            archive.note(answer, known, reason="test", size=1_000 + len(bodies))
            await archive.keep(document(text), body=body)
        await store.close()

    asyncio.run(visit())
    return explain(open_reader(path), URL)


@pytest.mark.parametrize(
    ("kind", "reason", "status", "words"),
    [
        ("fetch.spared", "same hint", 0, "its listing tells the same date"),
        ("fetch.spared", "not due", 0, "not due yet"),
        ("fetch.done", "conditional", 304, "HTTP 304: the server says"),
        ("fetch.done", "audit", 200, "the same bytes came as before"),
        ("fetch.done", "refresh", 200, "`--refresh`"),
        ("fetch.removed", "", 404, "HTTP 404: it is gone"),
    ],
)
def test_page_visit_says_why_nothing_was_read(
    tmp_path: Path, kind: str, reason: str, status: int, words: str
) -> None:
    """Each way to find nothing new has its words, also for a URL asked about."""
    data = {"status": status, "not_modified": status == 304}
    journal = two_mornings(tmp_path, kind, reason, **data)
    (found,) = explained(journal, (-DAY, "b1" * 16, OLD)).reasons
    assert (found.stage, found.item) == ("fetch", "germany")
    assert any(words in each for each in found.because)
    assert found.page is not None
    assert (found.page["reason"], found.page["bytes_changed"]) == (reason, False)


def test_page_visit_shows_the_lines_that_changed(tmp_path: Path) -> None:
    """Bytes with sizes and hashes, and the passage that is another now."""
    journal = two_mornings(tmp_path, "fetch.done", "hint changed", status=200)
    journal.task("extract", "germany", at=2, parts={"input": "b" * 32})
    bodies = ((-DAY, "aa" * 16, OLD), (1.0, "bb" * 16, NEW))
    fetched, extracted = explained(journal, *bodies).reasons
    assert "its listing tells another date" in fetched.because[0]
    assert "1,002 bytes, aaaaaaaa -> 1,002 bytes, bbbbbbbb" in fetched.because[1]
    assert extracted.because[-3:] == (
        "its text changed:",
        "- VAT is 19 %.",
        "+ VAT is 20 %.",
    )
    told = fetched.to_json()["page"]
    assert isinstance(told, dict)
    assert (told["bytes_changed"], told["text_changed"]) == (True, True)
    assert told["previous_document"] == document(OLD).id


def test_page_visit_same_text_in_other_bytes(tmp_path: Path) -> None:
    """A token in the page changes its bytes and nothing after them."""
    journal = two_mornings(tmp_path, "fetch.done", "no validators", status=200)
    journal.task("extract", "germany", at=2, parts={"input": "b" * 32})
    found = explained(journal, (-DAY, "aa" * 16, OLD), (1.0, "bb" * 16, OLD))
    assert "its text did not" in found.reasons[1].because[-1]


def test_page_visit_copy_names_its_original(tmp_path: Path) -> None:
    """A copy says of what, and is found by its document's id as well."""
    journal = two_mornings(tmp_path, "fetch.done", "new", status=200)
    journal.task("index", "germany", at=3, parts={"run": RUN})
    journal.event(3, "document.copy", "index", "germany", url=URL, of="https://o/")
    found = explained(journal, (1.0, "aa" * 16, OLD))
    assert "a copy of https://o/" in found.reasons[1].because[-1]
    by_id = explain(open_reader(journal.save()), document(OLD).id)
    assert by_id == found
    lines = why_lines(found, Style(is_on=False))
    assert any("it was never fetched before" in line for line in lines)


def test_page_visit_of_a_workspace_without_history(tmp_path: Path) -> None:
    """A journal of the first subak explains what it explained before."""
    journal = two_mornings(tmp_path, "fetch.done", "", status=200)
    reader = open_reader(journal.save())
    found = explain(reader, "germany")
    assert found.reasons[0].because == (
        "it is done anew in every run, because the outside world may have changed",
    )


def test_page_visit_many_changes_are_counted(tmp_path: Path) -> None:
    """A page written anew is not printed whole."""
    journal = two_mornings(tmp_path, "fetch.done", "conditional", status=200)
    journal.task("extract", "germany", at=2, parts={"input": "b" * 32})
    lines = [f"Line {number} of it." for number in range(20)]
    texts = ("\n".join(lines), "\n".join(line.upper() for line in lines))
    bodies = ((-DAY, "aa" * 16, texts[0]), (1.0, "bb" * 16, texts[1]))
    because = explained(journal, *bodies).reasons[1].because
    assert because[-1] == "... and 34 more lines"
