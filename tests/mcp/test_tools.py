"""The tools, asked by the official client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mcp import types

from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.llm.foreign import fenced_texts
from subak.mcp.cursor import ROOM
from subak.views.document_story import get_document
from tests.answering.filled import fill
from tests.knowledge.search.corpus import country
from tests.mcp.agent import Agent, text_of, with_agent
from tests.web.pages.two_mornings import EVIL


def test_tools_are_read_only_and_typed(mornings: Path) -> None:
    """Five tools, each with schemas of what it takes and gives."""

    async def look(agent: Agent) -> list[types.Tool]:
        return (await agent.session.list_tools()).tools

    tools = with_agent(mornings, look)
    names = [tool.name for tool in tools]
    assert names == ["search", "ask", "get_document", "get_fact", "list_changes"]
    for tool in tools:
        assert tool.inputSchema["type"] == "object"
        assert tool.inputSchema["additionalProperties"] is False
        assert tool.outputSchema is not None
        assert tool.outputSchema["properties"]["notice"] == {"type": "string"}
        assert tool.annotations is not None
        assert tool.annotations.readOnlyHint is True
        assert tool.description


def test_search_finds_passages_with_their_place(mornings: Path) -> None:
    """Offsets are those of the stored text; the text stands in a fence."""

    async def look(agent: Agent) -> dict[str, Any]:
        return await agent.call("search", query="value added tax Italy", limit=3)

    answer = with_agent(mornings, look)
    first = answer["passages"][0]
    assert len(answer["passages"]) == 3
    assert first["entity"] == "Italy"
    (text,) = fenced_texts(first["text"])
    db = open_reader(Workspace(mornings).journal)
    try:
        document = get_document(db, first["document"])
    finally:
        db.close()
    assert text == document.text[first["start"] : first["end"]]
    assert "never follow" in answer["notice"]


def test_search_goes_on_behind_its_cursor(mornings: Path) -> None:
    """All parts together are what one long answer would be."""

    async def look(agent: Agent) -> tuple[list[Any], list[Any]]:
        few = await agent.follow("search", "passages", query="rate", limit=2)
        many = await agent.call("search", query="rate", limit=50)
        return few, many["passages"]

    few, many = with_agent(mornings, look)
    assert few == many
    assert len(few) > 2


def test_document_is_read_by_id_and_by_address(mornings: Path) -> None:
    """An address means what stands there now, an id one text for ever."""

    async def look(agent: Agent) -> tuple[dict[str, Any], ...]:
        found = await agent.call("search", query="value added tax", entity="Italy")
        url = next(
            one["url"] for one in found["passages"] if one["url"].endswith("/italy")
        )
        now = await agent.call("get_document", document=url)
        return now, await agent.call("get_document", document=now["document"])

    now, by_id = with_agent(mornings, look)
    assert now == by_id
    assert "23 percent" in now["text"]
    assert (now["start"], now["end"], now["next_cursor"]) == (0, now["total"], None)


def test_long_document_comes_in_parts(tmp_path: Path) -> None:
    """The parts add up to the text, none is longer than an agent takes."""
    paragraphs = "\n".join(f"{n}. The standard rate is {n} %." for n in range(3_000))
    page = country("Longland", VAT=paragraphs)
    fill(tmp_path, [page])

    async def look(agent: Agent) -> list[dict[str, Any]]:
        parts = [await agent.call("get_document", document=page.id)]
        while cursor := parts[-1]["next_cursor"]:
            part = await agent.call("get_document", document=page.id, cursor=cursor)
            parts.append(part)
        return parts

    parts = with_agent(tmp_path, look)
    assert len(parts) > 3
    assert all(len(json.dumps(part)) < ROOM for part in parts)
    texts = [text for part in parts for text in fenced_texts(part["text"])]
    assert "".join(texts) == page.text
    edges = [(part["start"], part["end"]) for part in parts]
    assert [end for _, end in edges[:-1]] == [start for start, _ in edges[1:]]
    assert all(part["text"].count("\n") > 100 for part in parts[:-1])


def test_fact_comes_with_its_proof_and_its_past(mornings: Path) -> None:
    """Value, quote, what it was, what the press says instead."""

    async def look(agent: Agent) -> dict[str, Any]:
        return await agent.call("get_fact", entity="italy", field="VAT")

    answer = with_agent(mornings, look)
    (found,) = answer["facts"]
    assert (found["fact"]["value"], found["fact"]["unit"]) == (23, "%")
    assert (found["status"], found["was"]) == ("changed", 22)
    assert "23 percent" in found["fact"]["quotes"][0]["quote"]
    assert [other["value"] for other in found["others"]] == [22]


def test_fact_that_was_lost_is_told_as_kept(mornings: Path) -> None:
    """No document proves it any more: an agent must not take it for current."""

    async def look(agent: Agent) -> dict[str, Any]:
        return await agent.call("get_fact", entity="Kenya", field="vat")

    (found,) = with_agent(mornings, look)["facts"]
    assert (found["status"], found["confirmed"]) == ("kept", False)
    assert found["last_confirmed"] == "2026-11-22"


def test_refused_fact_is_told_with_its_reason(mornings: Path) -> None:
    """It is among the refused, and nowhere else."""

    async def look(agent: Agent) -> dict[str, Any]:
        return await agent.call("get_fact", entity="Odd")

    answer = with_agent(mornings, look)
    refused = {one["field"]: one["reason"] for one in answer["refused"]}
    assert "vat" in refused
    assert refused["vat"]
    assert "vat" not in {one["fact"]["field"] for one in answer["facts"]}


def test_unknown_entity_is_answered_with_the_nearest(mornings: Path) -> None:
    """An agent that misspells learns what there is."""

    async def look(agent: Agent) -> tuple[str, str]:
        return (
            await agent.fail("get_fact", entity="Itly"),
            await agent.fail("get_fact", entity="Italy", field="wat"),
        )

    entity, field = with_agent(mornings, look)
    assert "did you mean 'Italy'?" in entity
    assert "did you mean 'vat'?" in field


def test_changes_are_those_of_the_last_publication(mornings: Path) -> None:
    """A new value, a lost one, a disputed one, and the pages behind them."""

    async def look(agent: Agent) -> tuple[dict[str, Any], dict[str, Any]]:
        newest = await agent.call("list_changes")
        return newest, await agent.call("list_changes", since="2026-11-22T20:00")

    newest, since = with_agent(mornings, look)
    kinds = {
        (one["fact"]["entity"], one["fact"]["field"]): one["kind"]
        for one in newest["facts"]
    }
    assert kinds["Italy", "vat"] == "changed"
    assert newest["facts"][0]["disputed"] is True
    assert kinds["Kenya", "vat"] == "kept"
    states = {
        one["url"].rpartition("/")[2]: one["state"] for one in newest["documents"]
    }
    assert states["italy"] == "changed"
    assert states["nowhere"] in ("gone", "failing")
    assert since["before"]
    later = {
        (one["fact"]["entity"], one["fact"]["field"]): (one["kind"], one["was"])
        for one in since["facts"]
    }
    assert later["Italy", "vat"] == ("changed", 22)
    assert later["Kenya", "vat"][0] == "gone"


def test_changes_since_before_all_runs_are_an_error(mornings: Path) -> None:
    """It says from when on there is something to compare with."""

    async def look(agent: Agent) -> tuple[str, str]:
        return (
            await agent.fail("list_changes", since="2020-01-01"),
            await agent.fail("list_changes", since="yesterday"),
        )

    early, word = with_agent(mornings, look)
    assert "the first one ended at 2026-11-22" in early
    assert "2026-01-31" in word


def test_ask_answers_with_citations(mornings: Path) -> None:
    """By the recipe's own model; a second time at no cost."""

    async def look(agent: Agent) -> tuple[dict[str, Any], dict[str, Any]]:
        question = "What is the standard rate of value added tax in Italy?"
        first = await agent.call("ask", question=question)
        return first, await agent.call("ask", question=question)

    first, again = with_agent(mornings, look)
    assert first["found"]
    assert any("percent" in one["quote"] for one in first["sentences"])
    assert all(one["url"].startswith("http") for one in first["sentences"])
    assert (again["calls"], again["answer"]) == (0, first["answer"])


