"""Mail: notices by SMTP, with the standard library's client."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal
from urllib.parse import urlsplit

from subak.engine.aside import Aside
from subak.errors import ConnectionLost, NotConnected, Refused, SubakError
from subak.extras.notice import Notice

Security = Literal["starttls", "tls", "none"]
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class Mail:
    """A Messenger over a mail server.

    Args:
        server: Host, or ``host:port``.
        security: How the connection is kept private; without it no password is sent.
        user: To log in with, "" for no login.
        password: Of that user; shown nowhere.
        to: Addresses.
        sender: Address it comes from, "" for the first of ``to``.
        timeout_s: For each answer of the server.
        trusts: Who is believed to be that server; by default as the system says.
    """

    server: str
    to: tuple[str, ...]
    sender: str = ""
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = 20.0
    trusts: ssl.SSLContext | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Return where it leads."""
        return f"mail to {', '.join(self.to)}"

    async def send(self, notice: Notice) -> None:
        """Send the notice as plain text; Markdown reads well so.

        Raises:
            SubakError: The server can't be reached, or it refuses.
        """
        message = self._message(notice)
        aside = Aside("subak-mail")
        try:
            await aside.do(lambda: self._deliver(message))
        finally:
            await aside.close()

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = " ".join(notice.title.split())
        message["From"] = self._from
        message["To"] = ", ".join(self.to)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain="subak.invalid")
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        message["X-Subak-Run"] = notice.run
        if notice.needs_person:
            message["Importance"] = "high"
        text = notice.text.encode("utf-8", "replace").decode("utf-8")
        message.set_content(text, cte="quoted-printable")
        return message

    @property
    def _from(self) -> str:
        return self.sender or self.to[0]

    def _deliver(self, message: EmailMessage) -> None:
        """Talk to the server; blocks."""
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message, self._from, list(self.to))
        except (smtplib.SMTPException, OSError) as error:
            raise self._error(error) from error

    def _connect(self) -> smtplib.SMTP:
        place = urlsplit(f"//{self.server}")
        host, number = place.hostname or "", place.port or _PORTS[self.security]
        trusts = self.trusts or ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                host, number, timeout=self.timeout_s, context=trusts
            )
        server = smtplib.SMTP(host, number, timeout=self.timeout_s)
        if self.security == "starttls":
            try:
                server.starttls(context=trusts)
            except (smtplib.SMTPException, OSError):
                server.close()
                raise
        return server

    def _error(self, error: Exception) -> SubakError:
        """Return what went wrong, in words that hold no password."""
        where = f"mail server {self.server}"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return Refused(
                "the mail server refuses the user or the password",
                where=where,
                hint="look at `user` and `secret_env` or `secret_file` of [[notify]]",
            )
        if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLError):
            return Refused(
                f"no private connection to the mail server: {_said(error)}",
                where=where,
                hint='look at `server` and `security` ("starttls", "tls", "none")',
            )
        if isinstance(error, smtplib.SMTPServerDisconnected | TimeoutError):
            return ConnectionLost(
                "the mail server stopped answering", where=where, hint="try again later"
            )
        if isinstance(error, smtplib.SMTPException):
            return Refused(f"the mail server refuses: {_said(error)}", where=where)
        unknown = isinstance(error, socket.gaierror)
        what = "is not known" if unknown else "can't be reached"
        return NotConnected(
            f"the mail server {what}: {_said(error)}",
            where=where,
            hint="look at `server` of [[notify]]",
        )


def _said(error: Exception) -> str:
    """Return what was said, in one short line."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {' '.join(text.split())[:200]}"
    return " ".join(str(error).split())[:200] or type(error).__name__
