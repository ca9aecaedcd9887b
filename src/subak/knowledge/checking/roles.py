"""Who does it, and when: the subject and the tense of two claims.

Assumes that both claims hold the same words and speak of one known name at most.
"""

from __future__ import annotations

from subak.knowledge.checking.claim import Claim, Token
from subak.knowledge.checking.polarity import tied_by, voice_changes
from subak.knowledge.text.language import Language


def subject_problem(said: Claim, source: Claim, language: Language) -> str:
    """Return why the name may have become the doer, or ceased to be; "" if not.

    "Germany taxes residents" is not "Residents tax Germany"; "Power reaches half in
    Kenya" is not "Kenya reaches half", though it may become "Kenya has ...".
    """
    problem = "the sentence changes what the name stands for"
    ours, theirs = _before_names(said, language), _before_names(source, language)
    if theirs:
        return "" if ours <= theirs else problem
    if ours - {""}:
        return problem
    if ours and not source.is_label:
        done = _done_by_name(said, language)
        if done and done not in voice_changes(said, source, language):
            return problem
    return ""


def tense_problem(said: Claim, source: Claim, language: Language) -> str:
    """Return why the sentence speaks of another time than the source; "" if not.

    Where the source gives a year or date, both tenses say the same.
    """
    if any(figure.kind in {"year", "date"} for figure in source.figures):
        return ""
    theirs = {token.text for token in source.words}
    if _is_past(said, language) and not _is_past(source, language):
        return "the sentence puts the present into the past"
    is_past_only = _is_past(source, language) and not theirs & language.present
    if is_past_only and not _is_past(said, language):
        return "the sentence puts the past into the present"
    return ""


def _before_names(claim: Claim, language: Language) -> set[str]:
    """Return the stem of the last word before each free-standing name, "" for none.

    Small words don't count, and what a comma parts from the name doesn't either.
    """
    return {
        _content_before(claim, at, language)
        for at, token in enumerate(claim.tokens)
        if token.kind == "name" and not tied_by(claim, at, language)
    }


def _content_before(claim: Claim, at: int, language: Language) -> str:
    for token in reversed(claim.tokens[:at]):
        if token.text == ",":
            return ""
        if token.kind == "word" and not _is_small(token, language):
            return token.stem
    return ""


def _done_by_name(claim: Claim, language: Language) -> str:
    """Return the stem of the verb whose subject is the name, "" when it only "has"."""
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        if token.kind != "name" or tied_by(claim, at, language):
            continue
        has = False
        for following in tokens[at + 1 :]:
            if following.text in language.helpers or _is_denial(following, language):
                has = has or following.text in language.having
                continue
            is_verb = following.kind == "word" and not _is_small(following, language)
            if is_verb and (not has or following.text.endswith("ed")):
                return following.stem
            break
    return ""


def _is_past(claim: Claim, language: Language) -> bool:
    tokens = claim.tokens
    for at, token in enumerate(tokens):
        if token.kind != "word":
            continue
        if token.text in language.past:
            return True
        before = tokens[at - 1] if at else None
        if before and before.kind == "name" and token.text.endswith("ed"):
            return bool(language.past)
    return False


def _is_denial(token: Token, language: Language) -> bool:
    return token.text in language.negations or token.text in language.denials


def _is_small(token: Token, language: Language) -> bool:
    return (
        token.text in language.connecting
        or token.text in language.dated
        or _is_denial(token, language)
    )
