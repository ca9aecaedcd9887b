"""ROWS: the rows of the table in their order, and what each means."""

from __future__ import annotations

from bench.row import Row

ROWS = (
    Row(
        "simulated",
        "Tuner in simulation",
        "The tuner alone against 17 simulated server models in virtual time, beside "
        "the best fixed limit that a sweep finds.",
        2_400.0,
    ),
    Row(
        "real_time",
        "Engine in real time",
        "The real engine (Model, journal, HTTP) against six models of the stand-in "
        "server, 300 items each, beside the best fixed limit of a sweep.",
        1_800.0,
        needs_quiet=True,
    ),
    Row(
        "llama",
        "Real llama.cpp",
        "The same with llama.cpp and a 0.5B model in a process of its own.",
        2_400.0,
        needs_quiet=True,
    ),
    Row(
        "overhead",
        "Client overhead",
        "`subak map` while a server takes 200 ms a call (2 s with 1,024 in flight): "
        "how close to the ideal makespan, and at what cost in CPU time of the client.",
        600.0,
        needs_quiet=True,
    ),
    Row(
        "many",
        "100,000 rows",
        "`subak map` over 100,000 rows against a server that answers at once, then "
        "the same command again.",
        2_400.0,
        needs_quiet=True,
    ),
    Row(
        "faults",
        "Faults",
        "`subak map --schema` while the server refuses, fails, hangs, sends malformed "
        "JSON and restarts twice.",
        900.0,
    ),
    Row(
        "kills",
        "kill -9",
        "One `subak map` killed with -9 at 200 random moments and started again each "
        "time; the journal is compared with what reached the server.",
        1_800.0,
    ),
    Row(
        "prefix",
        "Prefix cache",
        "14 categories x 10 documents on real llama.cpp: tokens of shared prefixes "
        "that it served from its cache, by its own count.",
        1_200.0,
    ),
    Row(
        "peers",
        "Side by side",
        "The same jobs through subak, the old scripts' design (ThreadPoolExecutor(4) "
        "+ requests) and peers from the registry, each in a process of its own.",
        1_800.0,
        needs_quiet=True,
    ),
    Row(
        "fetch",
        "518 sites",
        "`subak run --only fetch` over a farm of 518 local sites, slow, dead and "
        "hostile ones among them, beside Scrapy; the farm counts what each asked for.",
        1_800.0,
        needs_quiet=True,
    ),
    Row(
        "whole",
        "518 sites, with extraction",
        "The same with extraction, against the CPU time of trafilatura alone over the "
        "pages it stored.",
        2_400.0,
        needs_quiet=True,
    ),
    Row(
        "second_day",
        "Second day",
        "The farm a day later (290 edits, 146 new pages, 55 removed) and once more "
        "with nothing changed, against a full pass.",
        3_600.0,
        needs_quiet=True,
    ),
    Row(
        "hostile",
        "Hostile pages",
        "A 2 GB bomb of 2 MB, a page of 54 MB and one without an end, each site alone.",
        900.0,
    ),
    Row(
        "copies",
        "Near-duplicates",
        "One press release on eight sites among ordinary ones.",
        1_800.0,
    ),
    Row(
        "fetch_kill",
        "kill -9 while fetching",
        "The farm's crawl killed with -9 at 20 random moments and started again; the "
        "farm's log tells what was asked for twice.",
        1_800.0,
    ),
    Row(
        "replay",
        "100,000 pages",
        "4,000 sites of 25 pages, without latency: memory held and bytes written.",
        3_600.0,
    ),
    Row(
        "extraction",
        "Extraction quality",
        "Labelled pages through subak and trafilatura in turn: runs of four words "
        "found, CPU time.",
        900.0,
    ),
    Row(
        "watchers",
        "Dashboard",
        "First page of a run of 5,000 tasks and 20,000 calls; `subak map` alone and "
        "while 20 browsers watch it live.",
        900.0,
        needs_quiet=True,
    ),
)


def find_row(key: str) -> Row | None:
    """Return the row of that name, if there is one."""
    return next((row for row in ROWS if row.key == key), None)
