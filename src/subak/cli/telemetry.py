"""What a run tells machines when it ends: its trace and its figures, if asked to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from subak.cli.output import Output
from subak.engine.events import Chosen, Event, Listener
from subak.engine.workspace import Workspace
from subak.errors import SubakError

if TYPE_CHECKING:
    from subak.recipes.settings import Telemetry

F = TypeVar("F", bound=Callable[..., Any])
_USUAL = "http://127.0.0.1:4318"
_META = "subak.telemetry"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_FIRST = frozenset({"run.started", "run.resumed"})


@dataclass(slots=True)
class _Flags:
    """What the command line says."""

    is_traced: bool = False
    metrics_file: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be told; a URL of "" means what the environment says."""

    url: str | None
    metrics_file: Path | None


@dataclass(slots=True)
class _Heard:
    """Remembers which run it was."""

    runs: list[str] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.runs.append(event.run)


def telemetry_options(function: F) -> F:
    """Add `--otel` and `--metrics-file`."""
    otel = click.option(
        "--otel",
        is_flag=True,
        expose_value=False,
        callback=_note_otel,
        help="Send the run's trace to an OpenTelemetry collector when it ends.",
    )
    metrics = click.option(
        "--metrics-file",
        metavar="FILE",
        type=click.Path(dir_okay=False),
        expose_value=False,
        callback=_note_file,
        help="Write figures for Prometheus's node_exporter there when it ends.",
    )
    return otel(metrics(function))


@contextmanager
def telemetry(
    workspace: Workspace, settings: Telemetry, output: Output
) -> Iterator[list[Listener]]:
    """Give the listeners it needs; when the block ends, tell what is to be told.

    Nothing is done while the run goes on: the journal has it all afterwards. What
    cannot be told is a warning.

    Raises:
        MissingExtra: What was asked for needs a library that isn't there.
    """
    wanted = _wanted(_flags_of(click.get_current_context()), settings, os.environ)
    if wanted.url is None and wanted.metrics_file is None:
        yield []
        return
    _check(wanted)
    heard = _Heard()
    try:
        yield [Chosen(_FIRST, heard)]
    finally:
        if heard.runs:
            _tell(wanted, workspace, heard.runs[-1], output)


def _check(wanted: _Wanted) -> None:
    if wanted.url is not None:
        from subak.extras.otel import check_otel

        check_otel()
    if wanted.metrics_file is not None:
        from subak.extras.prometheus import check_prometheus

        check_prometheus()


def _tell(wanted: _Wanted, workspace: Workspace, run: str, output: Output) -> None:
    if wanted.url is not None:
        from subak.recipes.tracing import send_trace

        try:
            sent = send_trace(workspace, run, wanted.url)
        except SubakError as error:
            _warn(output, error)
        else:
            output.note(f"trace {sent.trace} sent")
    if wanted.metrics_file is not None:
        from subak.recipes.metrics import write_metrics

        try:
            write_metrics(workspace, wanted.metrics_file)
        except SubakError as error:
            _warn(output, error)


def _warn(output: Output, error: SubakError) -> None:
    then = f"; next: {error.hint}" if error.hint else ""
    output.warn(f"warning: {error}{then}")


def _wanted(flags: _Flags, settings: Telemetry, environ: Mapping[str, str]) -> _Wanted:
    file = flags.metrics_file or settings.metrics_file
    return _Wanted(
        url=_url(flags, settings, environ),
        metrics_file=Path(file).expanduser() if file else None,
    )


def _url(flags: _Flags, settings: Telemetry, environ: Mapping[str, str]) -> str | None:
    """Return where the trace goes, None for nowhere.

    The variables of OpenTelemetry alone turn it on only where the extra is installed:
    whoever set them may have meant another program.
    """
    has_endpoint = any(environ.get(name) for name in _ENDPOINTS)
    if flags.is_traced:
        return settings.otlp or ("" if has_endpoint else _USUAL)
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if settings.otlp:
        return settings.otlp
    if has_endpoint:
        from subak.extras.otel import is_installed

        return "" if is_installed() else None
    return None


def _note_otel(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        _flags_of(ctx).is_traced = True


def _note_file(ctx: click.Context, _: click.Parameter, path: str | None) -> None:
    if path:
        _flags_of(ctx).metrics_file = path


def _flags_of(ctx: click.Context) -> _Flags:
    found = ctx.meta.setdefault(_META, _Flags())
    assert isinstance(found, _Flags), "nobody else uses this place"
    return found
