"""A DL/T 645-2007 meter that listens on TCP, with the faults that lines really have."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ingestion.connectors.dlt645_frame import Frame, Splitter, decode, encode

ADDRESS = "071801024091"


@dataclass
class Meter:
    """``items``: payload bytes (low first) by data id. ``faults``: one per answer, from the front.

    Faults: cut (half the frame, then the connection breaks), bits (the frame byte by byte, after FE FE FE FE
    and the echo of the question), checksum, silence, other (another meter answers).
    """

    items: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    port: int = 0
    questions: list[str] = field(default_factory=list)

    def energy(self, item: str, kwh: str) -> None:
        """Set a register of XXXXXX.XX kWh."""
        self.items[item] = bytes.fromhex(kwh.replace(".", "").zfill(8))[::-1]

    def moment(self, item: str, digits: str) -> None:
        """Set a moment YYMMDDhhmm."""
        self.items[item] = bytes.fromhex(digits)[::-1]

    def freeze(self, back: int, digits: str, kwh: str) -> None:
        """Set one daily freeze of forward active energy: total and four tariff registers."""
        self.moment(f"050600{back:02X}", digits)
        self.energy(f"050601{back:02X}", kwh)
        self.items[f"050601{back:02X}"] += bytes(16)

    def answer(self, question: Frame) -> bytes:
        """The meter's answer, refusals (no such data) included."""
        data = question.data[:4]
        payload = self.items.get(str(question.item))
        if payload is None:
            return encode(Frame(ADDRESS, 0xD1, b"\x02"))
        return encode(Frame(ADDRESS, 0x91, data + payload))


@contextmanager
def running(meter: Meter) -> Iterator[Meter]:
    """Serve the meter on a free port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            splitter = Splitter()
            while chunk := self.request.recv(256):
                for raw in splitter.feed(chunk):
                    question = decode(raw)
                    meter.questions.append(str(question.item))
                    if not self.reply(raw, meter.answer(question)):
                        return

        def reply(self, question: bytes, answer: bytes) -> bool:
            fault = meter.faults.pop(0) if meter.faults else ""
            if fault == "cut":
                self.request.sendall(answer[: len(answer) // 2])
                return False
            if fault == "bits":
                for byte in question + b"\xfe" * 4 + answer:
                    self.request.sendall(bytes([byte]))
                    time.sleep(0.001)
                return True
            if fault == "checksum":
                answer = answer[:-2] + bytes([answer[-2] ^ 1]) + answer[-1:]
            if fault == "other":
                frame = decode(answer)
                answer = encode(Frame("000000000161", frame.control, frame.data))
            if fault != "silence":
                self.request.sendall(answer)
            return True

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """A caller that hangs up is no fault of the meter."""

    with Server(("127.0.0.1", meter.port), Handler) as server:
        meter.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield meter
        finally:
            server.shutdown()
            thread.join()
