"""Files that are wrong, in the way, or on a disk that is full."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from subak.llm.model import Message
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import ROWS, Desk, answer
from tests.faults.servers import Servers

_START_S = 30.0


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[None]:
    """Mount a small file system there while the block runs."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _remount(folder: Path, options: str) -> None:
    command = ["mount", "-o", f"remount,{options}", str(folder)]
    subprocess.run(command, capture_output=True, check=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not JSON", "cannot read the schema"),
        ("[1]", "not a JSON object"),
        ('{"type": "array"}', 'not "object"'),
        ('{"type": "object", "properties": {"a": {"type": "strng"}}}', "not a valid"),
        ('{"type": "object", "properties": {"a": {"$ref": "b.json"}}}', "another file"),
    ],
)
def test_schema_that_is_none_is_told_before_anything_is_sent(
    desk: Desk, servers: Servers, text: str, said: str
) -> None:
    """The file is named and an example shown; mended, the same command works."""
    server = FakeModelServer()
    model = servers.start(server)
    path = desk.folder / "s.json"
    path.write_text(text)
    words = desk.words(model, "--schema", str(path))
    desk.check_refused(desk.type(words), 2, "s.json", said)
    assert server.asked == []
    path.write_text('{"type": "object", "properties": {"a": {"type": "string"}}}')
    assert desk.type(words).code == 0


def test_output_below_a_file_is_told_before_anything_is_sent(
    desk: Desk, servers: Servers
) -> None:
    """No call is paid for rows that could not be written."""
    server = FakeModelServer(answer)
    model = servers.start(server)
    out = desk.folder / "p.txt" / "out.jsonl"
    told = desk.type(desk.words(model, "--out", str(out)))
    desk.check_refused(told, 2, str(out), "cannot write")
    assert server.asked == []
    desk.check_finished(desk.map(model), ROWS)


def test_output_on_a_read_only_disk_is_told_before_anything_is_sent(
    desk: Desk, servers: Servers
) -> None:
    """Made writable, the same command works."""
    server = FakeModelServer(answer)
    model = servers.start(server)
    with _mounted(desk.folder / "ro", "size=1m,ro"):
        words = desk.words(model, "--out", str(desk.folder / "ro" / "out.jsonl"))
        desk.check_refused(desk.type(words), 2, "ro/out.jsonl", "cannot write")
        assert server.asked == []
        _remount(desk.folder / "ro", "rw")
        assert desk.type(words).code == 0
        assert (desk.folder / "ro" / "out.jsonl").is_file()


def test_output_that_outgrows_its_disk_costs_no_second_call(
    desk: Desk, servers: Servers
) -> None:
    """The journal has the answers; with room the same command only writes."""
    desk.rows([{"id": n, "text": f"t{n}"} for n in range(100)])
    server = FakeModelServer(_incompressible)
    model = servers.start(server)
    with _mounted(desk.folder / "small", "size=40k"):
        words = desk.words(model, "--out", str(desk.folder / "small" / "out.jsonl"))
        desk.check_refused(
            desk.type(words), 2, "small/out.jsonl", "No space", "make room"
        )
        assert list((desk.folder / "small").iterdir()) == []
        sent = len(server.asked)
        assert sent > 0
        _remount(desk.folder / "small", "size=4m")
        done = desk.type([*words, "--json"])
        assert (done.code, done.summary["calls"]["repeated"]) == (0, 0)
    assert server.duplicates() == {}


def _incompressible(messages: Sequence[Message], _schema: str | None) -> str:
    rng = Random(messages[0].content)
    return "".join(chr(0x4E00 + rng.randrange(20_000)) for _ in range(600))


def test_disk_full_while_journaling_loses_nothing_kept(
    desk: Desk, servers: Servers
) -> None:
    """It ends with 2; with room the same command asks only what was not kept."""
    count = 200
    desk.rows([{"id": n, "text": f"t{n}"} for n in range(count)])
    server = FakeModelServer(_incompressible)
    model = servers.start(server)
    with _mounted(desk.folder / "disk", "size=500k"):
        words = desk.words(model, "--dir", str(desk.folder / "disk"))
        told = desk.type(words)
        desk.check_refused(told, 2, "journal.db", "full", "make room")
        sent = len(server.answered)
        assert 0 < sent < count
        _remount(desk.folder / "disk", "size=20m")
        done = desk.type([*words, "--json"])
        assert done.code == 0, done.err
        assert done.summary["calls"]["repeated"] == 0
        # Answers that the disk had no room for are all that is asked again.
        twice = len(server.duplicates())
        assert twice < sent
        assert len(server.answered) == count
        assert desk.errors() == {}
        again = desk.type([*words, "--json"])
        assert (again.code, again.summary["calls"]["sent"]) == (0, 0)


def test_second_process_on_a_journal_is_refused_and_harms_nothing(
    desk: Desk, servers: Servers
) -> None:
    """It ends at once with 2 and the first one's pid; the first one finishes."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=1, token_s=0.003))
    model = servers.start(server)
    words = desk.words(model)
    first = desk.spawn([*words, "--json"])
    deadline = time.monotonic() + _START_S
    while not server.asked and time.monotonic() < deadline:
        time.sleep(0.01)
    told = desk.type(words)
    assert told.code == 2
    assert f"process {first.pid}" in told.err
    assert f"kill {first.pid}" in told.err
    assert str(desk.folder) in told.err
    out, err = first.communicate(timeout=50)
    assert first.returncode == 0, err
    assert '"status": "done"' in out
    assert server.duplicates() == {}
    desk.check_finished(desk.map(model), 0)
