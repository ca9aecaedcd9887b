"""Language: the closed word classes a strict comparison of two sentences needs.

Knows English, Italian and Indonesian. Holds words only, never a rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Language:
    """Word classes of one language, all in lower case.

    Args:
        code: BCP 47 primary tag.
        connecting: Words that may come and go without changing a claim.
        owning: Prepositions (and the mark 's) that make the entity an owner.
        placing: Prepositions that make it a place.
        agents: Prepositions that make it the doer of a passive verb.
        tied: Other prepositions that may tie on the entity of a label.
        dated: Prepositions that may tie on a year.
        articles: Articles, skipped where the next word is looked for.
        copulas: Forms of "be" that make a participle passive.
        auxiliaries: Verbs whose negation is the negation of the whole clause.
        helpers: Forms of "do" and "have", which may stand before the verb itself.
        having: Those of "have".
        present: Verbs of closed form in the present tense.
        past: The same in the past tense.
        conjunctions: Words and marks that join clauses or parts.
        negations: Words of plain negation, which may stand for each other.
        denials: Stronger or narrower ones, which may not.
        affirmations: Words that stand for a plain yes.
        limits: Words that narrow or soften what they stand beside.
        scope: Words after which the place of a negation or number matters.
        causes: Words that claim a cause or a consequence.
        judgements: Words that evaluate.
        phrases: Word groups that say no more than "is", as regular expressions.
        numbers: Number words and their values.
    """

    code: str
    connecting: frozenset[str]
    owning: frozenset[str]
    placing: frozenset[str]
    agents: frozenset[str]
    tied: frozenset[str]
    dated: frozenset[str]
    articles: frozenset[str]
    copulas: frozenset[str]
    auxiliaries: frozenset[str]
    helpers: frozenset[str]
    having: frozenset[str]
    present: frozenset[str]
    past: frozenset[str]
    conjunctions: frozenset[str]
    negations: frozenset[str]
    denials: frozenset[str]
    affirmations: frozenset[str]
    limits: frozenset[str]
    scope: frozenset[str]
    causes: frozenset[str]
    judgements: frozenset[str]
    phrases: tuple[str, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def adjuncts(self) -> frozenset[str]:
        """Return every preposition that may tie on the entity."""
        return self.owning | self.placing | self.agents | self.tied


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _counted(words: str) -> dict[str, int]:
    return {word: value for value, word in enumerate(words.split(), start=1)}


ENGLISH = Language(
    code="en",
    connecting=_set(
        "a an the and of in is are was were be been being has have had do does did"
        " that which who whose this these its it their there"
    ),
    owning=_set("of 's"),
    placing=_set("in"),
    agents=_set("by"),
    tied=_set("for"),
    dated=_set("of in for during as"),
    articles=_set("a an the"),
    copulas=_set("is are was were be been being"),
    auxiliaries=_set("is are was were do does did has have had there"),
    helpers=_set("do does did has have had"),
    having=_set("has have had"),
    present=_set("is are has have do does"),
    past=_set("was were had did"),
    conjunctions=_set("and , ;"),
    negations=_set("no not none"),
    denials=_set("never neither nor nobody nothing nowhere without"),
    affirmations=_set("yes"),
    limits=_set(
        "except excepting excluding unless only if however but although though"
        " provided until otherwise formerly repealed abolished longer subject"
    ),
    scope=_set(
        "or nor but while whereas than all every each any both some most many few"
        " only if unless except neither either"
    ),
    causes=_set(
        "because therefore thus hence consequently since owing due leads leading"
        " lead led results resulting resulted result causes caused cause causing"
        " means meaning implies implying thereby thanks accordingly so reflects"
        " reflecting shows showing indicates indicating suggests suggesting ensures"
        " ensuring allowing enabling making helps helping aims aimed"
    ),
    judgements=_set(
        "important importantly significant significantly notable notably best worst"
        " better worse good bad excellent poor strong weak crucial critical key vital"
        " essential major remarkable remarkably impressive unfortunately fortunately"
        " interestingly clearly obviously certainly surely undoubtedly generous"
        " strict strictly modest substantial considerable relatively high low highest"
        " lowest large small attractive favourable favorable leading famous"
    ),
    phrases=(
        r"amount(?:s|ed|ing)? to",
        r"(?:stands|stood|standing) at",
        r"(?:is|are|was|were) (?:set )?at(?= \d)",
        r"at an? (?:rate|level) of(?= \d)",
        r"(?:is|are|was|were) equal to",
        r"equals?(?= \d)",
        r"as of(?= \d)",
        r"in the year(?= \d)",
    ),
    numbers=_counted("one two three four five six seven eight nine ten eleven twelve"),
)

ITALIAN = Language(
    code="it",
    connecting=_set(
        "un uno una il lo la i gli le l e ed di del dello della dei degli delle d in"
        " nel nello nella nei negli nelle nell dell è sono era erano essere stato stata"
        " stati state ha hanno aveva che cui questo questa suo sua loro vi ci"
    ),
    owning=_set("di del dello della dell dei degli delle"),
    placing=_set("in nel nello nella nell nei negli nelle"),
    agents=_set("da dal dalla dall"),
    tied=_set("per"),
    dated=_set("del nel per durante di"),
    articles=_set("un uno una il lo la i gli le l"),
    copulas=_set("è sono era erano essere stato stata stati state viene vengono"),
    auxiliaries=frozenset(),
    helpers=_set("ha hanno aveva avevano"),
    having=_set("ha hanno aveva avevano"),
    present=_set("è sono ha hanno"),
    past=_set("era erano aveva avevano fu furono"),
    conjunctions=_set("e ed , ;"),
    negations=_set("non no nessun nessuno nessuna"),
    denials=_set("né mai niente nulla senza neppure nemmeno"),
    affirmations=_set("sì si"),
    limits=_set(
        "tranne eccetto salvo escluso esclusi escluse solo soltanto solamente se"
        " purché però ma tuttavia benché sebbene fino finché altrimenti più"
    ),
    scope=_set(
        "o oppure né ma mentre tutti tutte tutto tutta ogni ciascuno alcuni"
        " alcune molti molte pochi solo se tranne salvo eccetto"
    ),
    causes=_set(
        "perché poiché quindi pertanto dunque perciò siccome causa causano dovuto"
        " dovuta grazie conseguenza comporta porta significa implica dimostra"
        " indica garantisce consente"
    ),
    judgements=_set(
        "importante importanti significativo significativa significativamente"
        " notevole notevolmente migliore migliori peggiore peggiori buono buona"
        " ottimo ottima forte debole cruciale fondamentale essenziale chiaramente"
        " ovviamente purtroppo alto alta basso bassa elevato elevata"
    ),
    phrases=(
        r"ammonta(?:no|va|vano)? a(?:l(?:la)?|ll)?",
        r"(?:è|sono|era|erano) pari a(?:l(?:la)?|ll)?",
        r"pari a(?:l(?:la)?|ll)?",
    ),
    numbers=_counted(
        "uno due tre quattro cinque sei sette otto nove dieci undici dodici"
    ),
)

INDONESIAN = Language(
    code="id",
    connecting=_set(
        "adalah ialah merupakan yang dan di itu ini tersebut ada terdapat memiliki"
        " mempunyai nya dalam sebuah suatu"
    ),
    owning=frozenset(),
    placing=_set("di"),
    agents=_set("oleh"),
    tied=_set("untuk bagi"),
    dated=_set("pada tahun di untuk selama"),
    articles=_set("sebuah suatu"),
    copulas=_set("adalah ialah"),
    auxiliaries=frozenset(),
    helpers=_set("memiliki mempunyai"),
    having=_set("memiliki mempunyai"),
    present=frozenset(),
    past=frozenset(),
    conjunctions=_set("dan serta , ;"),
    negations=_set("tidak tak bukan"),
    denials=_set("tanpa belum tiada jangan"),
    affirmations=_set("ya"),
    limits=_set(
        "kecuali hanya jika bila apabila namun tetapi tapi meskipun walaupun sampai"
        " hingga asalkan lagi sebelumnya"
    ),
    scope=_set(
        "atau tetapi tapi sedangkan daripada semua setiap seluruh beberapa banyak"
        " sedikit hanya jika kecuali"
    ),
    causes=_set(
        "karena sebab sehingga maka akibat akibatnya menyebabkan"
        " mengakibatkan berarti menunjukkan memastikan berkat"
    ),
    judgements=_set(
        "penting signifikan terbaik terburuk baik buruk kuat lemah utama sangat"
        " jelas tentu sayangnya tinggi rendah tertinggi terendah besar kecil"
    ),
    phrases=(r"(?:adalah )?sebesar", r"mencapai(?= \d)"),
    numbers=_counted(
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas duabelas"
    ),
)

LANGUAGES: Mapping[str, Language] = {
    language.code: language for language in (ENGLISH, ITALIAN, INDONESIAN)
}


def language_of(text: str) -> Language:
    """Return the language whose connecting words are most frequent; English on a tie.

    Single letters don't count: they are initials and list marks as often as words.
    """
    words = [word for word in _WORD.findall(text.lower()) if len(word) > 1]

    def hits(language: Language) -> int:
        closed = language.connecting | language.negations | language.placing
        closed |= language.agents | language.tied
        return sum(word in closed for word in words)

    return max(LANGUAGES.values(), key=hits)
