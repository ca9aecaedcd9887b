"""`subak demo --fast`: the main job, its second run, and its crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from subak.cli.main import execute
from tests.cli.test_run import check_contract

COMMAND = [sys.executable, "-m", "subak", "demo", "--fast"]


def _demo(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the demo in a folder; its first run there takes a port no other test has."""
    is_new = not (folder / "recipe.toml").exists()
    port = 20_000 + zlib.crc32(str(folder).encode()) % 10_000
    chosen = ["--port", str(port)] if is_new else []
    return subprocess.run(
        [*COMMAND, "--dir", str(folder), "--countries", "2", *chosen, *words],
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )


def test_demo_ends_with_the_contracted_object_and_is_free_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first run proves facts without a repeated call, the next makes no call.

    What changed since the earlier day stays told until something changes again.
    """
    first = _demo(tmp_path / "demo", "--json")
    assert first.returncode == 0, first.stderr
    told = json.loads(first.stdout)
    check_contract(told)
    assert told["status"] == "done"
    assert told["calls"]["repeated"] == 0
    assert told["facts"]["proved"] > 15
    for name in ("out/site/index.html", "out/facts.json", ".subak/report.html"):
        assert (tmp_path / "demo" / name).is_file()
    assert execute(["report", "--dir", str(tmp_path / "demo"), "--out", "-"]) == 0
    assert "http-equiv" in capsys.readouterr().out
    again = _demo(tmp_path / "demo", "--quiet")
    assert again.returncode == 0, again.stderr
    assert "done   0 calls" in again.stdout
    assert "again  0 calls" in again.stdout
    assert "change Estonia, Standard VAT rate: 22% -> 24%" in again.stdout
    assert "differ Liechtenstein, Standard VAT rate: 8.1% by" in again.stdout


def test_demo_that_crashes_ends_with_the_same_bytes(tmp_path: Path) -> None:
    """It kills itself at a random event, resumes, and compares every file."""
    crashed = _demo(tmp_path, "--crash", "--seed", "11")
    assert crashed.returncode == 0, crashed.stderr
    assert "byte for byte the same" in crashed.stdout
    assert "0 repeated" in crashed.stdout


def test_full_disk_is_told_and_nothing_finished_is_lost(tmp_path: Path) -> None:
    """On a small file system the run stops with exit 2; with room it completes."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    try:
        full = _demo(tmp_path / "demo")
        assert full.returncode == 2, full.stderr
        assert "disk" in full.stderr
        assert "make room" in full.stderr
        assert "Traceback" not in full.stderr
        room = [*mount[:4], "remount,size=40m", str(tmp_path)]
        subprocess.run(room, capture_output=True, check=True)
        done = _demo(tmp_path / "demo", "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert (told["status"], told["calls"]["repeated"]) == ("done", 0)
        assert not list(tmp_path.rglob("*.tmp"))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
