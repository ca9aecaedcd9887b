"""Reply: the answer to a question, each sentence of it cited, or "not found"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from subak.knowledge.articles.article import Citation, Dropped

NOT_FOUND = "not found in the sources"


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """One sentence of an answer.

    Args:
        text: The sentence.
        verdict: "worded" by the model and checked, or the "quoted" line itself.
        citation: Where it is proved.
        heading: What the cited line stands under.
        published: The cited page's own ISO date, "" when it has none.
        tier: Of the cited page: 1 official, 2 press, 3 community.
    """

    text: str
    verdict: Literal["worded", "quoted"]
    citation: Citation
    heading: str = ""
    published: str = ""
    tier: int = 0

    @property
    def shown(self) -> str:
        """Return what people read: a quoted line with what it stands under."""
        if self.verdict == "worded" or not self.heading:
            return self.text
        return f"{self.heading}: “{self.text}”"


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a question.

    Args:
        question: As it was asked.
        sentences: What is proved, in order; none means that nothing was found.
        dropped: What the model said and the check did not let through.
        model: Who was asked, "" when nobody had to be.
        calls: Calls made; 0 when the answer was known or nothing was there to ask.
        lines: How many lines of stored documents were shown.
    """

    question: str
    sentences: tuple[ReplySentence, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    model: str = ""
    calls: int = 0
    lines: int = 0

    @property
    def found(self) -> bool:
        """Tell whether the sources answer the question."""
        return bool(self.sentences)

    @property
    def text(self) -> str:
        """Return the answer in words."""
        if not self.sentences:
            return NOT_FOUND
        return " ".join(one.shown for one in self.sentences)
