"""FakeMailServer: a real SMTP server on a loopback port, as far as a sender sees it."""

from __future__ import annotations

import base64
import socketserver
import threading
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(slots=True)
class Taken:
    """One message as the server took it."""

    sender: str = ""
    to: list[str] = field(default_factory=list)
    data: str = ""


class FakeMailServer:
    """Use as a context manager; ``taken`` holds what came.

    Args:
        password: Wanted of whoever logs in, "" to offer no login.
        refuses: What it answers to a recipient instead of taking him, "" to take all.
    """

    def __init__(self, *, password: str = "", refuses: str = "") -> None:
        self.taken: list[Taken] = []
        self.password = password
        self.refuses = refuses
        server = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server.serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FakeMailServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def serve(self, session: socketserver.StreamRequestHandler) -> None:
        """Talk to one sender."""

        def say(line: str) -> None:
            session.wfile.write(f"{line}\r\n".encode())

        say("220 fake")
        message = Taken()
        while line := session.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            if verb.upper() == "DATA":
                say("354 go on")
                message.data = _read_data(session)
                self.taken.append(message)
                message = Taken()
                say("250 taken")
            elif verb.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say(self._answer(verb.upper(), rest, message))

    def _answer(self, verb: str, rest: str, message: Taken) -> str:
        if verb == "EHLO":
            return "250-fake\r\n250 AUTH PLAIN" if self.password else "250 fake"
        if verb == "AUTH":
            told = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")
            return "235 in" if told[-1] == self.password else "535 no"
        if verb == "MAIL":
            message.sender = rest
        if verb == "RCPT":
            if self.refuses:
                return self.refuses
            message.to.append(rest)
        return "250 ok"


def _read_data(session: socketserver.StreamRequestHandler) -> str:
    lines: list[str] = []
    while (line := session.rfile.readline().decode().rstrip("\r\n")) != ".":
        lines.append(line)
    return "\n".join(lines)
