"""`subak serve` as a process: its address, its end, and the runs it leaves alone."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from subak.cli.main import execute
from subak.engine.holder import find_holder
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.testing.model_server import FakeModelServer
from subak.testing.model_settings import FakeSettings
from subak.views.runs import get_run
from subak.web.secret import Secret, read_secret
from tests.job.serving import served, write_job
from tests.views.sample import write_synthetic_run
from tests.web.serving import PATIENCE_S, serving_dashboard


def _ask(
    address: str, path: str, token: str, fields: dict[str, str] | None = None
) -> tuple[int, str]:
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=PATIENCE_S)
    headers = {"Authorization": f"Bearer {token}"}
    if fields is None:
        connection.request("GET", path, headers=headers)
    else:
        headers |= {
            "Origin": f"http://{host}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = urlencode({"form_token": Secret(token).form, **fields})
        connection.request("POST", path, form, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def _token(address: str) -> str:
    return urlsplit(address).query.removeprefix("token=")


def test_serve_answers_and_ends_at_once_although_it_is_watched(tmp_path: Path) -> None:
    """The address works, an open stream does not hold it up, the exit code is 0."""
    write_synthetic_run(tmp_path, items=5)
    with serving_dashboard(tmp_path) as (process, address):
        token = _token(address)
        status, text = _ask(address, f"/w/{tmp_path.name}/", token)
        assert (status, "partial" in text) == (200, True)
        assert _ask(address, "/", "wrong")[0] == 401
        host, port = urlsplit(address).netloc.split(":")
        watching = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
        request = (
            f"GET /w/{tmp_path.name}/stream HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        watching.sendall(request.encode())
        assert b"200 OK" in watching.recv(4096)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0
        assert time.monotonic() - began < 15
        watching.close()


def test_serve_keeps_its_address_in_a_token_file(tmp_path: Path) -> None:
    """What is in the file is what the address has."""
    write_synthetic_run(tmp_path / "intel", items=5)
    path = tmp_path / "token"
    with serving_dashboard(tmp_path / "intel", "--token-file", str(path)) as (
        _,
        address,
    ):
        assert _token(address) == read_secret(path).token


def test_run_outlives_the_server_that_started_it(tmp_path: Path) -> None:
    """The server is stopped while a run of its making is at work; that goes on."""
    slow = FakeModelServer(settings=FakeSettings(token_s=0.02, slots=1))
    folder = tmp_path / "job"
    with served(slow) as (site, model):
        write_job(folder, site, f"openai:fake@{model.url}/v1")
        with serving_dashboard(folder) as (process, address):
            status, _ = _ask(address, "/w/job/do/start", _token(address), {"x": ""})
            assert status == 303
            pid = find_holder(Workspace(folder))
            assert pid is not None
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
            assert find_holder(Workspace(folder)) == pid
            os.kill(pid, 0)
        deadline = time.monotonic() + PATIENCE_S
        while find_holder(Workspace(folder)) is not None:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    db = open_reader(Workspace(folder).journal)
    assert get_run(db).status == "done"
    db.close()


def test_serve_tells_that_a_port_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and another port to type."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert execute(["serve", str(tmp_path), "--port", str(port)]) == 2
    shown = capsys.readouterr()
    assert f"port {port}" in shown.err
    assert "subak serve --port" in shown.err
    assert shown.out == ""


def test_serve_refuses_a_token_that_others_can_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 with the command that mends it."""
    path = tmp_path / "token"
    path.write_text("t" * 40)
    path.chmod(0o644)
    assert execute(["serve", str(tmp_path), "--token-file", str(path)]) == 2
    assert "chmod 600" in capsys.readouterr().err
