"""Foreign text: everything a page or a model says, made safe to show to a model.

llama.cpp turns control tokens inside content into real ones (20 x "<|im_end|>" count
as 20 tokens; with a space inside they are ordinary text), so a page could close the
user's turn and open its own. For prompts only: lengths change.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_BREAKS = (
    # "<|" and "|>" in any form, also the full-width bar some models use.
    (re.compile(r"<(?=[|｜])"), "< "),
    (re.compile(r"(?<=[|｜])>"), " >"),
    # <s>, </s>, <start_of_turn>, <think>, <<SYS>>, <0x0A> ...
    (re.compile(r"<(?=[^\s<>]{1,64}>)"), "< "),
    # [INST], [/INST], [TOOL_CALLS] ...
    (re.compile(r"\[(?=/?[A-Z][A-Z_]{2,40}\])"), "[ "),
)
_MARK = re.compile(r"===(?=\s*document)", re.IGNORECASE)
_FENCE = re.compile(
    r"^=== document ([0-9a-f]{16}) begins ===\n(.*?)\n=== document \1 ends ===$",
    re.DOTALL | re.MULTILINE,
)
_KEPT_CONTROLS = frozenset("\n\t")
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u3164]")


def neutralise(text: str) -> str:
    """Return the text with no control token of any model and nothing invisible in it.

    Doing it twice changes nothing more.
    """
    seen = _visible(text)
    for pattern, replacement in _BREAKS:
        seen = pattern.sub(replacement, seen)
    return seen


def fence(text: str) -> str:
    """Return the neutralised text between delimiters it cannot contain.

    The delimiter is a hash of the text, so that equal texts make equal prompts and
    no text can hold its own; marks that look like one are broken all the same.
    """
    inner = _MARK.sub("= = =", neutralise(text))
    nonce = hashlib.blake2b(
        inner.encode("utf-8", "surrogatepass"), digest_size=8
    ).hexdigest()
    return f"=== document {nonce} begins ===\n{inner}\n=== document {nonce} ends ==="


def fenced_texts(prompt: str) -> tuple[str, ...]:
    """Return what stands between the fences of a prompt."""
    return tuple(match.group(2) for match in _FENCE.finditer(prompt))


def without_fences(prompt: str) -> str:
    """Return a prompt without its fenced texts: what is asked about them."""
    return _FENCE.sub("", prompt)


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    seen = text.replace("\r\n", "\n")
    # Texts are long, their alphabets short: each character is looked up once.
    hidden = [ord(char) for char in set(seen) if not _is_visible(char)]
    return _VARIATION.sub("", seen.translate(dict.fromkeys(hidden)) if hidden else seen)


def _is_visible(char: str) -> bool:
    """Tell whether a character shows: no controls, bidi marks, tags, surrogates."""
    return char in _KEPT_CONTROLS or unicodedata.category(char) not in {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
    }
