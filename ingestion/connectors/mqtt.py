"""Connector ``mqtt``: readings that meters or gateways publish, QoS 1 in a persistent session.

A message is acknowledged after its batch has been committed, and the broker sends no more than
``receive_maximum`` unacknowledged messages: it keeps the rest. That is why paho-mqtt is used directly:
aiomqtt, built on it, acknowledges on receipt and drops what its queue cannot hold.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import Field

from ingestion.connectors.mapping import MappedSettings
from ingestion.connectors.readings import Parcel, delivery_of, record_of_json
from ingestion.connectors.settings import Port, secret

_LOG = logging.getLogger(__name__)
_DAY_S = 86_400.0
_LOOK_S = 0.25  # how often a waiting session looks whether it is to stop, or lost


class MqttSettings(MappedSettings):
    """Settings of the connector. ``client_id`` names the session at the broker: one connector, one id."""

    connector: Literal["mqtt"]
    every_s: float = Field(default=1, ge=0.1, le=86_400)
    host: str = Field(min_length=1)
    port: Port = 8883
    tls: bool = True
    client_id: str = Field(min_length=1)
    username: str | None = None
    password_env: str | None = None
    topics: tuple[str, ...] = Field(min_length=1)
    batch_size: int = Field(default=1000, ge=1, le=50_000)
    receive_maximum: int = Field(default=1000, ge=1, le=65_535)
    timeout_s: float = Field(default=10, gt=0, le=60)
    linger_s: float = Field(default=0.1, gt=0, le=10)
    idle_s: float = Field(default=5, gt=0, le=3600)
    listen_s: float = Field(default=60, gt=0, le=86_400)
    session_days: int = Field(default=7, ge=1, le=365)
    reconnect_s: int = Field(default=1, ge=1, le=60)

    def build(self) -> Mqtt:
        """The connector; a call of it ends when nothing comes."""
        return Mqtt(self)

    def build_watching(self, stop: threading.Event) -> Mqtt:
        """The connector in one session after the other of a day each, until ``stop``."""
        return Mqtt(self.model_copy(update={"idle_s": _DAY_S, "listen_s": _DAY_S}), stop)


class MqttRefused(RuntimeError):
    """The broker does not let the connector in, or not to its topics."""


@dataclass(frozen=True)
class _Received:
    """A message and the connection it came by: on another one its number means another message."""

    connection: int
    message: MQTTMessage


class Mqtt:
    """See the module."""

    def __init__(self, settings: MqttSettings, stop: threading.Event | None = None) -> None:
        """Connect to nothing yet. ``stop`` ends a poll that waits."""
        self.name = settings.name
        self._settings = settings
        self._stop = stop or threading.Event()

    def poll(self) -> Generator[Parcel, None, None]:
        """One delivery per ``batch_size`` messages or pause of ``linger_s``.

        Ends after ``listen_s``, or when nothing has come for ``idle_s``. Raises OSError when the broker
        cannot be reached at first, or is gone for ``timeout_s`` (shorter breaks are mended), MqttRefused
        when it says no.
        """
        session = _Session(self._settings, self._stop)
        try:
            session.open()
            end = time.monotonic() + self._settings.listen_s
            number = 0
            while time.monotonic() < end and not session.is_spent:
                batch = session.batch()
                if not batch:
                    return
                number += 1
                records = [self._settings.record(record_of_json(bytes(one.message.payload))) for one in batch]
                name = f"{self.name}-{number}"
                yield Parcel(delivery_of(records, name, self.name), partial(session.acknowledge, batch))
        finally:
            session.close()


class _Session:
    """One connection after the other to the broker, all in the same MQTT session."""

    def __init__(self, settings: MqttSettings, stop: threading.Event) -> None:
        """Make the client; nothing is opened yet."""
        self._settings = settings
        self._stop = stop
        self._lost_at: float | None = None
        self._queue: queue.Queue[_Received] = queue.Queue(settings.receive_maximum)
        self._connection = 0
        self._refused: str | None = None
        self._answered = threading.Event()  # subscribed, or refused
        self._overflowed = False
        client = Client(
            CallbackAPIVersion.VERSION2,
            settings.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        client.reconnect_delay_set(settings.reconnect_s, max(settings.reconnect_s, 30))
        if settings.tls:
            client.tls_set()
        if settings.username:
            password = secret(settings.password_env) if settings.password_env else None
            client.username_pw_set(settings.username, password)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        self._client = client

    @property
    def is_spent(self) -> bool:
        """True when a message had no room and all before it are taken: only a new connection brings it."""
        return self._overflowed and self._queue.empty()

    def open(self) -> None:
        """Connect and resume the session."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._settings.session_days * 86_400
        properties.ReceiveMaximum = self._settings.receive_maximum
        self._client.connect(
            self._settings.host, self._settings.port, clean_start=False, properties=properties
        )
        self._client.loop_start()
        if not self._answered.wait(self._settings.timeout_s):
            raise TimeoutError(f"{self._settings.name}: broker {self._settings.host} does not answer")

    def close(self) -> None:
        """Send what is still to be sent and leave; the broker keeps the session."""
        self._client.disconnect()
        self._client.loop_stop()

    def batch(self) -> list[_Received]:
        """Messages that came together, at least one; none when nothing came for ``idle_s``."""
        received: list[_Received] = []
        wait_s = 0.0 if self._refused else self._settings.idle_s
        while len(received) < self._settings.batch_size:
            one = self._next(wait_s)
            if one is None:
                break
            received.append(one)
            wait_s = self._settings.linger_s
        if self._refused:
            raise MqttRefused(self._refused)
        return received

    def _next(self, wait_s: float) -> _Received | None:
        """Next message; None when nothing came for so long, or when it is time to stop."""
        end = time.monotonic() + wait_s
        while True:
            left = end - time.monotonic()
            try:
                return self._queue.get(left > 0, min(left, _LOOK_S))
            except queue.Empty:
                if left <= _LOOK_S or self._stop.is_set() or self._refused:
                    return None
            lost_at = self._lost_at
            if lost_at is not None and time.monotonic() - lost_at > self._settings.timeout_s:
                raise ConnectionError(
                    f"broker {self._settings.host}:{self._settings.port} is gone for "
                    f"{self._settings.timeout_s:g} s"
                )

    def acknowledge(self, batch: list[_Received]) -> None:
        """Tell the broker that these are safe; those of a lost connection it sends again."""
        for one in batch:
            if one.message.qos and one.connection == self._connection:
                self._client.ack(one.message.mid, one.message.qos)

    def _on_connect(
        self, client: Client, data: object, flags: ConnectFlags, reason: ReasonCode, properties: object
    ) -> None:
        """Subscribe (again: a broker that lost the session does not know the topics)."""
        self._connection += 1
        self._lost_at = None
        if reason.is_failure:
            self._refuse(f"broker {self._settings.host}:{self._settings.port} says {reason}")
            return
        _LOG.info(
            "%s: connected, session %s", self._settings.name, "resumed" if flags.session_present else "new"
        )
        client.subscribe([(topic, 1) for topic in self._settings.topics])

    def _on_disconnect(
        self, client: Client, data: object, flags: DisconnectFlags, reason: ReasonCode, properties: object
    ) -> None:
        """Note since when the broker is gone; paho connects again by itself."""
        if self._lost_at is None:
            self._lost_at = time.monotonic()
        _LOG.info("%s: disconnected (%s)", self._settings.name, reason)

    def _on_subscribe(
        self,
        client: Client,
        data: object,
        mid: int,
        reasons: list[ReasonCode],
        properties: Any,  # noqa: ANN401
    ) -> None:
        """Take note of a topic that is not allowed."""
        for topic, reason in zip(self._settings.topics, reasons, strict=True):
            if reason.is_failure:
                self._refuse(f"broker {self._settings.host} refuses topic {topic!r}: {reason}")
        self._answered.set()

    def _refuse(self, problem: str) -> None:
        """Have the poll raise instead of waiting for what cannot come."""
        self._refused = f"{self._settings.name}: {problem}. Remedy: check username, password_env and topics."
        self._answered.set()

    def _on_message(self, client: Client, data: object, message: MQTTMessage) -> None:
        """Queue a message; one without room stays with the broker, which sends it again at the next poll."""
        try:
            self._queue.put_nowait(_Received(self._connection, message))
        except queue.Full:
            self._overflowed = True
