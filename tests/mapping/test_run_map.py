"""run_map against a real loopback server: order, cache, resume, bad rows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from subak.engine.events import Event
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import Unreachable, UserError, WorkspaceBusy
from subak.llm.model import Message
from subak.mapping.map_request import MapRequest
from subak.mapping.map_result import MapResult
from subak.mapping.map_row import MapRow
from subak.mapping.run_map import run_map
from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.mapping.serving import (
    answer,
    numbered,
    read_rows,
    request_for,
    run_maps,
    spec,
)

_SCHEMA = {
    "type": "object",
    "properties": {"label": {"type": "string"}},
    "required": ["label"],
    "additionalProperties": False,
}


def test_rows_come_out_in_order_with_their_answers(tmp_path: Path) -> None:
    """Whatever order the answers come in, the output has that of the input."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=7))
    (result,) = run_maps(server, request_for(tmp_path, server, 600))
    rows = read_rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == [f"r{n}" for n in range(600)]
    assert [row["output"] for row in rows] == [
        f"answer to Say text {n}" for n in range(600)
    ]
    assert {row["error"] for row in rows} == {None}
    assert rows[0]["usage"] == {"tokens_in": 3, "tokens_out": 5, "tokens_cached": 0}
    summary = result.summary
    assert (summary.status, summary.recipe) == ("done", "map out.jsonl")
    assert (summary.tasks.done, summary.calls.sent) == (600, 600)
    assert summary.outputs == (str(tmp_path / "out.jsonl"),)
    assert len(result) == 0


def test_unchanged_rows_cost_no_call_and_give_the_same_bytes(tmp_path: Path) -> None:
    """The second run asks nothing; a changed row alone is asked about."""
    server = FakeModelServer(answer)
    request = request_for(tmp_path, server)
    changed: list[Mapping[str, object]] = [
        *numbered(30)[:-1],
        {"id": "r29", "text": "new"},
    ]
    other = replace(request, rows=changed, out=tmp_path / "other.jsonl")
    first, second, third = run_maps(
        server, request, replace(request, out=tmp_path / "again.jsonl"), other
    )
    assert first.summary.calls.sent == 30
    assert (second.summary.calls.sent, second.summary.tasks.cached) == (0, 30)
    assert (tmp_path / "again.jsonl").read_bytes() == (
        tmp_path / "out.jsonl"
    ).read_bytes()
    assert (third.summary.calls.sent, third.summary.tasks.cached) == (1, 29)
    assert len(server.asked) == 31


def test_equal_prompts_make_one_call(tmp_path: Path) -> None:
    """Rows may repeat, even their ids; each gets its row, one call answers all."""
    server = FakeModelServer(answer)
    rows: list[Mapping[str, object]]
    rows = [{"id": "same", "text": "x"}, {"id": 2, "text": "x"}] * 4
    (result,) = run_maps(
        server, replace(request_for(tmp_path, server), rows=rows, out=None)
    )
    assert [row.id for row in result] == ["same", 2] * 4
    assert {row.output for row in result} == {"answer to Say x"}
    assert len(server.asked) == 1
    assert result.summary.calls.sent == 1


def test_refresh_asks_anew_once_and_not_again_when_resumed(tmp_path: Path) -> None:
    """The newest answers stand afterwards; equal rows are asked about once."""
    server = FakeModelServer(answer)
    request = replace(request_for(tmp_path, server), rows=[*numbered(5), *numbered(5)])
    results = run_maps(server, request, replace(request, refresh=True), request)
    assert [each.summary.calls.sent for each in results] == [5, 5, 0]
    assert results[1].summary.calls.repeated == 5


