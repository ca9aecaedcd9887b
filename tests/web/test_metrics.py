"""`/metrics` of the dashboard: figures for a scraper that has the token."""

from __future__ import annotations

import asyncio
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.views.sample import write_synthetic_run
from tests.web.asking import SECRET, Answer, open_dashboard


def _scrape(folder: Path, *, token: str) -> Answer:
    async def scenario() -> Answer:
        async with open_dashboard(folder) as visitor:
            visitor.cookie = ""
            given = {"authorization": f"Bearer {token}"} if token else {}
            return await visitor.get("/metrics", **given)

    return asyncio.run(scenario())


def test_metrics_are_served_to_who_has_the_token(tmp_path: Path) -> None:
    """In the text format, with its content type."""
    write_synthetic_run(tmp_path, items=5)
    answer = _scrape(tmp_path, token=SECRET.token)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    names = {family.name for family in text_string_to_metric_families(answer.text)}
    assert {"subak_run_status", "subak_calls"} <= names


def test_metrics_are_kept_from_others(tmp_path: Path) -> None:
    """They name recipes and models: nobody reads them without the token."""
    write_synthetic_run(tmp_path, items=5)
    for token in ("", "x" * 43):
        answer = _scrape(tmp_path, token=token)
        assert answer.status in (401, 403)
        assert "subak_runs" not in answer.text


def test_metrics_without_a_run_say_what_to_do(tmp_path: Path) -> None:
    """An error for a scraper, in words for who looks why."""
    answer = _scrape(tmp_path, token=SECRET.token)
    assert answer.status == 500
    assert "subak run RECIPE" in answer.text
