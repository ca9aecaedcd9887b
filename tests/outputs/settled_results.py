"""A second day's results: one value changed, one kept, one disputed, one refused."""

from __future__ import annotations

from dataclasses import replace

from subak.knowledge.facts.fact import Fact, Record, Refusal
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled


def find_fact(results: Results, entity: str, field: str) -> Fact:
    """Return the sample's fact of that name."""
    facts = (fact for record in results.records for fact in record.facts)
    return next(one for one in facts if (one.entity, one.field) == (entity, field))


def second_day(results: Results) -> Results:
    """Return the sample settled against a day before."""
    vat = find_fact(results, "Germany", "vat")
    rate = find_fact(results, "France", "top_rate")
    other = replace(rate, value=49.0, evidence=results.records[2].facts[0].evidence)
    settled = (
        Settled(vat, "changed", 16.0, "2026-06-30", (), "%", "2026-07-01"),
        Settled(rate, "same", others=(other,), since="2025-01-01"),
        Settled(
            find_fact(results, "France", "threshold"),
            "kept",
            since="2025-01-01",
            last_confirmed="2026-11-20",
        ),
        Settled(
            Fact("France", "taxation", "vat", 19.6, "%", "given", ()),
            "kept",
        ),
        Settled(find_fact(results, "Brazil", "years"), "new", since="2026-11-22"),
    )
    url = results.records[1].url
    refused = Refusal("France", "taxation", "threshold", "0", "no quote", "d", url)
    record = Record("d", url, "France", "taxation", (), (refused,))
    return replace(results, settled=settled, records=(*results.records, record))
