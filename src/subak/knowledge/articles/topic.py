"""Topic: a word or two for what a sentence is about, in the document's own words."""

from __future__ import annotations

from subak.knowledge.articles.sayable import Said
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.documents.document import Document
from subak.knowledge.text.orders import gives_orders
from subak.knowledge.text.reading import nearest_heading
from subak.knowledge.text.words import content_words, read_words

_MOST_CHARS = 60


def topic_of(said: Said, document: Document, proposed: str) -> str:
    """Return the proposed topic if the document speaks of it, else the heading.

    A heading is published beside other documents' sentences, so a topic in words that
    stand neither in the sentence nor above it would claim something unproved.
    """
    headings = [heading.text for heading in said.unit.headings]
    spoken = _stems(" ".join([said.text, document.title, *headings]))
    wanted = _stems(proposed)
    if wanted and wanted <= spoken and _is_plain(proposed):
        topic = " ".join(proposed.split()).strip(" .,:;")
        return topic[:1].upper() + topic[1:]
    heading = nearest_heading(said.unit)
    text = " ".join(heading.text.split()) if heading else ""
    return text if _is_plain(text) else ""


def _is_plain(text: str) -> bool:
    is_short = len(text) <= _MOST_CHARS
    return is_short and not markup_problem(text) and not gives_orders(text)


def _stems(text: str) -> set[str]:
    return {word.stem for word in content_words(read_words(text))}
