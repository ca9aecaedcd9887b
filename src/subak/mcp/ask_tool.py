"""ASK: a question answered from stored documents, each sentence cited, or not."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Meta, Struct

from subak.errors import SubakError, Unreachable
from subak.knowledge.replies.reply import Reply, ReplySentence
from subak.mcp.foreign_words import NOTICE, one_line
from subak.mcp.library import Library
from subak.mcp.narrowed import Narrowed
from subak.mcp.tool import Tell, Tool

_SIGN_S = 5.0
_LONGEST = 2_000


class AskAsked(Narrowed, frozen=True, kw_only=True):
    """Arguments of ask."""

    question: Annotated[
        str,
        Meta(min_length=1, max_length=1_000, description="In plain words."),
    ]
    limit: Annotated[
        int, Meta(ge=1, le=20, description="Passages the local model is shown.")
    ] = 6
    timeout_s: Annotated[
        float, Meta(ge=1, le=600, description="Give up after so many seconds.")
    ] = 120.0


class AnswerSentence(Struct, frozen=True):
    """A sentence and where it is proved; verdict is "worded" or "quoted"."""

    text: str
    verdict: str
    document: str
    url: str
    title: str
    published: str
    tier: int
    start: int
    end: int
    quote: str


class AskAnswer(Struct, frozen=True):
    """The answer; found is false where the sources do not say."""

    notice: str
    found: bool
    answer: str
    sentences: list[AnswerSentence]
    model: str
    calls: int


async def _ask(library: Library, asked: AskAsked, tell: Tell) -> AskAnswer:
    try:
        async with asyncio.timeout(asked.timeout_s):
            found = await _wait(library, asked, tell)
    except TimeoutError as error:
        raise Unreachable(
            f"the model did not answer within {asked.timeout_s:g} s",
            where="ask",
            hint="ask with a longer timeout_s, or use search",
        ) from error
    if isinstance(found, SubakError):
        raise found
    return _answer(found)


async def _wait(library: Library, asked: AskAsked, tell: Tell) -> Reply | SubakError:
    """Return the reply, or what went wrong: an error would come wrapped in a group."""
    async with asyncio.TaskGroup() as group:
        signs = group.create_task(_keep_telling(library, tell))
        try:
            return await library.ask(asked.question, asked.limit, asked.narrowing)
        except SubakError as error:
            return error
        finally:
            signs.cancel()


async def _keep_telling(library: Library, tell: Tell) -> None:
    begun = library.clock.monotonic()
    while True:
        await library.clock.sleep(_SIGN_S)
        waited = library.clock.monotonic() - begun
        await tell(f"the local model has been at work for {waited:.0f} s")


def _answer(reply: Reply) -> AskAnswer:
    return AskAnswer(
        notice=NOTICE,
        found=reply.found,
        answer=one_line(reply.text, 4 * _LONGEST),
        sentences=[_sentence(one) for one in reply.sentences],
        model=reply.model,
        calls=reply.calls,
    )


def _sentence(one: ReplySentence) -> AnswerSentence:
    cited = one.citation
    return AnswerSentence(
        text=one_line(one.shown, _LONGEST),
        verdict=one.verdict,
        document=cited.document,
        url=one_line(cited.url, 1_000),
        title=one_line(cited.title),
        published=one_line(one.published),
        tier=one.tier,
        start=cited.start,
        end=cited.end,
        quote=one_line(cited.quote, _LONGEST),
    )


ASK = Tool(
    name="ask",
    title="Ask a question",
    text="Let the workspace's own model answer a question from the stored documents"
    " and from nothing else. Each sentence comes with the line that proves it; found is"
    " false where the sources do not say. Takes seconds to minutes; the same question"
    " again costs nothing.",
    asked=AskAsked,
    answer=AskAnswer,
    run=_ask,
    is_open=True,
)
