"""Phrases: the fixed words of an article in its language, with named gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """What code writes around facts; gaps are filled with ``str.format``.

    Args:
        summary: Heading of the summary.
        findings: Heading of the key findings.
        analysis: Heading of the analysis; {topic} is an entity or a field.
        actions: Heading of the action items.
        label: A fact without a sentence of its own.
        extremes: Highest and lowest value of a field.
        alike: One value in all entities.
        joined: Two names.
        others: What stands for the names too many to list.
        differ: Action: two sources disagree.
        unproved: Action: another source gave a value that could not be proved.
        unsure: Action: one document can be read in two ways.
        missing: Action: a document of the entity gave no value that could be proved.
        yes: True.
        no: False.
        stakeholders: Heading of who is concerned.
        kept_heading: Heading of values that were not confirmed this time.
        conflict: Two sources disagree, said in the text.
        concerned: What concerns an entity.
        was: What a value was before.
        was_until: The same with its last day.
        was_seen: The same with the day it was last read.
        kept: A value that is not confirmed.
        kept_since: The same with the day it last was.
        reviewed: What a second model made of an article.
    """

    summary: str
    findings: str
    analysis: str
    actions: str
    label: str
    extremes: str
    alike: str
    joined: str
    others: str
    differ: str
    unproved: str
    unsure: str
    missing: str
    yes: str
    no: str
    stakeholders: str
    kept_heading: str
    conflict: str
    concerned: str
    was: str
    was_until: str
    was_seen: str
    kept: str
    kept_since: str
    reviewed: str


_ENGLISH = Phrases(
    summary="Executive summary",
    findings="Key findings",
    analysis="Detailed analysis: {topic}",
    actions="Action items",
    label="{title} of {entity}: {value}.",
    extremes=(
        "{title}: of those covered here, highest in {high} ({high_value}) and lowest"
        " in {low} ({low_value})."
    ),
    alike="{title}: the same in {names} ({value}).",
    joined="{first} and {last}",
    others="others",
    differ=(
        'Check which holds for "{title}" of {entity}, as the sources differ:'
        " {statements}."
    ),
    unproved=(
        'Check whether this holds, as another value given for "{title}" of {entity}'
        " could not be proved: {statements}."
    ),
    unsure=(
        "Check whether this holds, as the document can be read in two ways for"
        ' "{title}" of {entity}: {statements}.'
    ),
    missing=(
        'Check whether "{title}" of {entity} can be proved, as it could not be from'
        " the document that states: {statements}."
    ),
    yes="yes",
    no="no",
    stakeholders="Stakeholders",
    kept_heading="Not confirmed this time",
    conflict='Sources differ on "{title}" of {entity}: {statements}.',
    concerned="{entity}: {titles}.",
    was="before: {value}",
    was_until="{value} until {date}",
    was_seen="{value} as read on {date}",
    kept="not confirmed",
    kept_since="last confirmed on {date}",
    reviewed=(
        "Read by {model}: of {read} sentences {literal} taken back to their literal"
        " form, {marked} marked."
    ),
)
_ITALIAN = Phrases(
    summary="In sintesi",
    findings="Risultati principali",
    analysis="Analisi: {topic}",
    actions="Da verificare",
    label="{title} di {entity}: {value}.",
    extremes=(
        "{title}: tra i casi trattati, il valore massimo è in {high} ({high_value})"
        " e il minimo in {low} ({low_value})."
    ),
    alike="{title}: lo stesso valore in {names} ({value}).",
    joined="{first} e {last}",
    others="altri",
    differ=(
        'Verificare quale valore sia giusto per "{title}" di {entity}, poiché le fonti'
        " differiscono: {statements}."
    ),
    unproved=(
        'Verificare se sia giusto, poiché un altro valore dato per "{title}" di'
        " {entity} non è stato provato: {statements}."
    ),
    unsure=(
        "Verificare se sia giusto, poiché il documento si può leggere in due modi per"
        ' "{title}" di {entity}: {statements}.'
    ),
    missing=(
        'Verificare se "{title}" di {entity} si possa provare, poiché non è stato'
        " possibile con il documento che dice: {statements}."
    ),
    yes="sì",
    no="no",
    stakeholders="Chi è interessato",
    kept_heading="Non confermato questa volta",
    conflict='Le fonti differiscono su "{title}" di {entity}: {statements}.',
    concerned="{entity}: {titles}.",
    was="prima: {value}",
    was_until="{value} fino al {date}",
    was_seen="{value} alla lettura del {date}",
    kept="non confermato",
    kept_since="confermato l'ultima volta il {date}",
    reviewed=(
        "Letto da {model}: di {read} frasi {literal} riportate alla forma letterale,"
        " {marked} segnalate."
    ),
)
_INDONESIAN = Phrases(
    summary="Ringkasan",
    findings="Temuan utama",
    analysis="Analisis: {topic}",
    actions="Yang perlu diperiksa",
    label="{title} {entity}: {value}.",
    extremes=(
        "{title}: dari yang dibahas di sini, tertinggi di {high} ({high_value}) dan"
        " terendah di {low} ({low_value})."
    ),
    alike="{title}: sama di {names} ({value}).",
    joined="{first} dan {last}",
    others="lainnya",
    differ=(
        'Periksa mana yang benar untuk "{title}" {entity}, karena sumbernya berbeda:'
        " {statements}."
    ),
    unproved=(
        'Periksa apakah ini benar, karena nilai lain untuk "{title}" {entity} tidak'
        " dapat dibuktikan: {statements}."
    ),
    unsure=(
        "Periksa apakah ini benar, karena dokumennya dapat dibaca dengan dua cara"
        ' untuk "{title}" {entity}: {statements}.'
    ),
    missing=(
        'Periksa apakah "{title}" {entity} dapat dibuktikan, karena tidak dapat dari'
        " dokumen yang menyatakan: {statements}."
    ),
    yes="ya",
    no="tidak",
    stakeholders="Pihak terkait",
    kept_heading="Belum dikonfirmasi kali ini",
    conflict='Sumber-sumber berbeda tentang "{title}" {entity}: {statements}.',
    concerned="{entity}: {titles}.",
    was="sebelumnya: {value}",
    was_until="{value} sampai {date}",
    was_seen="{value} saat dibaca pada {date}",
    kept="belum dikonfirmasi",
    kept_since="terakhir dikonfirmasi pada {date}",
    reviewed=(
        "Dibaca oleh {model}: dari {read} kalimat {literal} dikembalikan ke bentuk"
        " harfiah, {marked} ditandai."
    ),
)
_PHRASES: Mapping[str, Phrases] = {
    "en": _ENGLISH,
    "it": _ITALIAN,
    "id": _INDONESIAN,
}


def phrases_of(language: str) -> Phrases:
    """Return the phrases of a language tag, English where there are none."""
    return _PHRASES.get(language.partition("-")[0].lower(), _ENGLISH)
