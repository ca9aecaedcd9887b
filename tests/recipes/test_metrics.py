"""A workspace's figures as Prometheus takes them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from subak.engine.workspace import Workspace
from subak.errors import StorageError
from subak.recipes.metrics import CONTENT_TYPE, render_metrics, write_metrics
from tests.views.sample import write_synthetic_run


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with a run of every kind of thing."""
    write_synthetic_run(tmp_path, items=20)
    return Workspace(tmp_path)


def test_metrics_are_read_by_the_official_parser(workspace: Workspace) -> None:
    """Each has a help text, a kind, and a name with its unit."""
    families = list(text_string_to_metric_families(render_metrics(workspace).decode()))
    assert len(families) > 20
    for family in families:
        assert family.documentation, family.name
        assert family.type in ("counter", "gauge", "histogram"), family.name
        assert family.name.startswith("subak_")
    values = {
        (one.name, *sorted(one.labels.items())): one.value
        for family in families
        for one in family.samples
    }
    assert values["subak_facts_total", ("outcome", "proved")] > 0
    assert "charset=utf-8" in CONTENT_TYPE


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool isn't here")
def test_metrics_pass_promtool(workspace: Workspace) -> None:
    """The linter of Prometheus has nothing to say."""
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=render_metrics(workspace),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_metrics_file_is_written_whole(workspace: Workspace, tmp_path: Path) -> None:
    """As node_exporter's textfile collector wants it: nothing else lies beside it."""
    path = tmp_path / "textfiles" / "subak.prom"
    write_metrics(workspace, path)
    assert path.read_bytes() == render_metrics(workspace)
    assert [each.name for each in path.parent.iterdir()] == ["subak.prom"]


def test_metrics_without_a_journal_say_so(tmp_path: Path) -> None:
    """No figures are made up for a folder where nothing ran."""
    with pytest.raises(StorageError, match="no journal"):
        render_metrics(Workspace(tmp_path))
