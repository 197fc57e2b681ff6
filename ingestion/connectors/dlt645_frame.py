"""DL/T 645-2007 frames: bytes to checked frames and back, and the splitter for a stream that arrives in bits.

Frame: 68 | address, 6 bytes BCD, low byte first | 68 | control | length L | L data bytes, each + 33H |
checksum = sum of all before, mod 256 | 16; up to four FE may come first. Frames of the 1997 edition look the
same but for their control codes and two-byte data ids, so they are refused by name, not misread.
"""

from __future__ import annotations

from dataclasses import dataclass

START, END, WAKE = 0x68, 0x16, 0xFE
OFFSET = 0x33
HEAD, TAIL = 10, 2  # bytes before the data (68 … length) and after it (checksum, 16)
READ, READ_MORE, READ_ADDRESS = 0x11, 0x12, 0x13
ANSWER, MORE_FOLLOWS, REFUSED = 0x80, 0x20, 0x40  # bits of the control byte
MAX_DATA = 200  # the standard's limit of the data field of a read
ANY_METER = "AAAAAAAAAAAA"
_FUNCTIONS_2007 = frozenset((0x08, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B))
_FUNCTIONS_1997 = frozenset((0x01, 0x02, 0x03, 0x04, 0x0A, 0x0C, 0x0F, 0x10))


class FrameError(ValueError):
    """A frame that must not be believed. ``code`` is for machines; the message shows the frame.

    Codes: NOT_A_FRAME, BAD_LENGTH, BAD_CHECKSUM, BAD_END, DLT645_1997, UNKNOWN_CONTROL, BAD_ADDRESS, and of
    the data BAD_BCD, BAD_DATA_LENGTH, UNKNOWN_ITEM, WRONG_REPLY, METER_REFUSED.
    """

    def __init__(self, code: str, problem: str, raw: bytes = b"") -> None:
        """Keep the code; ``raw`` is shown in hexadecimal."""
        shown = f" [{raw.hex(' ').upper()}]" if raw else ""
        super().__init__(f"{code}: {problem}{shown}")
        self.code = code


@dataclass(frozen=True)
class Frame:
    """A checked 2007 frame: ``address`` as printed on the meter, ``data`` without the 33H offset."""

    address: str
    control: int
    data: bytes

    @property
    def is_answer(self) -> bool:
        """True when the meter speaks."""
        return bool(self.control & ANSWER)

    @property
    def is_refusal(self) -> bool:
        """True for the meter's error answer."""
        return bool(self.control & REFUSED)

    @property
    def item(self) -> str | None:
        """Data id as the standard prints it (``00010000``), None when the frame carries none."""
        function = self.control & 0x1F
        if function in (READ, READ_MORE) and not self.is_refusal and len(self.data) >= 4:
            return self.data[3::-1].hex().upper()
        return None

    @property
    def payload(self) -> bytes:
        """Data after the data id."""
        return self.data[4:] if self.item else self.data


def encode(frame: Frame) -> bytes:
    """Bytes of a frame. Raises FrameError when address, control or length cannot be sent."""
    if len(frame.data) > MAX_DATA:
        raise FrameError("BAD_LENGTH", f"{len(frame.data)} data bytes do not fit; at most {MAX_DATA}")
    _check_control(frame.control, b"")
    body = bytes([START]) + _address_bytes(frame.address) + bytes([START, frame.control, len(frame.data)])
    body += bytes((byte + OFFSET) & 0xFF for byte in frame.data)
    return body + bytes([sum(body) & 0xFF, END])


def read_request(address: str, item: str) -> bytes:
    """Frame that asks one meter for one data id.

    >>> read_request("071801024091", "00010000").hex(" ").upper()
    '68 91 40 02 01 18 07 68 11 04 33 33 34 33 A5 16'
    """
    data = bytes.fromhex(item)
    if len(data) != 4:
        raise FrameError("UNKNOWN_ITEM", f"data id {item!r} is not 8 hexadecimal digits")
    return encode(Frame(address, READ, data[::-1]))


def decode(raw: bytes) -> Frame:
    """Frame of exactly these bytes (leading FE allowed), every check done. Raises FrameError."""
    body = raw.lstrip(bytes([WAKE]))
    if len(body) < HEAD or body[0] != START or body[7] != START:
        raise FrameError("NOT_A_FRAME", "does not begin with 68, six address bytes and 68", raw)
    length = body[9]
    if len(body) != HEAD + length + TAIL:
        raise FrameError(
            "BAD_LENGTH", f"length field {length} does not fit a frame of {len(body)} bytes", raw
        )
    if body[-1] != END:
        raise FrameError("BAD_END", f"ends in {body[-1]:02X}, not in 16", raw)
    expected = sum(body[:-TAIL]) & 0xFF
    if body[-TAIL] != expected:
        raise FrameError("BAD_CHECKSUM", f"checksum is {body[-TAIL]:02X}, should be {expected:02X}", raw)
    _check_control(body[8], raw)
    address = body[6:0:-1].hex().upper()
    _address_bytes(address)
    return Frame(address, body[8], bytes((byte - OFFSET) & 0xFF for byte in body[HEAD:-TAIL]))


class Splitter:
    """Cuts a byte stream into frames; bytes that can start no frame are dropped.

    Holds at most one incomplete frame (267 bytes), whatever the peer sends.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._buffer = b""

    @property
    def rest(self) -> bytes:
        """Bytes of the frame that is not complete yet."""
        return self._buffer

    def feed(self, chunk: bytes) -> list[bytes]:
        """Frames (unchecked but for their two 68) that are complete with this chunk."""
        self._buffer += chunk
        frames: list[bytes] = []
        while True:
            self._buffer = self._buffer[self._start() :]
            if len(self._buffer) < HEAD:
                return frames
            size = HEAD + self._buffer[9] + TAIL
            if len(self._buffer) < size:
                return frames
            frames.append(self._buffer[:size])
            self._buffer = self._buffer[size:]

    def _start(self) -> int:
        """Position of the first byte that may start a frame."""
        position = self._buffer.find(START)
        while position >= 0:
            second = position + 7
            if second >= len(self._buffer) or self._buffer[second] == START:
                return position
            position = self._buffer.find(START, position + 1)
        return len(self._buffer)


def _address_bytes(address: str) -> bytes:
    """Six bytes, low first. The address is 12 digits; A stands for "any digit"."""
    if len(address) != 12 or not set(address) <= set("0123456789A"):
        raise FrameError("BAD_ADDRESS", f"meter address {address!r} is not 12 digits")
    return bytes.fromhex(address)[::-1]


def _check_control(control: int, raw: bytes) -> None:
    """Refuse what is not of the 2007 edition."""
    function = control & 0x1F
    if function in _FUNCTIONS_1997:
        raise FrameError(
            "DLT645_1997",
            f"control {control:02X} is of DL/T 645-1997, which is not read here; replace or re-map the meter",
            raw,
        )
    if function not in _FUNCTIONS_2007:
        raise FrameError("UNKNOWN_CONTROL", f"control {control:02X} is not of DL/T 645-2007", raw)
