"""Files of this machine as a source: found by globs, read like pages."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from subak.errors import Gone, RecipeError, Refused, UnusableContent
from subak.sources.disk import Disk
from subak.sources.request import Reply, Request, Validators
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from tests.sources.fetching import list_targets, open_reach


def listed(folder: Path, *paths: str, **fields: object) -> list[Target]:
    """Return what a files source lists in a folder."""

    async def scenario() -> list[Target]:
        spec = SourceSpec(
            "texts",
            "files",
            paths=paths,
            key_path="source[0]",
            **fields,  # type: ignore[arg-type]
        )
        async with open_reach(folder) as reach:
            return await list_targets(spec, reach)

    return asyncio.run(scenario())


def fetched(folder: Path, url: str, etag: str = "", max_bytes: int = 1_000) -> Reply:
    """Return a file as the disk answers it."""
    request = Request(url, validators=Validators(url, etag))
    return asyncio.run(Disk(folder, max_bytes).fetch(request))


def fill(folder: Path, *names: str) -> None:
    """Write small files, with the folders they lie in."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"This is {name}.")


def test_files_are_listed_sorted_with_relative_addresses(tmp_path: Path) -> None:
    """Readable files of the globs, each once, under the same address everywhere."""
    fill(tmp_path, "b.md", "a/x y#1.txt", "a/deep/z.pdf", "a/p.html", "a/image.png")
    fill(tmp_path, ".subak/hidden.md", "a/.draft.md")
    found = listed(tmp_path, "**/*.md", "a/**/*", category="tax", entities=("Bali",))
    assert [target.url for target in found] == [
        "file:b.md",
        "file:a/deep/z.pdf",
        "file:a/p.html",
        "file:a/x%20y%231.txt",
    ]
    assert {(target.way, target.entity) for target in found} == {("file", "Bali")}
    assert fetched(tmp_path, found[3].url).body == b"This is a/x y#1.txt."


def test_files_include_exclude_and_limit_apply(tmp_path: Path) -> None:
    """The globs of the recipe look at the path, as with pages."""
    fill(tmp_path, "a/1.txt", "a/2.txt", "a/old/3.txt", "b/4.txt")
    found = listed(tmp_path, "**/*.txt", exclude=("*old/*",), limit=2)
    assert [target.url for target in found] == ["file:a/1.txt", "file:a/2.txt"]


def test_files_state_changes_with_the_file(tmp_path: Path) -> None:
    """Size and time are the hint and the validator: unchanged is not read again."""
    fill(tmp_path, "a.txt")
    os.utime(tmp_path / "a.txt", (1_000, 1_000))
    (before,) = listed(tmp_path, "a.txt")
    assert listed(tmp_path, "a.txt") == [before]
    assert fetched(tmp_path, before.url, before.hint).status == 304
    os.utime(tmp_path / "a.txt", (1_001, 1_001))
    (after,) = listed(tmp_path, "a.txt")
    assert after == replace(before, hint=after.hint)
    reply = fetched(tmp_path, before.url, before.hint)
    assert (reply.status, reply.etag) == (200, after.hint)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.MD", "text/markdown"),
        ("a.txt", "text/plain"),
        ("a.htm", "text/html"),
        ("a.pdf", "application/pdf"),
    ],
)
def test_files_media_type_goes_by_name(
    tmp_path: Path, name: str, media_type: str
) -> None:
    """The reader is chosen as for a page of that type."""
    fill(tmp_path, name)
    assert fetched(tmp_path, f"file:{name}").content_type == media_type


def test_files_that_are_gone_are_listed_as_long_as_they_are_known(
    tmp_path: Path,
) -> None:
    """A removed file is asked for once more, and answers like a removed page."""

    class Known:
        def of(self, source: str) -> Sequence[str]:
            assert source == "source[0]"
            return ("file:a.txt", "file:gone.txt", "http://other.example/")

    async def scenario() -> list[Target]:
        spec = SourceSpec("x", "files", paths=("*.txt",), key_path="source[0]")
        async with open_reach(tmp_path) as reach:
            return await list_targets(spec, replace(reach, known=Known()))

    fill(tmp_path, "a.txt", "b.txt")
    found = asyncio.run(scenario())
    assert [target.url for target in found] == [
        "file:a.txt",
        "file:b.txt",
        "file:gone.txt",
    ]
    with pytest.raises(Gone, match="no such file"):
        fetched(tmp_path, "file:gone.txt")


def test_files_absolute_globs_are_the_recipes_word(tmp_path: Path) -> None:
    """A path from the root on may be anywhere; its address is the whole path."""
    workspace, data = tmp_path / "workspace", tmp_path / "data"
    fill(data, "a.txt", "sub/b.txt")
    workspace.mkdir()
    found = listed(workspace, f"{data}/**/*.txt")
    assert [target.url for target in found] == [
        f"file:{data}/a.txt",
        f"file:{data}/sub/b.txt",
    ]
    assert fetched(workspace, found[0].url).body == b"This is a.txt."
    assert [each.url for each in listed(workspace, f"{data}/a.txt")] == [found[0].url]


@pytest.mark.parametrize("glob", ["../*.txt", "a/../../b.txt", "~/x.txt", ""])
def test_files_globs_out_of_the_workspace_are_refused(
    tmp_path: Path, glob: str
) -> None:
    """A relative glob stays inside."""
    with pytest.raises(Refused, match="out of the workspace"):
        listed(tmp_path, glob)


def test_files_links_that_lead_outside_are_not_followed(tmp_path: Path) -> None:
    """Neither listed nor read: a link may have come after the listing."""
    workspace, secret = tmp_path / "workspace", tmp_path / "secret"
    fill(secret, "key.txt")
    fill(workspace, "a.txt", "real/b.txt")
    (workspace / "link.txt").symlink_to(secret / "key.txt")
    (workspace / "folder").symlink_to(secret)
    (workspace / "inside.txt").symlink_to(workspace / "real/b.txt")
    found = [target.url for target in listed(workspace, "**/*.txt", "folder/*.txt")]
    assert found == ["file:a.txt", "file:inside.txt", "file:real/b.txt"]
    for url in ("file:link.txt", "file:folder/key.txt", "file:..%2Fsecret/key.txt"):
        with pytest.raises(Refused, match="leads out"):
            fetched(workspace, url)
    with pytest.raises(Refused, match="leads out"):
        fetched(workspace, f"file:{workspace}/link.txt")


def test_files_what_cannot_be_read_ends_in_an_error_with_a_hint(
    tmp_path: Path,
) -> None:
    """Too large, a pipe, a folder: each says what it is."""
    (tmp_path / "large.txt").write_bytes(b"x" * 1_001)
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(UnusableContent, match="larger than 1,000"):
        fetched(tmp_path, "file:large.txt")
    with pytest.raises(Refused, match="no regular file"):
        fetched(tmp_path, "file:folder.txt")
    with pytest.raises(Refused, match="no regular file"):
        fetched(tmp_path, "file:/dev/null")


def test_files_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A named pipe would never end; it is no file."""
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnusableContent, match="no file is there"):
        listed(tmp_path, "*.txt")
    with pytest.raises(Refused, match="no regular file"):
        fetched(tmp_path, "file:pipe.txt")


def test_files_without_any_say_so(tmp_path: Path) -> None:
    """No glob is the recipe's mistake; globs that mean nothing are told."""
    with pytest.raises(RecipeError, match=r"source\[0\]\.paths"):
        listed(tmp_path)
    with pytest.raises(UnusableContent, match=r"no file is there: \*\.md"):
        listed(tmp_path, "*.md")
