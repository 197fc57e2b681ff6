"""Connector ``dlt645``: daily freezes, live registers and maximum demand of DL/T 645-2007 meters over TCP.

A meter keeps its last 62 daily freezes; after an outage the missing ones are read, oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ingestion.connectors.checkpoint import Checkpoint
from ingestion.connectors.dlt645_client import FINAL, MeterClient
from ingestion.connectors.dlt645_frame import FrameError
from ingestion.connectors.dlt645_items import (
    MAX_FREEZES,
    Value,
    demand_item,
    energy_item,
    freeze_item,
    freeze_time_item,
    moment_of,
    value_of,
)
from ingestion.connectors.readings import Parcel, Record, Unreadable, delivery_of, reading
from ingestion.connectors.settings import Channel, ConnectorSettings, Port, StrictModel
from ingestion.feeds.columns import CHINA
from ingestion.feeds.register_reading import LIVE


class Meter(StrictModel):
    """One meter and the metering point it counts."""

    host: str = Field(min_length=1)
    port: Port
    address: Annotated[str, Field(pattern=r"^\d{12}$", description="12 digits, as printed on the meter")]
    metering_point_id: str = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(default=("active_import",), min_length=1)


class Dlt645Settings(ConnectorSettings):
    """Settings of the connector."""

    connector: Literal["dlt645"]
    every_s: float = Field(default=900, ge=0.1, le=86_400)
    meters: tuple[Meter, ...] = Field(min_length=1)
    read: tuple[Literal["daily_freeze", "live", "max_demand"], ...] = Field(
        default=("daily_freeze",),
        min_length=1,
        description="max_demand: this month's maximum demand with its moment, in the live record",
    )
    backfill_days: int = Field(default=7, ge=1, le=MAX_FREEZES)
    timeout_s: float = Field(default=5, gt=0, le=60)
    attempts: int = Field(default=3, ge=1, le=10)
    pause_s: float = Field(default=0.5, ge=0, le=30)
    checkpoint: Path

    def build(self) -> Dlt645:
        """The connector."""
        return Dlt645(self)


@dataclass
class _Readings:
    """Readings of one meter; ``through``: the moment up to which no freeze is left to read.

    ``may_still_come``: an answer was unreadable, but asking again later may help.
    """

    records: list[Record | Unreadable] = field(default_factory=list)
    through: datetime | None = None
    may_still_come: bool = False

    def add(self, record: Record | Unreadable) -> None:
        """Take one record in."""
        self.records.append(record)


class Dlt645:
    """See the module."""

    def __init__(self, settings: Dlt645Settings, now: Callable[[], datetime] | None = None) -> None:
        """``now`` is the moment of a live reading (tests replace it)."""
        self.name = settings.name
        self._settings = settings
        self._checkpoint = Checkpoint(settings.checkpoint)
        self._now = now or (lambda: datetime.now(CHINA).replace(microsecond=0))

    def poll(self) -> Generator[Parcel, None, None]:
        """One delivery of freezes and one of live registers per meter.

        A meter out of reach stops no other one. Raises ConnectionError at the end, naming those meters.
        """
        settings = self._settings
        absent: list[str] = []
        for meter in settings.meters:
            with MeterClient(
                meter.host, meter.port, settings.timeout_s, settings.attempts, settings.pause_s
            ) as client:
                try:
                    if "daily_freeze" in settings.read:
                        yield from self._freeze_parcel(client, meter)
                    if "live" in settings.read or "max_demand" in settings.read:
                        yield from self._live_parcel(client, meter)
                except OSError as error:
                    absent.append(f"meter {meter.address} at {meter.host}:{meter.port}: {error}")
        if absent:
            raise ConnectionError(
                f"{'; '.join(absent)}. Remedy: check host, port, address and the line; the meter keeps its "
                "freezes and is asked again at the next poll."
            )

    def _freeze_parcel(self, client: MeterClient, meter: Meter) -> Iterator[Parcel]:
        """Freezes since the last poll."""
        freezes = self._freezes(client, meter)
        if not freezes.records:
            return

        def remember() -> None:
            if freezes.through is not None:
                position = self._checkpoint.read()
                self._checkpoint.write(position | {meter.metering_point_id: freezes.through.isoformat()})

        name = f"{self.name}-{meter.address}-daily_freeze"
        yield Parcel(delivery_of(freezes.records, name, self.name), remember)

    def _freezes(self, client: MeterClient, meter: Meter) -> _Readings:
        """Freezes after the checkpoint, oldest first."""
        known = self._checkpoint.read().get(meter.metering_point_id)
        after = datetime.fromisoformat(known) if known else None
        moments: list[tuple[int, datetime]] = []
        freezes = _Readings()
        try:
            for back in range(1, self._settings.backfill_days + 1):
                moment = _moment(client, meter, back)
                if moment is None or (after and moment <= after):
                    break
                moments.append((back, moment))
            for back, moment in reversed(moments):
                for channel in meter.channels:
                    value = self._value(client, meter, channel, freeze_item(channel, back), freezes)
                    if value:
                        freezes.add(
                            reading(meter.metering_point_id, channel, moment, "daily_freeze", value.number)
                        )
                if not freezes.may_still_come:
                    freezes.through = moment
            if moments and _moment(client, meter, 1) != moments[0][1]:
                raise ConnectionError("the meter froze anew while it was read")
        except FrameError as error:
            return _Readings([_unreadable(meter, "moment of the daily freeze", error)])
        return freezes

    def _live_parcel(self, client: MeterClient, meter: Meter) -> Iterator[Parcel]:
        """Present register and this month's maximum demand of each channel, one record for both."""
        live = _Readings()
        for channel in meter.channels:
            register = demand = None
            if "live" in self._settings.read:
                register = self._value(client, meter, channel, energy_item(channel), live)
            moment = self._now()
            if "max_demand" in self._settings.read:
                demand = self._value(client, meter, channel, demand_item(channel), live)
            if register or demand:
                live.add(
                    reading(
                        meter.metering_point_id,
                        channel,
                        moment,
                        LIVE,
                        register.number if register else None,
                        demand.number if demand else None,
                        demand.occurred_at if demand else None,
                    )
                )
        name = f"{self.name}-{meter.address}-live"
        yield Parcel(delivery_of(live.records, name, self.name), lambda: None)

    def _value(
        self, client: MeterClient, meter: Meter, channel: str, item: str, to: _Readings
    ) -> Value | None:
        """Read one item; what stays unreadable is a record of its own in ``to``."""
        try:
            return client.ask(meter.address, item, lambda payload: value_of(item, payload))
        except FrameError as error:
            to.add(_unreadable(meter, f"{channel} {item}", error))
            to.may_still_come |= error.code not in FINAL
            return None


def _moment(client: MeterClient, meter: Meter, back: int) -> datetime | None:
    """Moment of a daily freeze; None when the meter has no more."""
    try:
        return client.ask(meter.address, freeze_time_item(back), moment_of)
    except FrameError as error:
        if back > 1 and error.code == "METER_REFUSED":
            return None
        raise


def _unreadable(meter: Meter, what: str, error: FrameError) -> Unreadable:
    """The refused answer as a record of its own, for quarantine."""
    return Unreadable(f"{meter.metering_point_id} meter {meter.address} {what}: {error}")
