"""verify: every citation and sentence of an article is checked once more.

Against the stored documents, not against what the draft says of itself. What fails is
dropped and listed; an article of which nothing is left is refused.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from subak.engine.events import EventSink
from subak.engine.stage import Stage
from subak.errors import InvalidAnswer
from subak.knowledge.articles.article import (
    Article,
    Citation,
    Dropped,
    Section,
    Sentence,
)
from subak.knowledge.articles.quotation import QUOTED, clean, quoted
from subak.knowledge.checking.quoted import unquoted_number
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.checking.support import check, check_loosely
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document

FindDocument = Callable[[str], Document | None]


def verify(find_document: FindDocument, events: EventSink) -> Stage[Article, Article]:
    """Make the stage that lets only proved sentences through.

    Args:
        find_document: Returns a stored document by its id.
        events: Hears how many sentences of an article were dropped.
    """

    async def run(article: Article) -> AsyncIterator[Article]:
        verification = _Verification(find_document, _names(article))
        sections = tuple(
            replace(section, sentences=kept)
            for section in article.sections
            if (kept := verification.kept(section)) or section.note
        )
        if dropped := verification.dropped(article):
            events.emit(
                "note",
                stage="verify",
                item=article.slug,
                message=f"{len(dropped)} sentences dropped: {dropped[0].reason}",
                level="warning",
            )
        if not any(section.sentences for section in sections):
            raise _nothing_left(article, dropped)
        yield replace(
            article,
            sections=sections,
            dropped=(*article.dropped, *dropped),
            headline=verification.headline(article, sections),
        )

    return Stage(name="verify", run=run, codec=JsonCodec(Article), version=4)


def _nothing_left(article: Article, dropped: Sequence[Dropped]) -> InvalidAnswer:
    about = article.category or article.slug
    if not dropped:
        return InvalidAnswer(
            f"nothing provable to publish for {about}: its pages gave no value and no"
            " sentence to quote",
            where=f"article {article.slug}",
            hint="open its pages: do they still say something?",
        )
    return InvalidAnswer(
        f"nothing provable to publish for {about}: none of {len(dropped)} sentences"
        f" passed the check, the first because {dropped[0].reason}",
        where=f"article {article.slug}",
        hint="subak report shows what was refused and why",
    )


@dataclass(frozen=True, slots=True)
class _Verification:
    """The checks of one article."""

    find_document: FindDocument
    names: Sequence[str]

    def kept(self, section: Section) -> tuple[Sentence, ...]:
        """Return the sentences of a section that are proved."""
        return tuple(one for one in section.sentences if not self._problem(one))

    def headline(
        self, article: Article, sections: Sequence[Section]
    ) -> Sentence | None:
        """Return the headline if it repeats what is let through or is proved."""
        first = article.headline
        if first is None or _is_told(first, sections):
            return first
        whole = replace(first, text=f"{first.text}.")  # as the sentence it was
        return first if not (self._problem(first) and self._problem(whole)) else None

    def dropped(self, article: Article) -> tuple[Dropped, ...]:
        """Return the others; one that several sections use is listed once."""
        found = (
            Dropped(one.text, problem, one.entity, one.field)
            for section in article.sections
            for one in section.sentences
            if (problem := self._problem(one))
        )
        return tuple(dict.fromkeys(found))

    def _problem(self, sentence: Sentence) -> str:
        if not sentence.citations:
            return "the sentence has no citation"
        for citation in sentence.citations:
            if problem := self._citation_problem(citation):
                return problem
        if problem := markup_problem(sentence.text):
            return f"the sentence {problem}"
        if problem := markup_problem(sentence.note):
            return f"the note {problem}"
        if problem := self._statement_problem(sentence):
            return problem
        if number := unquoted_number(
            sentence.text, [one.quote for one in sentence.citations], self.names
        ):
            return f'the number "{number}" is in none of its quotes'
        return ""

    def _citation_problem(self, citation: Citation) -> str:
        document = self.find_document(citation.document)
        if document is None:
            return "the cited document is not stored"
        if not citation.quote.strip():
            return "the quote is empty"
        if citation.start < 0 or (
            document.text[citation.start : citation.end] != citation.quote
        ):
            return "the quote does not stand at its place in the cited document"
        if citation.url != document.url:
            return "the citation names another address than the cited document has"
        return ""

    def _statement_problem(self, sentence: Sentence) -> str:
        """Check the wording: literal means literal, rewritten means supported."""
        if sentence.status == QUOTED and not _is_quoted(sentence):
            return "the words are not those of the cited document"
        if not sentence.is_worded and sentence.statement:
            is_literal = sentence.text == sentence.statement
            return "" if is_literal else "the sentence is not the literal statement"
        source = sentence.statement or "\n".join(
            one.quote for one in sentence.citations
        )
        if sentence.verdict == "paraphrase":
            return self._judged_problem(sentence, source)
        return check(sentence.text, source, names=self.names).reason

    def _judged_problem(self, sentence: Sentence, source: str) -> str:
        """Check of a paraphrase what code can; a judge has to be named for the rest."""
        if not sentence.judge:
            return "no judge has read the sentence"
        return check_loosely(sentence.text, source, names=self.names).reason


def _is_quoted(sentence: Sentence) -> bool:
    """Tell whether words of a document are given as they stand there."""
    words = {clean(one.quote) for one in sentence.citations}
    return sentence.statement in words | {quoted(one) for one in words}


def _is_told(headline: Sentence, sections: Sequence[Section]) -> bool:
    """Tell whether a headline repeats a sentence that is let through."""
    return any(
        replace(one, text=one.text.removesuffix(".")) == headline
        for section in sections
        for one in section.sentences
    )


def _names(article: Article) -> list[str]:
    names = (one.entity for part in article.sections for one in part.sentences)
    return list(dict.fromkeys(name for name in names if name))