def test_hostile_page_stays_data(mornings: Path) -> None:
    """Markup in names and texts goes out as words, in no answer as a control token."""

    async def look(agent: Agent) -> str:
        fact = await agent.call("get_fact", entity=EVIL)
        told = fact["facts"][0]["fact"]["entity"]
        answers = [
            fact,
            await agent.call("get_fact", entity=told),
            await agent.call("search", query="Evil people"),
            await agent.call("list_changes"),
        ]
        return json.dumps(answers)

    told = with_agent(mornings, look)
    assert "Evil" in told
    assert "<script>" not in told


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("search", {"query": 7}, "query"),
        ("search", {}, "query"),
        ("search", {"query": "x", "limit": 0}, "limit"),
        ("search", {"query": "x", "shell": "ls"}, "shell"),
        ("search", {"query": "x", "since": "soon"}, "2026-01-31"),
        ("search", {"query": "x", "cursor": "zzz"}, "next_cursor"),
        ("get_document", {"document": "0" * 32}, "subak search"),
        ("get_docment", {"document": "x"}, "did you mean get_document?"),
        ("ask", {"question": "   "}, "empty"),
    ],
)
def test_wrong_use_is_answered_with_a_way_out(
    mornings: Path, name: str, arguments: dict[str, object], words: str
) -> None:
    """As an error of the tool, which the agent's model reads and can mend."""

    async def look(agent: Agent) -> str:
        result = await agent.session.call_tool(name, arguments)
        assert result.isError
        return text_of(result)

    assert words in with_agent(mornings, look)


def test_workspace_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    """The server may be there before the first run is."""

    async def look(agent: Agent) -> str:
        return await agent.fail("search", query="vat")

    assert "subak run RECIPE" in with_agent(tmp_path, look)
