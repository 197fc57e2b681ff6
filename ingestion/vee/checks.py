"""Whether what VEE and editing landed is sound: every estimate says how, nothing refers to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

_PROBLEMS: Final = {
    "estimated versions without a rule": """
        select count(*) from landing.meter_day m join landing.batch b using (batch_id)
        where b.batch_seq > :after and m.source = 'vee' and not exists (
            select from landing.meter_slot_flag f where f.metering_point_id = m.metering_point_id
                and f.channel = m.channel and f.delivery_on = m.delivery_on and f.version = m.version
                and f.rule_code like 'EST%')
    """,
    "estimated versions with a gap": """
        select count(*) from landing.meter_day m join landing.batch b using (batch_id)
        where b.batch_seq > :after and m.source = 'vee' and num_nulls({slots}) > 0
    """.format(slots=", ".join(f"m.p{slot:02d}" for slot in range(1, 97))),
    "verdicts on no version": """
        select count(*) from landing.meter_day_verdict v join landing.batch b using (batch_id)
        where b.batch_seq > :after and not exists (
            select from landing.meter_day m where m.metering_point_id = v.metering_point_id
                and m.channel = v.channel and m.delivery_on = v.delivery_on and m.version = v.version)
    """,
    "flags on no version": """
        select count(*) from landing.meter_slot_flag f join landing.batch b using (batch_id)
        where b.batch_seq > :after and not exists (
            select from landing.meter_day m where m.metering_point_id = f.metering_point_id
                and m.channel = f.channel and m.delivery_on = f.delivery_on and m.version = f.version)
    """,
    "batches that count wrong": """
        select count(*) from landing.batch b where b.batch_seq > :after and b.source in ('vee', 'edit')
            and b.rows_landed <> (select count(*) from landing.meter_day m where m.batch_id = b.batch_id)
    """,
}


@dataclass(frozen=True)
class VeeCheck:
    """Problems by name with their number; sound when all are 0."""

    problems: dict[str, int]

    @property
    def success(self) -> bool:
        """Whether there is no problem."""
        return not any(self.problems.values())


def check_vee(engine: sa.Engine, after_batch_seq: int = 0) -> VeeCheck:
    """Look at the versions, flags and verdicts of the batches after ``after_batch_seq``."""
    with engine.connect() as connection:
        return VeeCheck(
            {
                name: int(connection.execute(sa.text(query), {"after": after_batch_seq}).scalar_one())
                for name, query in _PROBLEMS.items()
            }
        )
