"""A webhook receiver on 127.0.0.1 that keeps what it was told, and can be down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """What arrived, in order, and how the receiver answers."""

    def __init__(self) -> None:
        """Nothing has arrived; a free port is chosen and kept over ``down`` and ``up``."""
        self.messages: list[dict[str, str]] = []
        self.status = 200
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.up()

    def url(self, scheme: str = "json") -> str:
        """The address that apprise posts JSON to."""
        return f"{scheme}://127.0.0.1:{self.port}/alerts"

    @property
    def titles(self) -> list[str]:
        """Titles of what arrived."""
        return [message["title"] for message in self.messages]

    def up(self) -> None:
        """Listen on the port."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 200:
                    receiver.messages.append(json.loads(body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def down(self) -> None:
        """Stop listening; connections are refused."""
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver that is up, and down at the end."""
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.down()
