"""`subak demo`: the whole main job on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options
from subak.cli.output import Output

if TYPE_CHECKING:
    from subak.demo.show import DemoOptions
    from subak.engine.events import Listener

EXAMPLES = (
    ("subak demo", "with the embedded model, a few minutes"),
    ("subak demo --fast", "with `echo`, no model, a few seconds"),
    ("subak demo --fast --crash", "kills itself half-way and resumes"),
    ("subak demo --serve --dir trial", "the small web alone, to try recipes on"),
)


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to work.  [default: subak-demo, or subak-demo-fast]",
)
@click.option(
    "--fast", is_flag=True, help="Use `echo`, which quotes instead of writing."
)
@click.option("--crash", is_flag=True, help="Die by SIGKILL half-way, resume, compare.")
@click.option("--model", metavar="SPEC", help="Ask this model instead.")
@click.option(
    "--countries",
    type=int,
    default=6,
    show_default=True,
    help="How many countries the small web describes.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 2),
    default=2,
    show_default=True,
    help="1 leaves out the earlier day, and so what has changed since.",
)
@click.option(
    "--serve",
    is_flag=True,
    help="Only serve the small web, and write recipes beside that read it.",
)
@click.option("--seed", type=int, default=None, help="Where --crash strikes.")
@click.option("--port", type=int, default=0, hidden=True)
@click.option("--crash-at", type=int, default=0, hidden=True)
@click.option(
    "--log-style",
    type=click.Choice(["plain", "classic", "json"]),
    default="plain",
    help="How lines look off a terminal.",
)
@json_option
@loudness_options
def demo(
    folder: Path | None,
    fast: bool,
    crash: bool,
    model: str | None,
    countries: int,
    days: int,
    serve: bool,
    seed: int | None,
    port: int,
    crash_at: int,
    log_style: str,
    as_json: bool,
) -> int:
    """Collect a small web's pages, prove facts, write cited articles, build a site.

    The web is served by this command on this machine as five ordinary sites: country
    profiles of the World Factbook, and two public lists of VAT rates that disagree
    about one country, in English, Italian and Indonesian. subak reaches them by HTTP
    only. First it reads them as of an earlier day (the Factbook's edition of 2014/15,
    an older rate), so that it can tell what has changed. One more run then shows that
    nothing is paid twice.
    """
    from subak.demo.show import DemoOptions

    model = "echo" if fast and model is None else model
    name = "subak-demo-fast" if fast else "subak-demo-web" if serve else "subak-demo"
    options = DemoOptions(folder or Path(name), model, countries, port, days == 2)
    if serve:
        return _serve(options)
    if crash:
        return _crash(options, seed, as_json=as_json)
    return _show(options, crash_at, log_style, as_json=as_json)


def _serve(options: DemoOptions) -> int:
    from subak.cli.conduct import conduct
    from subak.demo.serve import serve_demo

    output = Output.current()
    conduct(
        lambda control: serve_demo(
            options.folder,
            options.countries,
            output.note,
            port=options.port,
            control=control,
        ),
        output,
    )
    return 0


def _show(options: DemoOptions, crash_at: int, log_style: str, *, as_json: bool) -> int:
    from subak.cli.conduct import conduct
    from subak.cli.ending import EXIT_CODES, headline
    from subak.cli.progress import watch
    from subak.demo.highlights import highlights
    from subak.demo.show import results_in, show_demo
    from subak.testing.crash import CrashAt

    output = Output.current()
    with watch(output, log_style=log_style) as listener:
        listeners: list[Listener] = [listener]
        if crash_at:
            listeners.append(CrashAt(crash_at))
        shown = conduct(
            lambda control: show_demo(
                options, output.note, listeners=listeners, control=control
            ),
            output,
        )
    if as_json:
        output.json(shown.first.to_json())
        return EXIT_CODES.get(shown.first.status, 1)
    again = shown.again
    for line in highlights(options.folder):
        output.line(line)
    output.line(f"done   {headline(shown.first)}")
    output.line(f"again  {again.calls.sent} calls, {again.seconds:.1f} s")
    output.line(f"read   {'   '.join(results_in(options.folder))}")
    output.line(
        "next   subak init --from tax   |   subak why germany --dir "
        f"{options.folder}   |   subak doctor"
    )
    return EXIT_CODES.get(shown.first.status, 1)


def _crash(options: DemoOptions, seed: int | None, *, as_json: bool) -> int:
    import secrets

    from subak.cli.conduct import conduct
    from subak.demo.crash import show_crash

    output = Output.current()
    chosen = secrets.randbelow(100_000) if seed is None else seed
    output.note(f"seed   {chosen}")
    report = conduct(lambda _: show_crash(options, chosen, output.note), output)
    if as_json:
        output.json(report.summary)
    else:
        same = "byte for byte the same" if report.is_identical else "NOT the same: "
        output.line(f"files  {same}{', '.join(report.differing)}")
        output.line(f"calls  {report.repeated} repeated")
    return 0 if report.is_identical and not report.repeated else 1
