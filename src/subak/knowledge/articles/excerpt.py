"""Excerpt: what of some documents is shown for a question, in parts a call can hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.articles.profile import SectionPlan
from subak.knowledge.articles.sayable import MOST_CHARS, Said, Sayable
from subak.knowledge.search.passage import Passage, passages
from subak.knowledge.text.orders import gives_orders
from subak.knowledge.text.ranking import Text, rank
from subak.knowledge.text.words import content_words, find_spans, read_words, stems


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that may be shown, with its document and headings.

    Args:
        sayable: Its document.
        said: The sentence.
        rank: Place of its passage in the order of retrieval, 0 for the best.
    """

    sayable: Sayable
    said: Said
    rank: int

    @property
    def heading(self) -> str:
        """Return what it stands under, outermost first."""
        texts = (one.text for one in self.said.unit.headings)
        return " > ".join(text for text in texts if not gives_orders(text))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences for one call, in document order."""

    sentences: tuple[Shown, ...]

    @property
    def text(self) -> str:
        """Return them under their headings, one a line."""
        lines: list[str] = []
        heading = ""
        for one in self.sentences:
            if one.heading != heading:
                heading = one.heading
                lines.append(f"# {heading}" if heading else "")
            lines.append(one.said.text)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Cut:
    """A passage of a document, and what of it may be said."""

    sayable: Sayable
    passage: Passage
    said: tuple[Said, ...]

    @property
    def body(self) -> str:
        """Return what may be said of it, a sentence a line."""
        return "\n".join(one.text for one in self.said)


def cut_up(sayable: Sayable) -> tuple[Cut, ...]:
    """Return the passages of a document in which anything may be said, in order."""
    found = passages(sayable.document.text[:MOST_CHARS])
    places = [one.unit.start for one in sayable.said]
    made = (
        Cut(
            sayable,
            passage,
            sayable.said[
                bisect_left(places, passage.start) : bisect_left(places, passage.end)
            ],
        )
        for passage in found
    )
    return tuple(cut for cut in made if cut.said)


def excerpts(
    cuts: Sequence[Cut], section: SectionPlan, *, max_chars: int, max_parts: int
) -> list[Excerpt]:
    """Return the passages that speak of a section, in document order, cut into parts.

    Args:
        cuts: Passages of the documents, in order.
        section: Where it has words of its own, a passage must hold one of them: what
            shares only common words with the question doesn't answer it.
        max_chars: Longest part.
        max_parts: The best passages that fill so many parts are taken.
    """
    about = [cut for cut in cuts if _speaks_of(section, cut)]
    texts = [Text(cut.body, cut.passage.heading) for cut in about]
    found = rank(section.query, texts)
    room = max_chars * max_parts
    kept: dict[int, int] = {}
    for place in found:
        size = len(about[place].body) + len(about[place].passage.heading)
        if size > room and kept:
            break
        kept[place] = len(kept)
        room -= size
    shown = (
        Shown(about[place].sayable, said, kept[place])
        for place in sorted(kept)
        for said in about[place].said
    )
    return list(_parts(shown, max_chars))[:max_parts]


def _speaks_of(section: SectionPlan, cut: Cut) -> bool:
    if not section.words:
        return True
    wanted = [stems(phrase) for phrase in (section.title, *section.words)]
    return any(
        find_spans(text, content_words(read_words(text)), phrase)
        for text in (cut.body, cut.passage.heading)
        for phrase in wanted
    )


def _parts(shown: Iterable[Shown], max_chars: int) -> Iterator[Excerpt]:
    part: tuple[Shown, ...] = ()
    for one in shown:
        longer = (*part, one)
        if part and len(Excerpt(longer).text) > max_chars:
            yield Excerpt(part)
            longer = (one,)
        part = longer
    if part:
        yield Excerpt(part)
