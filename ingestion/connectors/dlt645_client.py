"""Ask meters over TCP (a meter's own port, or a serial gateway): one question, one checked answer.

An answer that fails a check, a broken connection and silence are asked again on a new connection.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from tenacity import Retrying, before_sleep_log, retry_if_exception, stop_after_attempt, wait_exponential

from ingestion.connectors.dlt645_frame import ANY_METER, Frame, FrameError, Splitter, decode, read_request

_LOG = logging.getLogger(__name__)
# asking again cannot change these
FINAL = frozenset(("METER_REFUSED", "DLT645_1997", "UNKNOWN_ITEM", "BAD_ADDRESS"))
_CHUNK = 4096
T = TypeVar("T")


class MeterClient:
    """One TCP peer, connected when first asked. Use as a context manager."""

    def __init__(self, host: str, port: int, timeout_s: float, attempts: int, pause_s: float = 0.5) -> None:
        """``timeout_s`` bounds one answer; ``pause_s``: wait before the second question, then doubled."""
        self._peer = (host, port)
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None
        self._retrying = Retrying(
            stop=stop_after_attempt(attempts),
            wait=wait_exponential(multiplier=pause_s, max=30),
            retry=retry_if_exception(_is_worth_asking_again),
            before_sleep=before_sleep_log(_LOG, logging.INFO),
            reraise=True,
        )

    def __enter__(self) -> MeterClient:
        """Nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._close()

    def ask(self, address: str, item: str, understand: Callable[[bytes], T]) -> T:
        """Read one data id of one meter; ``understand`` turns its payload into a value.

        Raises FrameError when the answer stays wrong, OSError when the meter stays out of reach.
        """
        value: T = self._retrying(self._ask_once, address, item, understand)
        return value

    def _ask_once(self, address: str, item: str, understand: Callable[[bytes], T]) -> T:
        """One question; any failure closes the connection, so that a late answer cannot be mistaken."""
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._peer, self._timeout_s)
            self._socket.sendall(read_request(address, item))
            return understand(self._answer(self._socket, address, item).payload)
        except (OSError, FrameError):
            self._close()
            raise

    def _answer(self, connection: socket.socket, address: str, item: str) -> Frame:
        """First frame of the meter that answers the question; echoes of questions are passed over."""
        splitter = Splitter()
        deadline = time.monotonic() + self._timeout_s
        while True:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                chunk = connection.recv(_CHUNK)
            except TimeoutError:
                if splitter.rest:
                    raise FrameError(
                        "BAD_LENGTH", f"the frame is not complete after {self._timeout_s} s", splitter.rest
                    ) from None
                raise TimeoutError(f"meter {address} at {self._peer} gave no answer to {item}") from None
            if not chunk:
                raise ConnectionError(f"meter {address} at {self._peer} broke the connection off")
            for raw in splitter.feed(chunk):
                frame = decode(raw)
                if frame.is_answer:
                    return _checked(frame, raw, address, item)

    def _close(self) -> None:
        """Forget the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _checked(frame: Frame, raw: bytes, address: str, item: str) -> Frame:
    """The frame, if it answers this question."""
    if address != ANY_METER and frame.address != address:
        raise FrameError("WRONG_REPLY", f"meter {frame.address} answers, {address} was asked", raw)
    if frame.is_refusal:
        raise FrameError("METER_REFUSED", f"meter {frame.address} refuses data id {item}", raw)
    if frame.item != item:
        raise FrameError("WRONG_REPLY", f"the answer is to data id {frame.item}, asked was {item}", raw)
    return frame


def _is_worth_asking_again(error: BaseException) -> bool:
    """False for what the meter will say again."""
    if isinstance(error, FrameError):
        return error.code not in FINAL
    return isinstance(error, OSError)
