"""Words as systemd's units and a crontab's shell read them, whatever is in them."""

from __future__ import annotations

import shlex

from subak.errors import UserError

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def unit_word(text: str, *, is_program: bool = False) -> str:
    """Return one word of a unit's command line (systemd.service(5), Command lines).

    Args:
        is_program: It is the first word, in which "$" stands for itself.
    """
    dollar = "$" if is_program else "$$"
    special = {**_ESCAPES, "%": "%%", "$": dollar}
    return '"' + "".join(special.get(char) or _plain(char) for char in text) + '"'


def unit_text(text: str) -> str:
    """Return the text of a setting that is one line and no command."""
    return " ".join(text.split()).replace("%", "%%")


def unit_path(text: str) -> str:
    """Return a setting that is one path, which has no quotes and no escapes.

    Raises:
        UserError: It cannot be written so.
    """
    if text != text.strip() or not text.isprintable():
        raise UserError(
            "a unit cannot name a folder with such characters",
            where=repr(text),
            hint="rename the folder, without line breaks or spaces at its ends",
        )
    return text.replace("%", "%%")


def crontab_word(text: str) -> str:
    """Return one word of a crontab line: the shell's quotes, cron's percent signs.

    cron ends a command at "%" and takes the backslash away that stands before one,
    so that none of the word's own may stand there: each "%" is put outside quotes.

    Raises:
        UserError: It has a line break, and a line has none.
    """
    if "\n" in text or "\r" in text:
        raise UserError(
            "a crontab cannot name a path with a line break",
            where=repr(text),
            hint="rename the folder",
        )
    parts = [shlex.quote(part) if part else "" for part in text.split("%")]
    return "\\%".join(parts) or "''"


def _plain(char: str) -> str:
    return char if char.isprintable() else "".join(f"\\x{b:02x}" for b in char.encode())
