"""Connector ``modbus_tcp``: registers of meters and gateways, polled over Modbus TCP.

A register map in the settings says where a value is, how its words stand and what one unit of it is.
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable, Generator
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Literal, Self

from pydantic import Field, model_validator
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException
from tenacity import Retrying, before_sleep_log, retry_if_exception_type, stop_after_attempt, wait_exponential

from ingestion.connectors.readings import Parcel, Record, Unreadable, delivery_of, reading
from ingestion.connectors.settings import Channel, ConnectorSettings, Kind, Port, StrictModel
from ingestion.feeds.columns import CHINA

_LOG = logging.getLogger(__name__)
_TYPES = {
    "uint16": ModbusTcpClient.DATATYPE.UINT16,
    "uint32": ModbusTcpClient.DATATYPE.UINT32,
    "uint64": ModbusTcpClient.DATATYPE.UINT64,
    "float32": ModbusTcpClient.DATATYPE.FLOAT32,
    "float64": ModbusTcpClient.DATATYPE.FLOAT64,
}
_STEPS = {"register_kwh": Decimal("0.01"), "max_demand_kw": Decimal("0.0001"), "max_demand_at": Decimal(1)}


class Register(StrictModel):
    """One value of the map.

    ``quantity`` is the feed's column; registers of one point, channel and kind make one record.
    ``max_demand_at`` is in seconds since 1970-01-01 UTC. ``address`` counts from 0 (40001 in a manual is 0).
    ``words: little`` = low word first. ``kwh_per_unit`` or ``kw_per_unit`` is what one unit of the register
    is. A ``daily_freeze`` or ``monthly_freeze`` register holds what it froze at the last midnight, or on the
    first of the month.
    """

    metering_point_id: str = Field(min_length=1)
    channel: Channel
    kind: Kind
    quantity: Literal["register_kwh", "max_demand_kw", "max_demand_at"] = "register_kwh"
    address: int = Field(ge=0, le=65_535)
    type: Literal["uint16", "uint32", "uint64", "float32", "float64"]
    words: Literal["big", "little"] = "big"
    table: Literal["holding", "input"] = "holding"
    kwh_per_unit: Decimal = Field(default=Decimal(1), gt=0)
    kw_per_unit: Decimal = Field(default=Decimal(1), gt=0)

    @property
    def record_key(self) -> tuple[str, str, str]:
        """What its record is about."""
        return self.metering_point_id, self.channel, self.kind

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        """Refuse the unit of another quantity, which would be taken for this one's."""
        for unit, quantity in (("kwh_per_unit", "register_kwh"), ("kw_per_unit", "max_demand_kw")):
            if unit in self.model_fields_set and self.quantity != quantity:
                raise ValueError(f"{unit} is for quantity {quantity}, not for {self.quantity}")
        return self


class ModbusTcpSettings(ConnectorSettings):
    """Settings of the connector: one peer, one unit."""

    connector: Literal["modbus_tcp"]
    host: str = Field(min_length=1)
    port: Port = 502
    unit: int = Field(default=1, ge=0, le=255)
    registers: tuple[Register, ...] = Field(min_length=1)
    timeout_s: float = Field(default=3, gt=0, le=60)
    attempts: int = Field(default=3, ge=1, le=10)
    pause_s: float = Field(default=0.5, ge=0, le=30)

    @model_validator(mode="after")
    def _values_are_there_once(self) -> Self:
        """Refuse a map in which two registers give the same value of one record."""
        seen = Counter((*register.record_key, register.quantity) for register in self.registers)
        for value, count in seen.items():
            if count > 1:
                raise ValueError(f"registers: {', '.join(value)} is there {count} times")
        return self

    def build(self) -> ModbusTcp:
        """The connector."""
        return ModbusTcp(self)


class Refused(RuntimeError):
    """The peer answers that it will not, or cannot, give a register."""


