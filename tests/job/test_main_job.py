"""The main job from recipe to files, with everything that can go wrong going wrong."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from subak.api import Control, RunRequest, arun
from subak.cli.ending import EXIT_CODES
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import Unreachable, UserError, WorkspaceBusy
from subak.llm.echo import echo
from subak.llm.model import Message, Prompt
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakePage, FakeSite
from subak.views.summary import RunSummary
from tests.job.pages import COUNTRIES, FACTS, PAGE, pages, source


def _write(folder: Path, model: str, urls: dict[str, str]) -> str:
    sources = "".join(source(url, entity) for entity, url in urls.items())
    recipe = f'name = "job"\n[model]\nuse = "{model}"\n{sources}{FACTS}'
    (folder / "recipe.toml").write_text(recipe)
    return str(folder / "recipe.toml")


def _facts(folder: Path) -> dict[tuple[str, str], float]:
    data = json.loads((folder / "out" / "facts.json").read_text())
    return {(fact["entity"], fact["field"]): fact["value"] for fact in data["facts"]}


async def _run(folder: Path, site: FakeSite, model: str = "echo") -> RunSummary:
    urls = {name: site.url(f"/{name.lower()}") for name in COUNTRIES}
    return await arun(RunRequest(_write(folder, model, urls)))


def test_job_proves_facts_and_writes_every_output(tmp_path: Path) -> None:
    """Facts, article, site and feed come out of pages reached by HTTP only."""

    async def scenario() -> RunSummary:
        async with FakeSite(pages()) as site:
            return await _run(tmp_path, site)

    summary = asyncio.run(scenario())
    assert summary.status == "done"
    assert summary.facts.proved == 6
    assert _facts(tmp_path)["Italy", "corporate"] == 24
    for name in ("facts.jsonl", "facts.csv", "articles/tax.md", "site/index.html"):
        assert (tmp_path / "out" / name).stat().st_size > 100


def test_second_run_makes_no_call_and_equal_files(tmp_path: Path) -> None:
    """Unchanged pages cost nothing, and deleted results come back for nothing."""

    async def scenario() -> tuple[RunSummary, bytes, bytes]:
        async with FakeSite(pages()) as site:
            await _run(tmp_path, site)
            file = tmp_path / "out" / "facts.json"
            first = file.read_bytes()
            file.unlink()
            return await _run(tmp_path, site), first, file.read_bytes()

    summary, first, again = asyncio.run(scenario())
    assert (summary.calls.sent, summary.calls.repeated) == (0, 0)
    assert summary.facts.proved == 6
    assert first == again


def test_changed_page_costs_its_own_calls_only(tmp_path: Path) -> None:
    """One edit sends one facts call and the rewrites of that country."""

    async def scenario() -> tuple[RunSummary, list[str]]:
        async with FakeModelServer() as server, FakeSite(pages()) as site:
            model = f"openai:fake@{server.url}/v1"
            await _run(tmp_path, site, model)
            before = len(server.asked)
            site.pages["/italy"] = PAGE.format(
                name="Italy", vat=23, corporate=24, people=59
            )
            summary = await _run(tmp_path, site, model)
            asked = [_text(each.messages) for each in server.asked[before:]]
            return summary, asked

    summary, asked = asyncio.run(scenario())
    assert summary.calls.sent == len(asked)
    assert sum("value added tax is 23" in text for text in asked) == 1
    assert not any("value added tax is 19" in text for text in asked)
    assert _facts(tmp_path)["Italy", "vat"] == 23


def _text(messages: Sequence[Message]) -> str:
    return "\n".join(message.content for message in messages)


def _bad_model(messages: Sequence[Message], schema: str | None) -> str:
    """Answer like echo, but no JSON about Kenya and an invented rate for Italy."""
    text = _text(messages)
    honest = echo(Prompt(tuple(messages), schema=schema))
    if "16 percent" in text and "vat" in (schema or ""):
        return "I am sorry, I cannot do that."
    if "22 percent" in text and "vat" in (schema or ""):
        return re.sub(r'"vat":\s*[\d.]+', '"vat": 21.5', honest)
    return honest


def test_bad_items_fail_alone_and_inventions_are_refused(tmp_path: Path) -> None:
    """A dead site, garbage, no JSON and an invented number: all else is done."""

    async def scenario() -> RunSummary:
        served = pages()
        served["/garbage"] = FakePage(bytes(range(256)) * 40)
        async with FakeModelServer(_bad_model) as server, FakeSite(served) as site:
            urls = {name: site.url(f"/{name.lower()}") for name in COUNTRIES}
            urls["Atlantis"] = "http://127.0.0.1:9/dead"
            urls["Utopia"] = site.url("/garbage")
            model = f"openai:fake@{server.url}/v1"
            return await arun(RunRequest(_write(tmp_path, model, urls)))

    summary = asyncio.run(scenario())
    assert EXIT_CODES[summary.status] == 3
    failed = {failure.stage: failure for failure in summary.failures}
    assert sorted(failed) == ["extract", "facts", "fetch"]
    for failure in summary.failures:
        assert all((failure.item, failure.error, failure.hint))
    assert failed["fetch"].item == "Atlantis"
    assert failed["facts"].item == "Kenya"
    facts = _facts(tmp_path)
    assert facts["Germany", "vat"] == 19
    assert facts["Italy", "corporate"] == 24
    assert 21.5 not in facts.values()
    assert not any(entity == "Kenya" for entity, _ in facts)
    articles = (tmp_path / "out" / "articles").rglob("*.md")
    published = "".join(path.read_text() for path in articles)
    assert "21.5" not in published


def test_page_that_goes_away_keeps_its_last_facts(tmp_path: Path) -> None:
    """A site that is down tonight doesn't empty tomorrow's table."""

    async def scenario() -> RunSummary:
        async with FakeSite(pages()) as site:
            await _run(tmp_path, site)
            site.pages["/italy"] = FakePage("not for you", status=403)
            return await _run(tmp_path, site)

    summary = asyncio.run(scenario())
    assert [failure.stage for failure in summary.failures] == ["fetch"]
    assert _facts(tmp_path)["Italy", "vat"] == 22


def test_page_that_is_gone_confirms_its_facts_no_more(tmp_path: Path) -> None:
    """What its publisher took back is no failure; it is said, and only as unproved."""

    async def scenario() -> RunSummary:
        async with FakeSite(pages()) as site:
            await _run(tmp_path, site)
            site.pages["/italy"] = FakePage("gone", status=410)
            return await _run(tmp_path, site)

    summary = asyncio.run(scenario())
    assert summary.failures == ()
    assert summary.facts.kept == 2
    data = json.loads((tmp_path / "out" / "facts.json").read_text())
    assert {one["entity"] for one in data["facts"] if not one["confirmed"]} == {"Italy"}


def test_workspace_of_another_run_is_refused(tmp_path: Path) -> None:
    """The second run ends at once and names the process of the first."""

    async def scenario() -> None:
        async with FakeSite(pages()) as site:
            with WorkspaceLock(Workspace(tmp_path)):
                await _run(tmp_path, site)

    with pytest.raises(WorkspaceBusy, match=r"process \d+"):
        asyncio.run(scenario())


def test_model_that_cannot_be_reached_ends_the_run(tmp_path: Path) -> None:
    """No server there: exit code 4 and a hint, not a list of failed items."""

    async def scenario() -> None:
        async with FakeSite(pages()) as site:
            await _run(tmp_path, site, "openai:fake@http://127.0.0.1:9/v1")

    with pytest.raises(Unreachable) as caught:
        asyncio.run(scenario())
    assert caught.value.exit_code == 4
    assert caught.value.hint


def test_model_name_that_the_server_lacks_is_told(tmp_path: Path) -> None:
    """The error lists the models that are there."""

    async def scenario() -> None:
        async with FakeModelServer() as server, FakeSite(pages()) as site:
            await _run(tmp_path, site, f"openai:nosuch@{server.url}/v1")

    with pytest.raises(UserError, match="nosuch") as caught:
        asyncio.run(scenario())
    assert "fake" in f"{caught.value} {caught.value.hint}"


def test_drained_run_is_interrupted_and_goes_on(tmp_path: Path) -> None:
    """The first Ctrl-C keeps what is finished; the same command completes it."""

    async def scenario() -> tuple[RunSummary, RunSummary]:
        async with FakeSite(pages()) as site:
            urls = {name: site.url(f"/{name.lower()}") for name in COUNTRIES}
            request = RunRequest(_write(tmp_path, "echo", urls))
            control = Control()
            control.drain()
            first = await arun(request, control=control)
            return first, await arun(request)

    first, second = asyncio.run(scenario())
    assert first.status == "interrupted"
    assert second.status == "done"
    assert second.run == first.run
