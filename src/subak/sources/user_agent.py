"""user_agent: how subak names itself to servers."""

from __future__ import annotations

from subak import __version__ as VERSION  # noqa: N812


def user_agent(contact: str) -> str:
    """Return the honest name, with where its operator can be reached."""
    told = " ".join(contact.split()).encode("ascii", "ignore").decode()
    return f"subak/{VERSION} (+{told})" if told else f"subak/{VERSION}"
