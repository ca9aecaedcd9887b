"""read_metrics: what a journal says, as measures for Prometheus.

Counters are over all that the journal keeps, gauges named ``subak_run_`` over the
newest run of each recipe.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import apsw

from subak import __version__
from subak.views.call_rows import list_under_way
from subak.views.deadline import read_deadline
from subak.views.ended_tasks import iter_ended
from subak.views.limits import read_limit_changes
from subak.views.measure import Measure, MeasureKind, Sample
from subak.views.runs import Run, read_sessions
from subak.views.tables import has_table
from subak.views.tallies import read_tallies
from subak.views.tasks import read_failed_sources, read_running

_INFINITE = float("inf")
_BOUNDS_S = (0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_FIRST_BOUNDS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_STATUSES = ("running", "done", "partial", "failed", "interrupted")
_TASK_STATES = ("done", "cached", "failed", "skipped")
_NEWEST = (
    "SELECT id, recipe, started, ended, status FROM run WHERE rowid IN"
    " (SELECT max(rowid) FROM run GROUP BY recipe) ORDER BY recipe"
)
_RUNS = "SELECT recipe, status, count(*) FROM run GROUP BY 1, 2 ORDER BY 1, 2"
_SUCCESS = (
    "SELECT recipe, max(ended) FROM run WHERE status = 'done' AND ended IS NOT NULL"
    " GROUP BY 1 ORDER BY 1"
)
_TASKS = "SELECT stage, state, count(*) FROM task GROUP BY 1, 2"
_TALLIED = (
    "SELECT stage, sum(done), sum(cached), sum(failed), sum(skipped) FROM tally"
    " GROUP BY 1"
)
_CALLS = (
    "SELECT owner.stage, owner.model, count(*), sum(tokens_in), sum(tokens_out),"
    " sum(tokens_cached), {sums} FROM call JOIN owner ON owner.id = call.owner"
    " GROUP BY 1, 2 ORDER BY 1, 2"
)
_FAILED = (
    "SELECT stage, model, error, count(*) FROM attempt WHERE kind = 'call'"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
_TOLD = (
    "SELECT kind, count(*) FROM event WHERE run IN (SELECT id FROM run) AND kind IN"
    " ('fact.proved', 'fact.refused', 'fetch.done', 'fetch.failed', 'fetch.spared')"
    " GROUP BY 1"
)
_PAGES = "SELECT iif(failures > 0, 'failing', 'ok'), count(*) FROM snapshot GROUP BY 1"
_SIZE = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
_Rows = Iterable[tuple[tuple[str, ...], float]]


def read_metrics(db: apsw.Connection, *, is_alive: bool) -> list[Measure]:
    """Return the measures of a workspace.

    Args:
        is_alive: Whether a process holds the workspace; without one, a run that is
            marked as running was killed.
    """
    newest = [Run(*row) for row in db.execute(_NEWEST)]
    alive = _alive(newest) if is_alive else None
    return [
        _gauge(
            "subak_build_info", "Version of subak.", "version", [((__version__,), 1)]
        ),
        *_of_runs(db, newest, alive),
        *_under_way(db, alive),
        *_of_tasks(db),
        *_of_calls(db),
        *_of_documents(db),
    ]


def _alive(newest: Sequence[Run]) -> Run | None:
    running = [run for run in newest if run.ended is None]
    return max(running, key=lambda run: run.started, default=None)


def _of_runs(
    db: apsw.Connection, newest: Sequence[Run], alive: Run | None
) -> Iterator[Measure]:
    runs = [((recipe, state), n) for recipe, state, n in db.execute(_RUNS)]
    yield _counter("subak_runs", "Runs by status.", "recipe status", runs)
    yield _gauge(
        "subak_last_success_timestamp_seconds",
        "When a run was last done with nothing failed.",
        "recipe",
        [((recipe,), ended) for recipe, ended in db.execute(_SUCCESS)],
    )
    yield _gauge(
        "subak_run_start_timestamp_seconds",
        "When the newest run was begun.",
        "recipe",
        [((run.recipe,), run.started) for run in newest],
    )
    yield _gauge(
        "subak_run_end_timestamp_seconds",
        "When the newest run ended; missing while it has not.",
        "recipe",
        [((run.recipe,), run.ended) for run in newest if run.ended is not None],
    )
    yield _gauge(
        "subak_run_work_seconds",
        "How long the newest run was worked on.",
        "recipe",
        [((run.recipe,), _worked_s(db, run)) for run in newest],
    )
    yield _gauge(
        "subak_run_status",
        "1 for the status of the newest run, 0 for the others.",
        "recipe status",
        [
            ((run.recipe, each), float(each == _status(run, alive)))
            for run in newest
            for each in _STATUSES
        ],
    )
    yield _gauge(
        "subak_run_tasks",
        "Tasks of the newest run by stage and how they ended.",
        "recipe stage state",
        [row for run in newest for row in _tasks_of(db, run)],
    )
    deadlines = [(run.recipe, read_deadline(db, run.id)) for run in newest]
    yield _gauge(
        "subak_run_deadline_timestamp_seconds",
        "When the newest run was to be done; missing without a deadline.",
        "recipe",
        [((recipe,), each.at) for recipe, each in deadlines if each is not None],
    )


def _status(run: Run, alive: Run | None) -> str:
    is_dead = run.status == "running" and (alive is None or alive.id != run.id)
    return "interrupted" if is_dead else run.status


def _worked_s(db: apsw.Connection, run: Run) -> float:
    return round(sum(session.seconds for session in read_sessions(db, run)), 3)


def _tasks_of(db: apsw.Connection, run: Run) -> _Rows:
    found: Counter[tuple[str, str]] = Counter()
    for task in iter_ended(db, run.id):
        found[task.stage, task.state] += 1
    for source in read_failed_sources(db, run.id):
        found[source.stage, "failed"] += 1
    for tally in read_tallies(db, run.id):
        for state, number in tally.to_counter().items():
            found[tally.stage, state] += number
    return [((run.recipe, *place), float(n)) for place, n in sorted(found.items())]


def _under_way(db: apsw.Connection, alive: Run | None) -> Iterator[Measure]:
    """Yield what a run at work is doing; zeros where none is."""
    calls: Counter[str] = Counter()
    limits: dict[str, int] = {}
    if alive is not None:
        calls.update(sent.endpoint for sent in list_under_way(db, alive.id))
        limits = {one.name: one.limit for one in read_limit_changes(db, alive.id)}
    running = 0 if alive is None else len(read_running(db, alive.id))
    yield _gauge("subak_tasks_running", "Tasks being done now.", "", [((), running)])
    yield _gauge(
        "subak_calls_in_flight",
        "Model calls that wait for their answer now.",
        "endpoint",
        [((name,), calls[name]) for name in sorted({*calls, *limits})],
    )
    yield _gauge(
        "subak_calls_limit",
        "How many model calls an endpoint is given at once, as found by the tuner.",
        "endpoint",
        [((name,), limit) for name, limit in sorted(limits.items())],
    )


def _of_tasks(db: apsw.Connection) -> Iterator[Measure]:
    found: Counter[tuple[str, str]] = Counter()
    for stage, state, number in db.execute(_TASKS):
        found[stage, state] += number
    for stage, *numbers in db.execute(_TALLIED):
        for state, number in zip(_TASK_STATES, numbers, strict=True):
            found[stage, state] += number
    rows = [(place, float(number)) for place, number in sorted(found.items()) if number]
    yield _counter("subak_tasks", "Tasks by how they ended.", "stage state", rows)


def _of_calls(db: apsw.Connection) -> Iterator[Measure]:
    spans = [f"sum(seconds <= {bound})" for bound in _BOUNDS_S]
    firsts = [f"sum(first_token_s <= {bound})" for bound in _FIRST_BOUNDS_S]
    others = ["sum(seconds)", "count(first_token_s)", "sum(first_token_s)"]
    sums = ", ".join(f"coalesce({one}, 0)" for one in [*others, *spans, *firsts])
    rows = list(db.execute(_CALLS.format(sums=sums)))
    answered = [((stage, model), number) for stage, model, number, *_ in rows]
    yield _counter("subak_calls", "Model calls answered.", "stage model", answered)
    yield _counter(
        "subak_calls_failed",
        "Model calls that failed, by kind of error; most were tried again.",
        "stage model error",
        [(tuple(place), n) for *place, n in db.execute(_FAILED)],
    )
    labels = ("stage", "model", "type")
    tokens = [
        Sample((row[0], row[1], kind), row[place])
        for row in rows
        for place, kind in ((3, "input"), (4, "output"))
    ]
    yield Measure("subak_tokens", "Tokens as servers count.", "counter", labels, tokens)
    yield _counter(
        "subak_prompt_cache_tokens",
        "Input tokens that servers took from their own cache.",
        "stage model",
        [((row[0], row[1]), row[5]) for row in rows],
    )
    first = 9 + len(_BOUNDS_S)
    yield _histogram(
        "subak_call_duration_seconds",
        "From sending a model call to its whole answer.",
        [_observed(row, _BOUNDS_S, row[9:first], row[2], row[6]) for row in rows],
    )
    yield _histogram(
        "subak_call_first_token_seconds",
        "From sending a model call to the first token of its answer.",
        [_observed(row, _FIRST_BOUNDS_S, row[first:], row[7], row[8]) for row in rows],
    )


def _observed(
    row: Sequence[str],
    bounds: Sequence[float],
    counts: Sequence[int],
    total: int,
    spent_s: float,
) -> Sample:
    buckets = [*zip(bounds, counts, strict=True), (_INFINITE, total)]
    return Sample((row[0], row[1]), spent_s, tuple(buckets))


def _of_documents(db: apsw.Connection) -> Iterator[Measure]:
    told = dict(db.execute(_TOLD))
    facts = [((name,), told.get(f"fact.{name}", 0)) for name in ("proved", "refused")]
    yield _counter("subak_facts", "Values that models proposed.", "outcome", facts)
    visits = [
        ((name,), told.get(f"fetch.{name}", 0)) for name in ("done", "failed", "spared")
    ]
    yield _counter("subak_fetches", "Pages by what became of them.", "outcome", visits)
    if has_table(db, "document"):
        stored = db.execute("SELECT count(*) FROM document").get
        yield _gauge("subak_documents", "Texts that are stored.", "", [((), stored)])
    if has_table(db, "snapshot"):
        pages = {"ok": 0, "failing": 0} | dict(db.execute(_PAGES))
        yield _gauge(
            "subak_pages",
            "Addresses by how their last visit went.",
            "state",
            [((state,), number) for state, number in pages.items()],
        )
    size = db.execute(_SIZE).get
    yield _gauge("subak_journal_bytes", "Size of the journal.", "", [((), size)])


def _gauge(name: str, text: str, labels: str, rows: _Rows) -> Measure:
    return _measure("gauge", name, text, labels, rows)


def _counter(name: str, text: str, labels: str, rows: _Rows) -> Measure:
    return _measure("counter", name, text, labels, rows)


def _measure(
    kind: MeasureKind, name: str, text: str, labels: str, rows: _Rows
) -> Measure:
    samples = tuple(Sample(place, float(value)) for place, value in rows)
    return Measure(name, text, kind, tuple(labels.split()), samples)


def _histogram(name: str, text: str, samples: Sequence[Sample]) -> Measure:
    return Measure(name, text, "histogram", ("stage", "model"), samples)
