"""Weights: found in the documented order, and never used unless the hash is right."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from subak.errors import StorageError, Unreachable, UserError
from subak.llm.hub import download
from subak.llm.weights import (
    KNOWN,
    Weights,
    assemble,
    check_format,
    find_file,
    find_parts,
    known_weights,
    model_folder,
    verify,
)

CONTENT = b"GGUF" + bytes(range(256)) * 10


def _weights(content: bytes = CONTENT, parts: int = 3) -> Weights:
    return Weights(
        name="tiny",
        file="tiny.gguf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        package="subak_test_tiny_part",
        parts=parts,
        repository="Org/Tiny",
        cache_bytes_per_token=1,
    )


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the model cache to an empty folder."""
    monkeypatch.setenv("SUBAK_MODEL_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install three packages with a part each, that would fail if imported."""
    site = tmp_path / "site"
    for number in (1, 2, 3):
        data = site / f"subak_test_tiny_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise RuntimeError")
        part = CONTENT[(number - 1) * 1000 : number * 1000]
        (data / f"part{number:02d}.bin").write_bytes(part)
    monkeypatch.syspath_prepend(str(site))
    yield site
    assert not any(name.startswith("subak_test_tiny") for name in sys.modules)


def test_known_models_are_pinned() -> None:
    """Both names have a size, a hash and a licence."""
    assert set(KNOWN) == {"qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"}
    assert all(len(weights.sha256) == 64 for weights in KNOWN.values())
    assert all(weights.licence == "Apache-2.0" for weights in KNOWN.values())


def test_unknown_name_says_what_was_meant() -> None:
    """A near miss names the model."""
    with pytest.raises(UserError) as caught:
        known_weights("qwen2.5-coder-15b")
    assert "did you mean 'qwen2.5-coder-1.5b'" in caught.value.hint


def test_file_is_found_as_a_path_before_the_cache(cache: Path, tmp_path: Path) -> None:
    """A path wins over a name; the cache is looked up by name."""
    path = tmp_path / "own.gguf"
    path.write_bytes(CONTENT)
    assert find_file(str(path)) == path
    assert find_file("qwen2.5-coder-0.5b") is None
    cache.mkdir()
    cached = cache / KNOWN["qwen2.5-coder-0.5b"].file
    cached.write_bytes(CONTENT)
    assert find_file("qwen2.5-coder-0.5b") == cached
    assert model_folder() == cache


def test_parts_become_one_file(packages: Path, cache: Path) -> None:
    """The parts are joined in order, without importing their packages."""
    parts = find_parts(_weights())
    assert parts is not None
    file = assemble(_weights(), parts)
    assert file.read_bytes() == CONTENT
    assert list(cache.iterdir()) == [file]


def test_parts_must_be_complete(packages: Path) -> None:
    """One missing package means there are none."""
    assert find_parts(_weights(parts=4)) is None


@pytest.mark.parametrize("damage", [b"x", b""])
def test_damaged_part_is_refused(packages: Path, cache: Path, damage: bytes) -> None:
    """Another byte, or one less: nothing is left in the cache."""
    part = packages / "subak_test_tiny_part2" / "data" / "part02.bin"
    part.write_bytes(part.read_bytes()[:-1] + damage)
    parts = find_parts(_weights())
    assert parts is not None
    with pytest.raises(UserError, match="SHA-256"):
        assemble(_weights(), parts)
    assert list(cache.iterdir()) == []


def test_leftovers_of_dead_processes_are_removed(packages: Path, cache: Path) -> None:
    """A killed download does not fill the disk for ever."""
    cache.mkdir()
    (cache / ".tiny.gguf.999999999.part").write_bytes(b"half")
    parts = find_parts(_weights())
    assert parts is not None
    assert list(cache.iterdir()) != []
    assert assemble(_weights(), parts).parent == cache
    assert len(list(cache.iterdir())) == 1


def test_cached_file_is_checked(tmp_path: Path) -> None:
    """A file that changed since is refused with the command that mends it."""
    file = tmp_path / "tiny.gguf"
    file.write_bytes(CONTENT)
    verify(file, _weights())
    file.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(UserError) as caught:
        verify(file, _weights())
    assert f"rm '{file}'" in caught.value.hint


def test_file_of_another_format_is_refused(tmp_path: Path) -> None:
    """Only GGUF files are given to llama.cpp."""
    file = tmp_path / "model.bin"
    file.write_bytes(b"PK..")
    with pytest.raises(UserError, match="GGUF"):
        check_format(file)


def test_cache_that_cannot_be_written_is_said(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way out is another folder."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SUBAK_MODEL_DIR", str(tmp_path / "file"))
    with pytest.raises(StorageError) as caught:
        assemble(_weights(), find_parts(_weights()) or ())
    assert "SUBAK_MODEL_DIR" in caught.value.hint


def _download(content: bytes, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Download the tiny model from a hub that sends ``content``."""

    async def send(request: web.Request) -> web.Response:
        assert request.path == "/Org/Tiny/resolve/main/tiny.gguf"
        return web.Response(body=content, status=200 if content else 404)

    async def scenario() -> bytes:
        app = web.Application()
        app.router.add_get("/{path:.*}", send)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        monkeypatch.setenv("HF_ENDPOINT", f"http://{host}:{port}/")
        try:
            file = await download(_weights(), lambda _: None)
        finally:
            await runner.cleanup()
        return file.read_bytes()

    return asyncio.run(scenario())


def test_hub_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is fetched whole and checked."""
    assert _download(CONTENT, monkeypatch) == CONTENT


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"!", CONTENT * 2])
def test_hub_sends_something_else(
    content: bytes, monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    """Too short, changed or too large: nothing is kept."""
    with pytest.raises(UserError):
        _download(content, monkeypatch)
    assert list(cache.iterdir()) == []


def test_hub_without_the_file_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without weights there is no model: exit 4, with the ways out."""
    with pytest.raises(Unreachable) as caught:
        _download(b"", monkeypatch)
    assert "subak doctor" in caught.value.hint