class ModbusTcp:
    """See the module."""

    def __init__(self, settings: ModbusTcpSettings, now: Callable[[], datetime] | None = None) -> None:
        """``now`` is the moment of a live reading (tests replace it)."""
        self.name = settings.name
        self._settings = settings
        self._now = now or (lambda: datetime.now(CHINA).replace(microsecond=0))
        self._retrying = Retrying(
            stop=stop_after_attempt(settings.attempts),
            wait=wait_exponential(multiplier=settings.pause_s, max=30),
            retry=retry_if_exception_type((OSError, ModbusException)),
            before_sleep=before_sleep_log(_LOG, logging.INFO),
            reraise=True,
        )

    def poll(self) -> Generator[Parcel, None, None]:
        """One delivery with one record per register; a register that the peer refuses is an unreadable one.

        Raises OSError or ModbusException when the peer stays out of reach: nothing of that poll is delivered.
        """
        settings = self._settings
        # the library's own retries reuse a broken connection; ours begin with a new one
        client = ModbusTcpClient(settings.host, port=settings.port, timeout=settings.timeout_s, retries=0)
        try:
            records = self._records(client)
        finally:
            client.close()  # type: ignore[no-untyped-call]
        yield Parcel(delivery_of(records, self.name, self.name), lambda: None)

    def _records(self, client: ModbusTcpClient) -> list[Record | Unreadable]:
        """One record per point, channel and kind, read at the moment of its first register."""
        records: dict[tuple[str, str, str], dict[str, object]] = {}
        unreadable: list[Record | Unreadable] = []
        for register in self._settings.registers:
            value = self._retrying(self._value, client, register)
            if isinstance(value, Unreadable):
                unreadable.append(value)
                continue
            key = register.record_key
            record = records.setdefault(key, reading(*key[:2], _moment(key[2], self._now()), key[2]))
            record[register.quantity] = value
        return [*records.values(), *unreadable]

    def _value(self, client: ModbusTcpClient, register: Register) -> Decimal | str | Unreadable | None:
        """Read one register; any failure closes the connection."""
        where = f"{register.metering_point_id} {register.channel} {register.quantity}"
        try:
            words = self._words(client, register)
        except Refused as refused:
            return Unreadable(f"{where}: {refused}")
        except (OSError, ModbusException):
            client.close()  # type: ignore[no-untyped-call]
            raise
        try:
            number = number_of(words, register)
            return number if register.quantity != "max_demand_at" else _instant(number)
        except ValueError as error:
            shown = " ".join(f"{word:04X}" for word in words)
            return Unreadable(f"{where}: {error} [{shown}]")

    def _words(self, client: ModbusTcpClient, register: Register) -> list[int]:
        """Words of one register."""
        settings = self._settings
        if not client.connected and not client.connect():  # type: ignore[no-untyped-call]
            raise ConnectionError(f"{self.name}: {settings.host}:{settings.port} cannot be reached")
        read = client.read_holding_registers if register.table == "holding" else client.read_input_registers
        count = _TYPES[register.type].value[1]
        answer = read(register.address, count=count, device_id=settings.unit)
        if answer.isError():
            raise Refused(f"register {register.address} of unit {settings.unit} is refused ({answer})")
        if len(answer.registers) != count:
            raise ConnectionError(f"{self.name}: {len(answer.registers)} words came, {count} were asked for")
        return list(answer.registers)


def number_of(words: list[int], register: Register) -> Decimal:
    """Register in kWh (2 decimals), kW (4) or seconds, half even. Raises ValueError for no such number."""
    raw = ModbusTcpClient.convert_from_registers(words, _TYPES[register.type], word_order=register.words)
    if isinstance(raw, float):
        if not math.isfinite(raw):
            raise ValueError(f"register {register.address} holds {raw}, which is no number")
        # a float32 carries 7 digits: its shortest text is what the meter meant
        number = Decimal(f"{raw:.7g}" if register.type == "float32" else repr(raw))
    else:
        number = Decimal(str(raw))
    try:
        return (number * register.kwh_per_unit * register.kw_per_unit).quantize(
            _STEPS[register.quantity], ROUND_HALF_EVEN
        )
    except InvalidOperation:
        raise ValueError(f"register {register.address} holds {raw}, which no meter counts to") from None


def _instant(seconds: Decimal) -> str | None:
    """Moment of a number of seconds since 1970-01-01 UTC, in UTC+8; None for 0, which is no moment yet."""
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(int(seconds), CHINA).isoformat()
    except (OverflowError, OSError, ValueError):
        raise ValueError(f"{seconds} seconds is no moment") from None


def _moment(kind: str, now: datetime) -> datetime:
    """Moment of a reading: now, or when the meter froze it (UTC+8)."""
    if kind == "live":
        return now
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(day=1) if kind == "monthly_freeze" else midnight
