"""Writing: how often the letters of a script stand on pages, for guessing charsets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log
from types import MappingProxyType

_EVEN = 6  # letters are more alike in frequency than ranks alone would make them
_RARE = -10.0
_CAPITAL = -1.2


@dataclass(frozen=True)
class Writing:
    """The letters of some languages that are written alike, the frequent ones first.

    Args:
        languages: Primary tags.
        letters: Lower case letters beyond ASCII.
        is_latin: They stand between ASCII letters.
        bonus: How much more pages are written so, in log units.
    """

    languages: frozenset[str]
    letters: str
    is_latin: bool = False
    bonus: float = 0.0

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Return the logarithm of each character's share."""
        total = sum(1 / (rank + _EVEN) for rank in range(len(self.letters)))
        found: dict[str, float] = {}
        for rank, letter in enumerate(self.letters):
            weight = log(1 / (rank + _EVEN) / total)
            found.setdefault(letter, weight)
            if len(letter.upper()) == 1:
                found.setdefault(letter.upper(), weight + _CAPITAL)
        return MappingProxyType(found)

    def weight(self, character: str) -> float:
        """Return how likely a character beyond ASCII is."""
        return self.weights.get(character, _RARE)


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


WEST = Writing(
    _tags("en de fr es pt it nl sv da no nb fi is ca id ms"),
    "\u00e9\u00e4\u00f6\u00fc\u00e8\u00e0\u00e1\u00f3\u00ed\u00f1\u00e7\u00e3\u00df"
    "\u00ea\u00f4\u2019\u00e5\u00f8\u201c\u201d\u2013\u00e2\u00e6\u00fa\u00eb\u00ee"
    "\u00ef\u00ab\u00bb\u20ac\u2018\u2014\u2026\u00b0\u00f5\u00fb\u00f9\u00f2\u00ec"
    "\u00a9\u00a3\u00a7\u00bf\u00a1\u00b7\u0153\u00ae\u2022\u2122\u00ba\u00aa\u00bd"
    "\u00b2\u00a0\u201e\u00ff\u00fe\u00f0\u00fd",
    is_latin=True,
    bonus=2.0,
)
CENTRAL = Writing(
    _tags("sk sl"),
    "\u00e1\u00e9\u00ed\u00f3\u017e\u011b\u010d\u0161\u0159\u00fd\u0142\u0105\u0119"
    "\u017c\u015b\u0107\u016f\u00fa\u0144\u0151\u0171\u0103\u00e2\u00ee\u015f\u0163"
    "\u00f6\u00fc\u017a\u0148\u0165\u010f\u0111\u00f4\u00e4\u201e\u201d\u2013\u201c"
    "\u013e\u2019\u2026\u00a0\u00a7\u00b0\u013a\u0155\u00df",
    is_latin=True,
)
POLISH = Writing(
    _tags("pl"),
    "\u0142\u0105\u0119\u017c\u015b\u00f3\u0107\u0144\u017a\u201e\u201d\u2013\u00a0",
    is_latin=True,
)
CZECH = Writing(
    _tags("cs sk"),
    "\u00e1\u00ed\u00e9\u011b\u017e\u00fd\u010d\u0161\u0159\u016f\u00fa\u0148\u0165"
    "\u010f\u013e\u00f3\u00f4\u00e4\u201e\u201c\u2013\u00a0",
    is_latin=True,
)
HUNGARIAN = Writing(
    _tags("hu"),
    "\u00e1\u00e9\u00f6\u00f3\u0151\u00fc\u00ed\u00fa\u0171\u201e\u201d\u2013\u00a0",
    is_latin=True,
)
ROMANIAN = Writing(
    _tags("ro"),
    "\u0103\u00ee\u0163\u00e2\u015f\u201e\u201d\u2013\u00a0",
    is_latin=True,
)
SOUTH_SLAVIC = Writing(
    _tags("hr sl bs"),
    "\u010d\u0161\u017e\u0107\u0111\u201e\u201d\u2013\u00a0",
    is_latin=True,
)
GERMAN = Writing(
    _tags("de"),
    "\u00fc\u00e4\u00f6\u00df\u201e\u201c\u2013\u00bb\u00ab\u2019\u20ac\u00a0\u00a7",
    is_latin=True,
)
FRENCH = Writing(
    _tags("fr"),
    "\u00e9\u00e0\u00e8\u00ea\u2019\u00e7\u00a0\u00f4\u00e2\u00ee\u00ab\u00bb\u00f9"
    "\u00fb\u00eb\u00ef\u0153\u20ac",
    is_latin=True,
)
IBERIAN = Writing(
    _tags("es pt ca gl"),
    "\u00f3\u00e1\u00e9\u00ed\u00e3\u00e7\u00f1\u00ea\u00fa\u00f5\u00e2\u00e0\u00fc"
    "\u00bf\u00a1\u201c\u201d\u00ba\u00aa\u00f4",
    is_latin=True,
)
ITALIAN = Writing(
    _tags("it"),
    "\u00e8\u00e0\u00f9\u00f2\u00ec\u00e9\u2019\u00ab\u00bb\u201c\u201d",
    is_latin=True,
)
NORDIC = Writing(
    _tags("sv fi da no nb nn is"),
    "\u00e4\u00e5\u00f6\u00f8\u00e6\u00e9\u00fe\u00f0\u00ed\u00e1\u2013\u201d\u00a0",
    is_latin=True,
)
TURKISH = Writing(
    _tags("tr az"),
    "\u0131\u015f\u00fc\u011f\u00e7\u00f6\u0130\u2019\u00e2\u00ee\u00fb\u201c\u201d"
    "\u2013\u00a0",
    is_latin=True,
)
BALTIC = Writing(
    _tags("lv lt et"),
    "\u0101\u0161\u012b\u0117\u0113\u017e\u016b\u0105\u0173\u012f\u010d\u0123\u013c"
    "\u0137\u0146\u0119\u00f5\u00e4\u00f6\u00fc\u2013\u201e\u201c\u201d\u00a0",
    is_latin=True,
)
CYRILLIC = Writing(
    _tags("ru uk bg sr mk be"),
    "\u043e\u0430\u0435\u0438\u043d\u0442\u0441\u0440\u0432\u043b\u043a\u043c\u0434"
    "\u043f\u0443\u044f\u044b\u0456\u044c\u0433\u0437\u0431\u0447\u0439\u0445\u0436"
    "\u0448\u044e\u0446\u0449\u0457\u044d\u0444\u0454\u044a\u00ab\u00bb\u2014\u2116"
    "\u0451\u0458\u0491\u0459\u045a\u045b\u045f\u0452\u2013\u201e\u201c\u201d\u00a0"
    "\u045e",
    bonus=1.5,
)
GREEK = Writing(
    _tags("el"),
    "\u03b1\u03bf\u03b9\u03b5\u03c4\u03c3\u03bd\u03b7\u03c5\u03c1\u03ba\u03c0\u03bc"
    "\u03bb\u03c2\u03ac\u03af\u03cc\u03b3\u03ad\u03ae\u03b4\u03c7\u03c6\u03b8\u03c9"
    "\u03b2\u03ce\u03cd\u03b6\u03be\u03c8\u00ab\u00bb\u03ca\u03cb\u0390\u2019\u2013"
    "\u00a0",
)
HEBREW = Writing(
    _tags("he yi"),
    "\u05d9\u05d5\u05d4\u05dc\u05d0\u05e8\u05ea\u05d1\u05de\u05e9\u05e0\u05e2\u05dd"
    "\u05d3\u05d7\u05e7\u05e4\u05d2\u05db\u05e1\u05d8\u05df\u05d6\u05e6\u05da\u05e3"
    "\u05e5\u2013\u00a0",
)
ARABIC = Writing(
    _tags("ar fa ur"),
    "\u0627\u0644\u064a\u0645\u0646\u0631\u062a\u0648\u0628\u062f\u0639\u0633\u0629"
    "\u0641\u0643\u0647\u0642\u062d\u062c\u0623\u0634\u0635\u0637\u062e\u0649\u0636"
    "\u0630\u0632\u063a\u062b\u0621\u0626\u0638\u0625\u060c\u0622\u0624\u061f\u00a0",
)
THAI = Writing(
    _tags("th"),
    "\u0e32\u0e19\u0e23\u0e2d\u0e01\u0e40\u0e07\u0e21\u0e22\u0e25\u0e48\u0e27\u0e14"
    "\u0e49\u0e17\u0e2a\u0e31\u0e15\u0e35\u0e30\u0e34\u0e1b\u0e1a\u0e04\u0e2b\u0e41"
    "\u0e08\u0e02\u0e1e\u0e0a\u0e37\u0e44\u0e38\u0e39\u0e43\u0e47\u0e16\u0e1c\u0e42"
    "\u0e0b\u0e13\u0e28\u0e18\u0e33\u0e29\u0e1d\u0e20\u0e09\u0e4c\u0e10\u0e0d\u0e1f"
    "\u0e18\u0e36",
)