def test_bad_rows_fail_alone_and_name_their_line(tmp_path: Path) -> None:
    """Not JSON, a missing field, too long for the model: told, the others go on."""
    server = FakeModelServer(answer, settings=FakeSettings(context_tokens=200))
    path = tmp_path / "bad.jsonl"
    long = json.dumps({"id": "long", "text": "word " * 400})
    request = replace(request_for(tmp_path, server), rows=path)
    path.write_text(f'{{"id": "a", "text": "x"}}\n{{oops\n{{"txt": 1}}\n{long}\n')
    (result,) = run_maps(server, request)
    rows = read_rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == ["a", 2, 3, "long"]
    errors = [str(row["error"]) for row in rows]
    assert errors[0] == "None"
    for line, said in ((2, "not JSON"), (3, "no field 'text'"), (4, "context")):
        assert errors[line - 1].startswith(f"line {line}: ")
        assert said in errors[line - 1]
    summary = result.summary
    assert (summary.status, summary.tasks.done, summary.tasks.failed) == (
        "partial",
        1,
        3,
    )
    assert [failure.item for failure in summary.failures] == ["2", "3", "long"]
    assert all(failure.hint for failure in summary.failures)


def _labels(messages: Sequence[Message], _schema: str | None) -> str:
    about = messages[0].content
    if "never" in about:
        return '{"label": 7}'
    is_first = len(messages) == 1
    return '{"label": 7}' if "later" in about and is_first else '{"label": "fine"}'


def test_schema_gives_objects_and_wrong_answers_fail_alone(tmp_path: Path) -> None:
    """A wrong answer is asked again, thrice wrong fails; all of it is remembered."""
    server = FakeModelServer(_labels)
    rows = [{"text": word} for word in ("now", "later", "never")]
    request = replace(
        request_for(tmp_path, server), rows=rows, schema=_SCHEMA, out=None
    )
    first, second = run_maps(server, request, request)
    for result in (first, second):
        assert result.outputs == [{"label": "fine"}, {"label": "fine"}, None]
        assert "not valid after 2 re-asks" in str(result[2].error)
        assert result.summary.status == "partial"
    assert first.summary.calls.sent == 1 + 2 + 3
    assert second.summary.calls.sent == 0


def test_busy_broken_and_cut_answers_cost_no_row(tmp_path: Path) -> None:
    """429, 500 and cut streams are tried again until every row has its answer."""
    server = FakeModelServer(
        answer, FaultPlan(seed=5, first=("busy", "failed", "cut", "malformed"))
    )
    (result,) = run_maps(server, request_for(tmp_path, server, 20))
    summary = result.summary
    assert (summary.status, summary.tasks.done) == ("done", 20)
    assert (summary.calls.repeated, server.duplicates()) == (0, {})


def test_cut_answers_are_marked_and_told(tmp_path: Path) -> None:
    """An answer that max_tokens cut is an answer, but says so."""
    server = FakeModelServer(answer)
    notes: list[Event] = []

    async def scenario() -> MapResult:
        async with server:
            request = replace(request_for(tmp_path, server, 2), max_tokens=2, out=None)
            return await run_map(request, listeners=[notes.append])

    result = asyncio.run(scenario())
    assert result.cut == 2
    assert all(row.usage is not None and row.usage.is_cut for row in result)
    told = [str(each.data["message"]) for each in notes if each.kind == "note"]
    assert any("--max-tokens 4" in message for message in told)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_empty_input_gives_an_empty_output(tmp_path: Path, form: str) -> None:
    """No rows is no error."""
    server = FakeModelServer(answer)
    path = tmp_path / f"empty.{form}"
    path.write_text("" if form == "jsonl" else "text\n")
    request = replace(request_for(tmp_path, server), rows=path)
    (result,) = run_maps(server, request)
    assert (result.summary.status, server.asked) == ("done", [])
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_csv_comes_in_and_goes_out(tmp_path: Path) -> None:
    """Quoted cells in, a column for each property out."""
    server = FakeModelServer(_labels)
    path = tmp_path / "rows.csv"
    path.write_text('id,text\n1,"two\nlines, ""quoted"""\n')
    out = tmp_path / "out.csv"
    request = replace(request_for(tmp_path, server), rows=path, out=out, schema=_SCHEMA)
    run_maps(server, request)
    assert server.asked[0].messages[-1].content == 'Say two\nlines, "quoted"'
    assert out.read_bytes() == (
        b'"id","output.label","error","tokens_in","tokens_out","tokens_cached"\r\n'
        b'"1","fine","",6,5,0\r\n'
    )


