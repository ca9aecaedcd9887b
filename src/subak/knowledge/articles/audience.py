"""Audience: whom facts concern, as the recipe declares it, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from subak.knowledge.articles.article import Sentence
from subak.knowledge.articles.phrase_book import PhraseBook, made_of
from subak.knowledge.articles.proposition import Proposition, in_sentence
from subak.knowledge.articles.written import Written

_MOST_NAMES = 6
_MOST_UNCHANGED = 3
# The usual ones, for a recipe that was written in English.
_NAMES: Mapping[str, Mapping[str, str]] = {
    "it": {
        "companies": "imprese",
        "consumers": "consumatori",
        "employees": "lavoratori dipendenti",
        "employers": "datori di lavoro",
        "foreign residents": "residenti stranieri",
        "importers": "importatori",
        "investors": "investitori",
        "residents": "residenti",
        "taxpayers": "contribuenti",
        "visitors": "visitatori",
        "voters": "elettori",
    },
    "id": {
        "companies": "perusahaan",
        "consumers": "konsumen",
        "employees": "karyawan",
        "employers": "pemberi kerja",
        "foreign residents": "penduduk asing",
        "importers": "importir",
        "investors": "investor",
        "residents": "penduduk",
        "taxpayers": "wajib pajak",
        "visitors": "pengunjung",
        "voters": "pemilih",
    },
}


def audience(
    written: Sequence[Written], book: PhraseBook, groups: Mapping[str, Sequence[str]]
) -> tuple[Sentence, ...]:
    """Return one sentence for those whom the same facts concern.

    Args:
        written: What is told.
        groups: Names of fields, or topics, by who is concerned with them.
    """
    return tuple(_concerns(written, book, groups))


def _concerns(
    written: Sequence[Written], book: PhraseBook, groups: Mapping[str, Sequence[str]]
) -> Iterator[Sentence]:
    named: dict[str, tuple[list[str], list[Proposition]]] = {}
    for who, names in groups.items():
        folded = {name.casefold() for name in names}
        mine = [
            one.proposition
            for one in written
            if one.proposition.field.casefold() in folded
        ]
        if not mine:
            continue
        told: list[str] = []
        cited: list[Proposition] = []
        for name in dict.fromkeys(fact.field for fact in mine):
            text, facts = _field([fact for fact in mine if fact.field == name], book)
            told.append(text)
            cited += facts
        named.setdefault("; ".join(told), ([], cited))[0].append(who)
    for fields, (groups_named, cited) in named.items():
        first, *rest = (_called(who, book.language) for who in groups_named)
        others = [who[:1].lower() + who[1:] for who in rest]
        text = book.phrases.concerned.format(
            who=book.names([first, *others], len(groups_named)), fields=fields
        )
        yield made_of(text, cited)


def _field(
    facts: Sequence[Proposition], book: PhraseBook
) -> tuple[str, Sequence[Proposition]]:
    """Return a field, where it is news or else of whom it is known, and those facts."""
    phrases = book.phrases
    moved = [fact for fact in facts if fact.status == "changed"]
    changed = [fact for fact in moved if not fact.is_disputed][:_MOST_NAMES]
    disputed = [fact for fact in facts if fact.is_disputed][:_MOST_NAMES]
    title = in_sentence(book.title(facts[0].field))
    if changed or disputed:
        parts = [
            template.format(names=_names(some, book))
            for template, some in (
                (phrases.changed_in, changed),
                (phrases.disputed_in, disputed),
            )
            if some
        ]
        return f"{title} ({', '.join(parts)})", [*changed, *disputed]
    named = [fact for fact in facts if fact.entity]
    if not named:
        return title, facts[:_MOST_UNCHANGED]
    names = _names(named, book, _MOST_UNCHANGED)
    return f"{title} ({names})", named[:_MOST_UNCHANGED]


def _names(
    facts: Sequence[Proposition], book: PhraseBook, most: int = _MOST_NAMES
) -> str:
    return book.names(list(dict.fromkeys(fact.entity for fact in facts)), most)


def _called(who: str, language: str) -> str:
    code = language.partition("-")[0].lower()
    name = _NAMES.get(code, {}).get(who.casefold(), who)
    return name[:1].upper() + name[1:]
