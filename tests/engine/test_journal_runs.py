"""The journal's runs and events: who goes on, what is told, in which order."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from subak.engine.events import Chosen, Event
from tests.engine.desk import Desk, sit


def test_journal_begins_a_run_with_the_time_in_its_name(tmp_path: Path) -> None:
    """A new run is named after the clock, told, and open until it ends."""

    async def scenario(desk: Desk) -> None:
        run = await desk.journal.begin_run("intel", "digest", '{"a":1}')
        assert re.fullmatch(r"20261122-060000-[0-9a-f]{4}", run.id)
        assert desk.journal.run == run.id
        assert (run.status, run.ended, run.options) == ("running", None, '{"a":1}')
        assert (run.recipe, run.recipe_digest) == ("intel", "digest")
        desk.clock.time += 60
        await desk.journal.end_run(run.id, "done", '{"tasks":{}}')
        assert desk.rows("SELECT ended, status, summary FROM run") == [
            (desk.clock.time, "done", '{"tasks":{}}'),
        ]
        kinds = desk.rows("SELECT run, kind FROM event ORDER BY id")
        assert kinds == [(run.id, "run.started"), (run.id, "run.finished")]

    sit(tmp_path, scenario)


@pytest.mark.parametrize(
    ("status", "is_resumed"),
    [(None, True), ("interrupted", True), ("done", False), ("partial", False)],
)
def test_journal_goes_on_with_what_did_not_end(
    tmp_path: Path, status: str | None, is_resumed: bool
) -> None:
    """A killed or interrupted run is taken up under its name; an ended one is not."""

    async def scenario(desk: Desk) -> None:
        first = await desk.journal.begin_run("intel", "old", "{}")
        if status is not None:
            await desk.journal.end_run(first.id, status, "{}")
        await desk.journal.begin_run("tax", "digest", "{}")
        desk.clock.time -= 3_600  # a clock set back does not change which is newest
        again = await desk.journal.begin_run("intel", "new", '{"b":2}')
        assert (again.id == first.id) is is_resumed
        assert (desk.kinds()[-1] == "run.resumed") is is_resumed
        assert (again.status, again.ended) == ("running", None)
        assert (again.recipe_digest, again.options) == ("new", '{"b":2}')
        assert (again.started == first.started) is is_resumed

    sit(tmp_path, scenario)


def test_journal_only_goes_on_with_the_newest_run(tmp_path: Path) -> None:
    """An interrupted run before one that ended stays as it is."""

    async def scenario(desk: Desk) -> None:
        first = await desk.journal.begin_run("intel", "d", "{}")
        await desk.journal.end_run(first.id, "done", "{}")
        second = await desk.journal.begin_run("intel", "d", "{}")
        await desk.journal.end_run(second.id, "done", "{}")
        await desk.execute(
            "UPDATE run SET status = 'interrupted' WHERE id = ?", first.id
        )
        third = await desk.journal.begin_run("intel", "d", "{}")
        assert third.id not in {first.id, second.id}

    sit(tmp_path, scenario)


def test_journal_never_gives_a_run_a_taken_name(tmp_path: Path) -> None:
    """With 255 of 256 names of this second taken, a free one is found."""

    async def scenario(desk: Desk) -> None:
        await desk.store.write(
            lambda writer: writer.executemany(
                "INSERT INTO run VALUES(?, 'x', '', 0, 0, 'done', '{}', '{}')",
                [
                    (f"20261122-060000-{number:04x}",)
                    for number in range(65_536)
                    if number % 256
                ],
            ).close()
        )
        run = await desk.journal.begin_run("intel", "d", "{}")
        assert run.id.endswith("00")

    sit(tmp_path, scenario)


def test_journal_events_are_kept_in_order(tmp_path: Path) -> None:
    """Listeners hear at once; after the end of a run all is on the disk."""

    async def scenario(desk: Desk) -> None:
        run = await desk.journal.begin_run("intel", "d", "{}")
        for number in range(20):
            desk.journal.emit("note", stage="s", item="i", number=number, ok=True)
        assert [event.data.get("number") for event in desk.events[1:]] == [*range(20)]
        await desk.journal.end_run(run.id, "done", "{}")
        rows = desk.rows("SELECT stage, item, data FROM event ORDER BY id")
        assert rows[1] == ("s", "i", '{"number": 0, "ok": true}')
        numbers = [json.loads(str(row[2])).get("number") for row in rows[1:-1]]
        assert numbers == [*range(20)]

    sit(tmp_path, scenario)


def test_journal_tells_choosy_listeners_what_they_hear(tmp_path: Path) -> None:
    """Others still hear all of it, and who comes later is heard out too."""
    chosen: list[str] = []
    late: list[str] = []

    async def scenario(desk: Desk) -> None:
        desk.journal.subscribe(Chosen({"two"}, lambda event: chosen.append(event.kind)))
        desk.journal.tell("one")
        desk.journal.emit("two")
        desk.journal.subscribe(lambda event: late.append(event.kind))
        desk.journal.tell("one")
        assert desk.kinds() == ["one", "two", "one"]
        assert (chosen, late) == (["two"], ["one"])

    sit(tmp_path, scenario)


def test_journal_drops_listeners_that_raise(tmp_path: Path) -> None:
    """Broken displays are taken off with a note; the others hear everything."""
    calls: list[str] = []

    def broken(event: Event) -> None:
        calls.append(event.kind)
        raise BrokenPipeError

    def also_broken(event: Event) -> None:
        raise KeyError(event.kind)

    async def scenario(desk: Desk) -> None:
        desk.journal.subscribe(broken)
        desk.journal.subscribe(also_broken)
        desk.journal.emit("one")
        desk.journal.emit("two")
        assert calls == ["one"]
        assert desk.kinds() == ["one", "note", "note", "two"]
        assert "BrokenPipeError" in str(desk.events[1].data["message"])

    sit(tmp_path, scenario)
