"""A Modbus TCP server of pymodbus in its own thread, and a line to it that can be cut."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice


@contextmanager
def serving(values: list[SimData]) -> Iterator[int]:
    """Serve one unit (1) with these registers; yields the port."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    state: dict[str, ModbusTcpServer] = {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])

    async def serve() -> None:
        server = ModbusTcpServer(SimDevice(1, values), address=("127.0.0.1", port))
        await server.serve_forever(background=True)
        state["server"] = server
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(state["server"].shutdown(), loop).result(10)  # type: ignore[no-untyped-call]
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def registers(address: int, *words: int) -> SimData:
    """Words at an address."""
    return SimData(address, values=list(words), datatype=DataType.REGISTERS)


@dataclass
class Line:
    """A line to ``target``; ``cuts``: after how many bytes of answers a connection breaks (None = never)."""

    target: int
    cuts: list[int | None] = field(default_factory=list)
    connections: int = 0


@contextmanager
def line(one: Line) -> Iterator[int]:
    """Forward one connection after the other; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def forward(source: socket.socket, target: socket.socket, left: int | None) -> None:
        try:
            while chunk := source.recv(4096):
                piece = chunk if left is None else chunk[:left]
                target.sendall(piece)
                if left is not None:
                    left -= len(piece)
                    if left <= 0:
                        break
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            one.connections += 1
            far = socket.create_connection(("127.0.0.1", one.target))
            cut = one.cuts.pop(0) if one.cuts else None
            threading.Thread(target=forward, args=(near, far, None), daemon=True).start()
            threading.Thread(target=forward, args=(far, near, cut), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
