"""Phrases: the fixed words of an article in its language, with named gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """What code writes around facts; gaps are filled with ``str.format``.

    {title} stands as in the middle of a sentence, {Title} as at its beginning.

    Args:
        summary: Heading of the summary.
        findings: Heading of the key findings.
        analysis: Heading of the analysis; {topic} is an entity or a field.
        actions: Heading of the action items.
        stakeholders: Heading of who is concerned.
        kept_heading: Heading of values that were not confirmed this time.
        label: A fact without a sentence of its own.
        extremes: Highest and lowest value of a field.
        alike: One value in several entities.
        joined: Two names.
        others: What stands for the names too many to list.
        conflict: Two sources disagree; {value} is the one that counts.
        update: Action: a number changed.
        update_other: Action: anything else changed.
        settle: Action: sources disagree; {claims} says who says what.
        ambiguous: Action: one document can be read in two ways.
        confirm: Action: a value that no source proves now.
        find: Action: a page gave no value that could be proved.
        find_beside: The same with what the page says of it.
        page: What stands for a page without a name.
        says: What a named source says.
        one_says: What the first of sources without names says.
        another_says: What any further one says.
        concerned: What concerns whom.
        changed_in: Behind a field: where it changed.
        disputed_in: Behind a field: where sources disagree.
        yes: True.
        no: False.
        was: What a value was before.
        was_until: The same with its last day.
        was_seen: The same with the day it was last read.
        since: Since when a value holds.
        kept: A value that is not confirmed.
        kept_since: The same with the day it last was.
        rise: Headline: a number rose.
        fall: Headline: a number fell.
        spread: Headline: between which values a field lies.
        reviewed: What a second model made of an article.
        changed_heading: Digest: values that changed.
        disputed_heading: Digest: values that sources disagree about.
        new_heading: Digest: values that are new.
        whole: Digest: link to the article.
        nothing: Digest: an empty one.
        more: Digest: how many values were left out.
        elsewhere: Digest: what other sources state.
        older: An article that stays because no newer one could be written.
    """

    summary: str
    findings: str
    analysis: str
    actions: str
    stakeholders: str
    kept_heading: str
    label: str
    extremes: str
    alike: str
    joined: str
    others: str
    conflict: str
    update: str
    update_other: str
    settle: str
    ambiguous: str
    confirm: str
    find: str
    find_beside: str
    page: str
    says: str
    one_says: str
    another_says: str
    concerned: str
    changed_in: str
    disputed_in: str
    yes: str
    no: str
    was: str
    was_until: str
    was_seen: str
    since: str
    kept: str
    kept_since: str
    rise: str
    fall: str
    spread: str
    reviewed: str
    changed_heading: str
    disputed_heading: str
    new_heading: str
    whole: str
    nothing: str
    more: str
    elsewhere: str
    older: str


_ENGLISH = Phrases(
    summary="Executive summary",
    findings="Key findings",
    analysis="Detailed analysis: {topic}",
    actions="Action items",
    stakeholders="Stakeholders",
    kept_heading="Not confirmed this time",
    label="{Title} of {entity}: {value}.",
    extremes=(
        "Among those covered, the {title} is highest in {high} ({high_value}) and"
        " lowest in {low} ({low_value})."
    ),
    alike="The {title} is {value} in {names}.",
    joined="{first} and {last}",
    others="others",
    conflict=(
        "Sources differ on the {title} of {entity}: {value} is taken here, elsewhere it"
        " is {others}."
    ),
    update="Update the {title} of {entity} to {value}.",
    update_other="Update the {title} of {entity}: now {value}.",
    settle="Settle the {title} of {entity}: {claims}.",
    ambiguous=(
        "Settle the {title} of {entity} ({value}): its source can be read in two ways."
    ),
    confirm="Confirm the {title} of {entity}: {value}.",
    find="Find a source for the {title} of {entity}: {source} proves none.",
    find_beside=(
        "Find a source for the {title} of {entity}: {source} says only “{quote}”."
    ),
    page="its page",
    says="“{source}” says {value}",
    one_says="one source says {value}",
    another_says="another says {value}",
    concerned="{who}: {fields}.",
    changed_in="changed in {names}",
    disputed_in="disputed in {names}",
    yes="yes",
    no="no",
    was="previously {value}",
    was_until="{value} until {date}",
    was_seen="previously {value}, read on {date}",
    since="since {date}",
    kept="not confirmed",
    kept_since="last confirmed on {date}",
    rise="{entity}: {title} up to {value}",
    fall="{entity}: {title} down to {value}",
    spread="{Title}: from {low_value} in {low} to {high_value} in {high}",
    reviewed=(
        "Read by {model}: of {read} sentences {literal} taken back to their literal"
        " form, {marked} marked."
    ),
    changed_heading="Changed",
    disputed_heading="Sources disagree",
    new_heading="New",
    whole="The whole article",
    nothing="Nothing new was proved.",
    more="and {count} more",
    elsewhere="elsewhere {values}",
    older="No newer article could be written. This one is of {date}.",
)
_ITALIAN = Phrases(
    summary="In sintesi",
    findings="Risultati principali",
    analysis="Analisi: {topic}",
    actions="Da fare",
    stakeholders="Chi è interessato",
    kept_heading="Non confermato questa volta",
    label="{Title} di {entity}: {value}.",
    extremes=(
        "{Title}, tra i casi trattati: massimo in {high} ({high_value}), minimo in"
        " {low} ({low_value})."
    ),
    alike="{Title}: {value} in {names}.",
    joined="{first} e {last}",
    others="altri",
    conflict=(
        "{entity}, {title}: le fonti differiscono; qui vale {value}, altrove {others}."
    ),
    update="{entity}, {title}: aggiornare a {value}.",
    update_other="{entity}, {title}: aggiornare, ora {value}.",
    settle="{entity}, {title}: stabilire quale valore valga, perché {claims}.",
    ambiguous=(
        "{entity}, {title}: stabilire se valga {value}, perché la fonte si può leggere"
        " in due modi."
    ),
    confirm="{entity}, {title}: confermare {value}.",
    find="{entity}, {title}: trovare una fonte, perché {source} non ne prova.",
    find_beside=(
        "{entity}, {title}: trovare una fonte, perché {source} dice soltanto “{quote}”."
    ),
    page="la sua pagina",
    says="“{source}” dice {value}",
    one_says="una fonte dice {value}",
    another_says="un'altra dice {value}",
    concerned="{who}: {fields}.",
    changed_in="cambia in {names}",
    disputed_in="fonti discordi per {names}",
    yes="sì",
    no="no",
    was="prima {value}",
    was_until="{value} fino al {date}",
    was_seen="prima {value}, letto il {date}",
    since="dal {date}",
    kept="non confermato",
    kept_since="confermato l'ultima volta il {date}",
    rise="{entity}: {title} sale a {value}",
    fall="{entity}: {title} scende a {value}",
    spread="{Title}: da {low_value} in {low} a {high_value} in {high}",
    reviewed=(
        "Letto da {model}: di {read} frasi {literal} riportate alla forma letterale,"
        " {marked} segnalate."
    ),
    changed_heading="Cambiato",
    disputed_heading="Fonti discordi",
    new_heading="Nuovo",
    whole="L'articolo intero",
    nothing="Nulla di nuovo è stato provato.",
    more="e altri {count}",
    elsewhere="altrove {values}",
    older="Non è stato possibile scriverne uno nuovo. Questo articolo è del {date}.",
)
_INDONESIAN = Phrases(
    summary="Ringkasan",
    findings="Temuan utama",
    analysis="Analisis: {topic}",
    actions="Yang perlu dilakukan",
    stakeholders="Pihak terkait",
    kept_heading="Belum dikonfirmasi kali ini",
    label="{Title} {entity}: {value}.",
    extremes=(
        "Di antara yang dibahas, {title} tertinggi di {high} ({high_value}) dan"
        " terendah di {low} ({low_value})."
    ),
    alike="{Title} adalah {value} di {names}.",
    joined="{first} dan {last}",
    others="lainnya",
    conflict=(
        "Sumber berbeda tentang {title} {entity}: di sini dipakai {value}, di tempat"
        " lain {others}."
    ),
    update="Perbarui {title} {entity} menjadi {value}.",
    update_other="Perbarui {title} {entity}: sekarang {value}.",
    settle="Pastikan {title} {entity}: {claims}.",
    ambiguous=(
        "Pastikan {title} {entity} ({value}): sumbernya dapat dibaca dengan dua cara."
    ),
    confirm="Konfirmasikan {title} {entity}: {value}.",
    find="Cari sumber untuk {title} {entity}: {source} tidak membuktikannya.",
    find_beside=(
        "Cari sumber untuk {title} {entity}: {source} hanya menyebut “{quote}”."
    ),
    page="halamannya",
    says="“{source}” menyebut {value}",
    one_says="satu sumber menyebut {value}",
    another_says="sumber lain menyebut {value}",
    concerned="{who}: {fields}.",
    changed_in="berubah di {names}",
    disputed_in="sumber berbeda di {names}",
    yes="ya",
    no="tidak",
    was="sebelumnya {value}",
    was_until="{value} sampai {date}",
    was_seen="sebelumnya {value}, dibaca pada {date}",
    since="sejak {date}",
    kept="belum dikonfirmasi",
    kept_since="terakhir dikonfirmasi pada {date}",
    rise="{entity}: {title} naik menjadi {value}",
    fall="{entity}: {title} turun menjadi {value}",
    spread="{Title}: dari {low_value} di {low} sampai {high_value} di {high}",
    reviewed=(
        "Dibaca oleh {model}: dari {read} kalimat {literal} dikembalikan ke bentuk"
        " harfiah, {marked} ditandai."
    ),
    changed_heading="Berubah",
    disputed_heading="Sumber berbeda",
    new_heading="Baru",
    whole="Artikel selengkapnya",
    nothing="Tidak ada hal baru yang terbukti.",
    more="dan {count} lagi",
    elsewhere="di tempat lain {values}",
    older="Artikel yang lebih baru tidak dapat ditulis. Artikel ini dari {date}.",
)
_PHRASES: Mapping[str, Phrases] = {
    "en": _ENGLISH,
    "it": _ITALIAN,
    "id": _INDONESIAN,
}


def phrases_of(language: str) -> Phrases:
    """Return the phrases of a language tag, English where there are none."""
    return _PHRASES.get(language.partition("-")[0].lower(), _ENGLISH)
