"""An energy management system: its OpenAPI document, and a server that holds itself and its callers to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Reference energy management system", "version": "1"},
    "paths": {
        "/oauth/token": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {"required": ["grant_type", "client_id", "client_secret"]}
                        }
                    }
                },
                "responses": {"200": {}, "401": {}},
            }
        },
        "/v1/readings": {
            "get": {
                "security": [{"bearer": []}],
                "parameters": [
                    {"name": "after", "in": "query", "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 1000}},
                ],
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}
                    },
                    "401": {},
                    "429": {"headers": {"Retry-After": {"schema": {"type": "integer"}}}},
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "required": ["readings", "next_cursor"],
                "properties": {
                    "readings": {"type": "array", "items": {"$ref": "#/components/schemas/Reading"}},
                    "next_cursor": {"type": ["string", "null"]},
                },
            },
            "Reading": {
                "type": "object",
                "required": ["point", "quantity", "read_at", "value"],
                "properties": {
                    "point": {"type": "string"},
                    "quantity": {"enum": ["EP+", "EP-"]},
                    "read_at": {"type": "string", "format": "date-time"},
                    "value": {"type": "number"},
                },
            },
        }
    },
}


@dataclass
class Ems:
    """``faults``: one per answer to a request for readings, from the front.

    Faults: cut (half the body, then the connection breaks), busy (429, Retry-After 0), error (503), expired
    (the token is no longer good), nonsense (200 that is not JSON).
    """

    readings: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    page_limit: int = 3
    port: int = 0
    tokens: int = 0
    asked: list[str | None] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def reading(hour: int, value: float) -> dict[str, Any]:
    stamp = f"2026-11-{1 + hour // 24:02d}T{hour % 24:02d}:00:00+08:00"
    return {"point": "MP1", "quantity": "EP+", "read_at": stamp, "value": value}


@contextmanager
def running(ems: Ems) -> Iterator[Ems]:
    """Serve on a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def answer(self, status: int, body: bytes, cut: bool = False, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if cut else body)
            self.close_connection = cut

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if self.path != "/oauth/token" or form.get("client_secret") != ["s3cret"]:
                return self.answer(401, b"{}")
            ems.tokens += 1
            return self.answer(200, json.dumps({"access_token": f"token-{ems.tokens}"}).encode())

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/openapi.json":
                return self.answer(200, json.dumps(OPENAPI).encode())
            if parts.path not in OPENAPI["paths"] or "get" not in OPENAPI["paths"][parts.path]:
                return self.answer(404, b"{}")
            params = parse_qs(parts.query)
            known = {one["name"] for one in OPENAPI["paths"][parts.path]["get"]["parameters"]}
            ems.violations += [f"unknown parameter {name}" for name in params.keys() - known]
            fault = ems.faults.pop(0) if ems.faults else ""
            if fault == "expired" or self.headers["Authorization"] != f"Bearer token-{ems.tokens}":
                ems.tokens += 1
                return self.answer(401, b"{}")
            if fault == "busy":
                return self.answer(429, b"{}", Retry_After="0")
            if fault == "error":
                return self.answer(503, b"{}")
            if fault == "nonsense":
                return self.answer(200, b"<html>")
            after = params.get("after", [None])[0]
            ems.asked.append(after)
            start = int(after or 0)
            page = ems.readings[start : start + min(int(params["limit"][0]), ems.page_limit)]
            body = {"readings": page, "next_cursor": str(start + len(page)) if page else None}
            return self.answer(200, json.dumps(body).encode(), cut=fault == "cut")

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            """A caller that hangs up is no fault of the source."""

    server = Server(("127.0.0.1", ems.port), Handler)
    server.daemon_threads = True
    ems.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield ems
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
