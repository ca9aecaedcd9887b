"""Orders: text of a page that speaks to whoever processes it, not to its readers.

A net, not a proof: what slips through is still only data between fences, and nothing
of it is published but as a quotation of that page.
"""

from __future__ import annotations

import re

_READER = (
    r"(?:a\.?i\.?|llms?|chatbots?|assistants?|(?:large )?language models?|crawlers?)"
)
_SAYING = (
    r"(?:write|say|answer|output|respond|reply|print|repeat|claim|state|publish"
    r"|conclude|summari[sz]e|rewrite|translate|mention|quote)"
)
_HOW = (
    r"(?:\b(?:that|with|only|exactly|the following|this sentence|as follows|in your"
    r"|nothing)\b|[:\"“])"
)
_PATTERNS = (
    # "Ignore all previous instructions", "forget everything above"
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,30}"
    r"\b(?:previous|prior|above|earlier|preceding|system|your|all|these|any)\b"
    r"[^.!?\n]{0,20}\b(?:instructions?|prompts?|rules?|commands?|directions?"
    r"|guidelines?|messages?|context)\b",
    r"\b(?:ignore|disregard|forget)\b[^.!?\n]{0,20}\b(?:everything|all)\b"
    r"[^.!?\n]{0,20}\b(?:above|before|so far|you were told)\b",
    r"\b(?:ignora|dimentica|trascura)(?:te|re)?\b[^.!?\n]{0,40}"
    r"\b(?:istruzioni|comandi|prompt|indicazioni)\b",
    r"\b(?:abaikan|lupakan)\b[^.!?\n]{0,40}\b(?:instruksi|perintah|petunjuk)\b",
    r"\b(?:ignor\w*|oublie\w*|vergiss|vergesst|olvid\w*)\b[^.!?\n]{0,40}"
    r"\b(?:instruc\w+|anweisung\w*|consignes?)\b",
    # A part that it is to play.
    rf"\byou are (?:now )?(?:an? |the )?(?:helpful )?{_READER}\b",
    r"\b(?:act|behave) as (?:an? (?:ai|assistant|expert|unrestricted)|if you)\b",
    r"\bpretend (?:to be|that you|you)\b",
    rf"\bas an? {_READER}\b",
    r"\b(?:new|updated|hidden|secret) (?:system )?(?:instructions?|prompt|task)\b",
    r"\bsystem (?:prompt|message|override)\b|\bdeveloper mode\b|\bjailbreak\b",
    # Whom it speaks to
    rf"\b(?:if you are|dear|attention|hey|hello)\W+(?:an? |the |all )?{_READER}\b",
    rf"\b(?:notes?|notices?|messages?|instructions?)\b[^.!?\n]{{0,12}}"
    rf"\b(?:to|for)\W+(?:an? |the |all |any )?{_READER}\b",
    rf"\b{_READER}\b[^.!?\n]{{0,30}}\b(?:must|should|shall|are to|need to)\b"
    rf"[^.!?\n]{{0,20}}\b(?:{_SAYING}|ignore|report)\b",
    # Told what to write, at the beginning of a sentence.
    r"^\W*(?:(?:please|now|instead|then|always|just|simply|from now on|you must"
    rf"|you should|you will|do not|don['’]t|never|and)[,\s]+)*{_SAYING}\b(?!-)"
    rf"[^.!?\n]{{0,12}}?{_HOW}",
    r"^\W*(?:scriv(?:i|ete)|rispond(?:i|ete)|afferma(?:te)?|ripet(?:i|ete))\b"
    r"[^.!?\n]{0,12}?(?:\b(?:che|con|solo|soltanto|esattamente)\b|[:\"“])",
    r"^\W*(?:tulis|jawab|katakan|nyatakan|ulangi)(?:kan|lah)?\b"
    r"[^.!?\n]{0,12}?(?:\b(?:bahwa|dengan|hanya)\b|[:\"“])",
    # The marks of a model's own turns
    r"<\|?\s?/?(?:im_start|im_end|system|assistant|endoftext|start_of_turn)",
    r"\[\s?/?INST\]|^\W*(?:system|assistant|user)\s*:|#{2,}\s*(?:instruction|system)",
)
_ORDERS = re.compile("|".join(f"(?:{each})" for each in _PATTERNS), re.IGNORECASE)

ORDERS = "text that gives orders"
"""What people are told of such text."""


def gives_orders(text: str) -> bool:
    """Tell whether a sentence or line speaks to a program that reads it."""
    return _ORDERS.search(" ".join(text.split())) is not None
