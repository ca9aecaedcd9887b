"""Answers and prompts that are no good: one bad row is one bad row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from subak.llm.model import Message
from subak.testing.model_faults import FaultPlan, ModelFault
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import ROWS, Desk, Told, answer
from tests.faults.servers import Servers
from tests.mapping.serving import numbered, read_rows

_SCHEMA = {
    "type": "object",
    "properties": {"label": {"type": "string", "minLength": 3}},
    "required": ["label"],
    "additionalProperties": False,
}


def _check_one_failed(desk: Desk, told: Told, row: str, *said: str) -> None:
    """Assert that one row failed, says so everywhere, and all others are done."""
    assert told.code == 3, told.err
    assert told.summary["status"] == "partial"
    tasks = told.summary["tasks"]
    assert (tasks["done"] + tasks["cached"], tasks["failed"]) == (ROWS - 1, 1)
    (failure,) = told.summary["failures"]
    assert (failure["item"], failure["stage"]) == (row, "map")
    assert failure["error"].startswith(f"line {int(row[1:]) + 1}: ")
    assert failure["hint"]
    assert row in told.err
    assert list(desk.errors()) == [row]
    for text in said:
        assert text in failure["error"]
        assert text in desk.errors()[row]


def test_prompt_too_long_for_the_context_fails_alone_with_both_sizes(
    desk: Desk, servers: Servers
) -> None:
    """A server with a larger context is asked about that row alone."""
    rows = numbered(ROWS)
    rows[4]["text"] = "word " * 400
    desk.rows(rows)
    settings = FakeSettings(context_tokens=200)
    server = FakeModelServer(lambda *_: "read", settings=settings)
    model = servers.start(server)
    _check_one_failed(desk, desk.map(model), "r4", "context", "200")
    servers.stop(server)
    server.settings = replace(server.settings, context_tokens=4_096)
    servers.start(server)
    desk.check_finished(desk.map(model), 1)
    assert server.duplicates() == {}


@pytest.mark.parametrize("fault", ["malformed", "foreign", "cut", "unfinished"])
def test_broken_streams_cost_calls_not_rows(
    desk: Desk, servers: Servers, fault: ModelFault
) -> None:
    """No JSON, another form, no end: none of it is taken for an answer."""
    server = FakeModelServer(answer, FaultPlan(first=(fault, fault)))
    model = servers.start(server)
    told = desk.map(model)
    assert told.code == 0, told.err
    calls = told.summary["calls"]
    assert (calls["succeeded"], calls["retried"], calls["repeated"]) == (ROWS, 2, 0)
    for row in read_rows(desk.out):
        asked = Message("user", f"Say text {str(row['id'])[1:]}")
        assert row["output"] == answer([asked], None)
    desk.check_finished(desk.map(model), 0)


def _loops_at_three(messages: Sequence[Message], schema: str | None) -> str:
    if messages[0].content.endswith(" 3"):
        return "and so on " * 400
    return answer(messages, schema)


def test_looping_answer_fails_alone_after_a_looser_try(
    desk: Desk, servers: Servers
) -> None:
    """The model is asked again, more loosely; the row says what it did."""
    server = FakeModelServer(_loops_at_three)
    model = servers.start(server)
    _check_one_failed(desk, desk.map(model), "r3", "repeat")
    tried = [one for one in server.asked if one.messages[0].content.endswith(" 3")]
    assert len({one.body.get("temperature") for one in tried}) == 2
    again = FakeModelServer(answer)
    desk_again = servers.start(again)
    servers.stop(server)
    told = desk.map(desk_again)
    assert told.code == 0
    assert desk.errors() == {}


def test_cut_answers_stand_and_say_how_to_get_whole_ones(
    desk: Desk, servers: Servers
) -> None:
    """An answer cut by its length is marked in its row and told with what to type."""
    server = FakeModelServer(answer)
    model = servers.start(server)
    told = desk.map(model, "--max-tokens", "3")
    assert told.code == 0
    assert "cut at 3 tokens" in told.err
    assert "next: the same with --max-tokens 6" in told.err
    usages = [row["usage"] for row in read_rows(desk.out)]
    assert all(isinstance(usage, dict) and usage["is_cut"] for usage in usages)
    again = desk.map(model, "--max-tokens", "3")
    assert (again.code, again.summary["calls"]["sent"]) == (0, 0)
    desk.check_finished(desk.map(model, "--max-tokens", "300"), ROWS)
    usages = [row["usage"] for row in read_rows(desk.out)]
    assert not any(isinstance(usage, dict) and "is_cut" in usage for usage in usages)


def _objects(messages: Sequence[Message], _schema: str | None) -> str:
    if messages[0].content.startswith("Say text 5"):
        return '{"label": 7}'
    return '{"label": "a label that is long enough"}'


def _with_schema(desk: Desk) -> list[str]:
    path = desk.folder / "s.json"
    path.write_text(json.dumps(_SCHEMA))
    return ["--schema", str(path)]


def test_answer_wrong_thrice_fails_alone_and_is_not_asked_again(
    desk: Desk, servers: Servers
) -> None:
    """Two re-asks name the error; the same command later costs no call."""
    server = FakeModelServer(_objects)
    model = servers.start(server)
    words = _with_schema(desk)
    first = desk.map(model, *words)
    _check_one_failed(desk, first, "r5", "not valid after 2 re-asks")
    assert first.summary["calls"]["sent"] == ROWS + 2
    again = desk.map(model, *words)
    _check_one_failed(desk, again, "r5", "not valid after 2 re-asks")
    assert again.summary["calls"]["sent"] == 0
    assert server.duplicates() == {}


def test_objects_cut_by_their_length_fail_with_what_to_type(
    desk: Desk, servers: Servers
) -> None:
    """Half an object is no answer; more tokens bring whole ones."""
    server = FakeModelServer(_objects)
    model = servers.start(server)
    rows = [row for row in numbered(ROWS) if row["id"] != "r5"]
    desk.rows(rows)
    told = desk.map(model, *_with_schema(desk), "--max-tokens", "3")
    assert told.code == 3
    assert told.summary["status"] == "failed"
    hints = {failure["hint"] for failure in told.summary["failures"]}
    assert hints == {"allow longer answers, for example --max-tokens 12"}
    done = desk.map(model, *_with_schema(desk), "--max-tokens", "300")
    desk.check_finished(done, len(rows))