def test_limit_takes_the_first_rows(tmp_path: Path) -> None:
    """The rest of the input is not even looked at."""
    server = FakeModelServer(answer)
    request = replace(request_for(tmp_path, server, 1_000), limit=3, out=None)
    (result,) = run_maps(server, request)
    assert [row.id for row in result] == ["r0", "r1", "r2"]
    assert len(server.asked) == 3


def _bad_requests(request: MapRequest, folder: Path) -> list[MapRequest]:
    (folder / "array.json").write_text("[1, 2]")
    (folder / "wide.csv").write_bytes("text\n".encode("utf-16"))
    (folder / "wrong.json").write_text("{}")
    return [
        replace(request, rows=folder / "missing.jsonl"),
        replace(request, rows=folder),
        replace(request, rows=folder / "array.json"),
        replace(request, rows=folder / "wide.csv"),
        replace(request, prompt="Say {txet}"),
        replace(request, prompt="Say it"),
        replace(request, prompt=folder / "missing.txt"),
        replace(request, schema=folder / "wrong.json"),
        replace(request, out=folder),
        replace(request, out=folder / "rows.jsonl"),
        replace(request, model="opnai:x"),
    ]


def test_mistakes_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    """Each with its place and a way out; no output is touched."""
    server = FakeModelServer(answer)
    request = request_for(tmp_path, server)

    async def scenario() -> None:
        async with server:
            asked = replace(request, model=spec(server))
            for bad in _bad_requests(asked, tmp_path):
                with pytest.raises(UserError) as told:
                    await run_map(bad)
                assert told.value.where
                assert told.value.hint

    asyncio.run(scenario())
    assert server.asked == []
    assert not (tmp_path / "out.jsonl").exists()
    assert not list(tmp_path.glob(".*.part"))


def test_second_map_in_a_folder_is_refused(tmp_path: Path) -> None:
    """Two processes don't share a journal."""
    server = FakeModelServer(answer)
    with WorkspaceLock(Workspace(tmp_path)), pytest.raises(WorkspaceBusy):
        run_maps(server, request_for(tmp_path, server))
    assert server.asked == []


def test_missing_server_ends_it_resumable(tmp_path: Path) -> None:
    """Nobody there is no failure of rows; known rows need no server at all."""
    server = FakeModelServer(answer)
    request = request_for(tmp_path, server, 4)
    run_maps(server, replace(request, limit=2, out=tmp_path / "first.jsonl"))
    gone = replace(request, model=spec(server))
    with pytest.raises(Unreachable):
        asyncio.run(run_map(gone))
    assert not (tmp_path / "out.jsonl").exists()
    result = asyncio.run(run_map(replace(gone, limit=2)))
    assert (result.summary.status, result.summary.tasks.cached) == ("done", 2)


def test_rows_that_are_no_mappings_fail_alone(tmp_path: Path) -> None:
    """A notebook's mistake costs its row."""
    server = FakeModelServer(answer)
    rows: list[Mapping[str, object]] = [{"text": "x"}]
    rows.append("text")  # type: ignore[arg-type]  # the mistake
    (result,) = run_maps(
        server, replace(request_for(tmp_path, server), rows=rows, out=None)
    )
    assert [(row.id, row.error is None) for row in result] == [(1, True), (2, False)]
    assert isinstance(result[0], MapRow)


def test_garbage_is_told_line_by_line_and_not_held(tmp_path: Path) -> None:
    """A wrong file costs no call, whatever its length."""
    server = FakeModelServer(answer)
    path = tmp_path / "garbage.jsonl"
    path.write_bytes(b"garbage\n" * 700)
    (result,) = run_maps(
        server, replace(request_for(tmp_path, server), rows=path, out=None)
    )
    assert (result.summary.status, result.summary.tasks.failed) == ("failed", 700)
    assert [row.id for row in result] == list(range(1, 701))
    assert server.asked == []
