"""ROWS: what `make eval` measures, in the order of its table."""

from __future__ import annotations

from bench.row import Row

ROWS = (
    Row(
        "own",
        "What ships, 1.5B",
        "The facts stage on the labelled set: one call under a schema, evidence found "
        "by code. Gold is what each document says.",
        7_200.0,
    ),
    Row(
        "small",
        "What ships, 0.5B",
        "The same with a third of the weights.",
        3_600.0,
    ),
    Row(
        "old_way",
        "The old way, 1.5B",
        "One big prompt with the old record, a worked example and the request to keep "
        "what is not settled; the answer is believed.",
        10_800.0,
    ),
    Row(
        "langextract",
        "langextract, 1.5B",
        "The same documents and the same local model behind an OpenAI-compatible "
        "server, with a few-shot example of each kind of field.",
        10_800.0,
    ),
    Row(
        "traps",
        "Traps, without a model",
        "Wrong values that stand in the documents (old and planned rates, other "
        "countries', parts of totals) and the right ones, proposed one by one.",
        600.0,
    ),
    Row(
        "sentences",
        "The sentence checker",
        "Pairs of a source and a sentence, labelled by somebody who does not know the "
        "checker's rules.",
        300.0,
    ),
    Row(
        "found",
        "Retrieval",
        "Labelled questions over the World Factbook in three languages.",
        3_600.0,
    ),
    Row(
        "again",
        "Changes",
        "What is asked again when nothing changed, and when one sentence did.",
        300.0,
    ),
    Row(
        "articles",
        "Articles",
        "Sentences of written articles: how many are cited, how many are rewritten "
        "rather than literal, and whether each passes the checker once more.",
        300.0,
    ),
)


def find_row(key: str) -> Row | None:
    """Return the row of that key."""
    return next((row for row in ROWS if row.key == key), None)
