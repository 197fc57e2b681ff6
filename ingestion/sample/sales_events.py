"""The lives of the sample's contracts (made up): who quoted, reviewed, signed and registered when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from ingestion.sample.contracts import Contract
from ingestion.sample.roster import CUSTOMERS
from ingestion.sample.writer import Cell

EVENT_HEADER = ["contract_id", "event_no", "event", "happened_on", "actor", "reason", "registration_no",
                "effective_on", "version_no", "new_contract_id", "fee_cny"]  # fmt: skip
RENEWAL_OFFERS_ON = date(2026, 10, 9)
TRADING_CENTRE = "山东电力交易中心"
LEGAL = "法务部"


@dataclass(frozen=True)
class Happening:
    """One event; ``more`` fills the columns that it needs."""

    contract_id: str
    number: int
    event: str
    happened_on: date
    actor: str
    more: dict[str, Cell] = field(default_factory=dict)

    def row(self) -> list[Cell]:
        """Cells in the order of EVENT_HEADER."""
        head: list[Cell] = [self.contract_id, self.number, self.event, self.happened_on, self.actor]
        return [*head, *(self.more.get(name) for name in EVENT_HEADER[5:])]


class _Life:
    """A contract's events, numbered as they are added."""

    def __init__(self, contract_id: str, manager: str, centre: str = TRADING_CENTRE) -> None:
        self.events: list[Happening] = []
        self._contract_id, self._manager, self._centre = contract_id, manager, centre

    def add(self, event: str, on: date, actor: str | None = None, **more: Cell) -> None:
        number = len(self.events) + 1
        who = actor or self._manager
        self.events.append(Happening(self._contract_id, number, event, on, who, more))

    def until_signed(self, signed_on: date, *, returned: bool = False) -> None:
        self.add("quoted", signed_on - timedelta(days=30))
        self.add("drafted", signed_on - timedelta(days=21))
        self.add("submitted", signed_on - timedelta(days=14))
        if returned:
            self.add("returned", signed_on - timedelta(days=11), LEGAL, reason="违约条款与客户承诺不一致")
            self.add("submitted", signed_on - timedelta(days=8))
        self.add("signed", signed_on)

    def register(self, on: date) -> None:
        self.add("registered", on, self._centre, registration_no=f"JY-{self._contract_id}")

    def refuse(self, on: date) -> None:
        self.add("registration_refused", on, self._centre, reason="户号信息与营销系统不符")


def life_of(
    contract: Contract, successor: str | None, *, changes: bool, centre: str = TRADING_CENTRE
) -> list[Happening]:
    """Events of a contract up to the cut; ``successor`` renews it, ``centre`` registers it."""
    number = contract.customer.number
    life = _Life(contract.contract_id, contract.customer.manager, centre)
    life.until_signed(contract.signed_on, returned=number % 7 == 0)
    if number % 11 == 0:
        life.refuse(contract.signed_on + timedelta(days=3))
    life.register(contract.signed_on + timedelta(days=7))
    life.add("took_effect", contract.from_on, centre)
    if changes:
        life.add("changed", date(2026, 11, 5), effective_on=date(2026, 12, 1), version_no=2)
    if successor is not None:
        life.add("renewal_offered", contract.to_on - timedelta(days=59))
        life.add("renewed", contract.to_on - timedelta(days=12), new_contract_id=successor)
    elif number % 3 == 0 and contract.to_on.year == 2026 and contract.to_on.month == 12:
        life.add("renewal_offered", RENEWAL_OFFERS_ON + timedelta(days=number % 5))
    return life.events


def lives_beside() -> list[Happening]:
    """Events of the contracts of 2025, which are over, and of those for 2027, in the pipeline."""
    return [one for life in (*_past(), *_pipeline()) for one in life.events]


def _begin(contract_id: str) -> _Life:
    return _Life(contract_id, CUSTOMERS[int(contract_id[5:8]) - 1].manager)


def _past() -> list[_Life]:
    lives = [_begin(f"SD25-{number:03d}-1") for number in (2, 9, 21)]
    for life in lives:
        life.until_signed(date(2024, 12, 12))
        life.register(date(2024, 12, 18))
        life.add("took_effect", date(2025, 1, 1), TRADING_CENTRE)
    expired, evaluated, terminated = lives
    expired.add("expired", date(2025, 12, 31))
    evaluated.add("expired", date(2025, 12, 31))
    evaluated.add("evaluated", date(2026, 1, 20))
    terminated.add(
        "terminated", date(2025, 9, 12), reason="客户停产搬迁", effective_on=date(2025, 9, 30), fee_cny=18_600
    )
    return lives


def _pipeline() -> list[_Life]:
    return [*_asking(), *_agreed()]


def _asking() -> list[_Life]:
    """Lives that have not come to a signature: quoted, drafted, in review, given up."""
    lives = []
    for number, *days in (
        (1, date(2026, 11, 6)),
        (17, date(2026, 9, 30)),
        (3, date(2026, 10, 20), date(2026, 11, 3)),
        (6, date(2026, 10, 13), date(2026, 10, 22)),
        (5, date(2026, 10, 12), date(2026, 10, 26), date(2026, 11, 4)),
        (2, date(2026, 10, 9), date(2026, 10, 19), date(2026, 10, 30)),
    ):
        life = _begin(f"SD27-{number:03d}-1")
        for event, day in zip(("quoted", "drafted", "submitted"), days, strict=False):
            life.add(event, day)
        lives.append(life)
    rewritten, cancelled = (_begin(f"SD27-{number:03d}-1") for number in (10, 13))
    rewritten.add("quoted", date(2026, 9, 29))
    rewritten.add("drafted", date(2026, 10, 12))
    rewritten.add("submitted", date(2026, 10, 27))
    rewritten.add("returned", date(2026, 11, 5), LEGAL, reason="联动比例超出规则范围")
    cancelled.add("quoted", date(2026, 9, 28))
    cancelled.add("cancelled", date(2026, 10, 30), reason="客户选择了其他售电公司")
    return [*lives, rewritten, cancelled]


def _agreed() -> list[_Life]:
    """Lives that are signed: refused by the trading centre, registered, or waiting for it."""
    refused, registered, early, fresh = (_begin(f"SD27-{number:03d}-1") for number in (7, 8, 14, 11))
    refused.until_signed(date(2026, 10, 28), returned=True)
    refused.refuse(date(2026, 11, 4))
    registered.until_signed(date(2026, 10, 23))
    registered.register(date(2026, 11, 2))
    early.until_signed(date(2026, 10, 21))
    early.register(date(2026, 10, 28))
    fresh.until_signed(date(2026, 11, 9))
    return [refused, registered, early, fresh]
