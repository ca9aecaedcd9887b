"""What `subak run` tells machines when it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from subak.cli.main import execute
from tests.extras.collector import FakeCollector, attributes, collecting
from tests.job.serving import served, write_job


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine says of OpenTelemetry is not of these tests."""
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def recipe(tmp_path: Path) -> Iterator[Path]:
    """The main job, with a site to fetch from."""
    with served() as (site, _):
        yield write_job(tmp_path / "job", site, "echo")


def _run(recipe: Path, *words: str) -> int:
    return execute(["run", str(recipe), "--json", *words])


def test_otel_flag_sends_the_trace_of_the_run(
    recipe: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calls that the summary counts are there, under the run's own id."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        assert _run(recipe, "--otel") == 0
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    (root,) = [span for span in collector.spans if not span.parent_span_id]
    assert attributes(root)["subak.run.id"] == told["run"]
    calls = [span for span in collector.spans if span.name.startswith("chat echo")]
    assert len(calls) == told["calls"]["sent"] > 0
    assert root.trace_id.hex() in shown.err


def test_settings_of_the_workspace_turn_both_on(recipe: Path) -> None:
    """A timer's run needs no flags."""
    metrics = recipe.parent / "figures" / "subak.prom"
    with collecting() as collector:
        (recipe.parent / "subak.toml").write_text(
            f'[telemetry]\notlp = "{collector.url}"\nmetrics_file = "{metrics}"\n',
            encoding="utf-8",
        )
        assert _run(recipe) == 0
    assert collector.spans
    assert 'subak_run_status{recipe="job",status="done"} 1.0' in metrics.read_text()


def test_metrics_file_flag_names_the_file(recipe: Path) -> None:
    """It counts more than the settings."""
    (recipe.parent / "subak.toml").write_text(
        '[telemetry]\nmetrics_file = "/nowhere/subak.prom"\n', encoding="utf-8"
    )
    metrics = recipe.parent / "flag.prom"
    assert _run(recipe, "--metrics-file", str(metrics)) == 0
    assert "subak_calls_total{" in metrics.read_text()


def test_standard_variable_alone_turns_it_on(
    recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And OpenTelemetry's own switch turns it off again."""
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
        assert _run(recipe) == 0
        assert collector.spans == []
        monkeypatch.delenv("OTEL_SDK_DISABLED")
        assert _run(recipe) == 0
    assert collector.spans


def test_collector_that_refuses_is_a_warning(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run is what it was; the warning says how to send the trace later."""
    with collecting(status=403) as collector:
        _point_at(recipe, collector)
        assert _run(recipe) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["status"] == "done"
    assert "warning: " in shown.err
    assert "subak trace RUN --otlp URL" in shown.err


def test_run_that_does_not_begin_sends_nothing(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trace of somebody else's run would be worse than none."""
    with collecting() as collector:
        _point_at(recipe, collector)
        assert _run(recipe) == 0
        sent = len(collector.spans)
        assert _run(recipe, "--refresh", "nosuchstage") == 2
    assert len(collector.spans) >= sent
    assert "nosuchstage" in capsys.readouterr().err


def test_metrics_file_that_cannot_be_written_is_a_warning(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder has its name: the run is done all the same."""
    (recipe.parent / "taken" / "deeper").mkdir(parents=True)
    (recipe.parent / "subak.toml").write_text(
        f'[telemetry]\nmetrics_file = "{recipe.parent}/taken"\n', encoding="utf-8"
    )
    assert _run(recipe) == 0
    assert "warning: " in capsys.readouterr().err


def test_trace_otlp_sends_a_recorded_run(
    recipe: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Afterwards, from the journal alone; a collector that is down is told in time."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    assert _run(recipe) == 0
    run = json.loads(capsys.readouterr().out)["run"]
    words = ["trace", run, "--dir", str(recipe.parent), "--otlp"]
    with collecting() as collector:
        assert execute([*words, collector.url, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["run"], told["spans"]) == (run, len(collector.spans))
    assert execute([*words, "http://127.0.0.1:9/x"]) == 4
    assert "does not take the trace" in capsys.readouterr().err


def _point_at(recipe: Path, collector: FakeCollector) -> None:
    (recipe.parent / "subak.toml").write_text(
        f'[telemetry]\notlp = "{collector.url}"\n', encoding="utf-8"
    )


def test_map_sends_its_calls_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows have no tasks of their own: their calls hang on the stage."""
    rows, prompt = tmp_path / "in.jsonl", tmp_path / "prompt.txt"
    rows.write_text('{"text": "a"}\n{"text": "b"}\n', encoding="utf-8")
    prompt.write_text("Say {text}", encoding="utf-8")
    words = ["map", str(rows), "--prompt", str(prompt), "--model", "echo", "--otel"]
    words += ["--out", str(tmp_path / "out.jsonl"), "--dir", str(tmp_path / "state")]
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        assert execute(words) == 0
    names = [span.name.split(" ")[0] for span in collector.spans]
    assert sorted(names) == ["chat", "chat", "run", "stage"]
