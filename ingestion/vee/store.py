"""Delivered and edited versions of meter-days in memory, as whole curves, and which of them is the base.

The base of a meter-day is its most trusted version that VEE did not make: what VEE concludes depends on
deliveries and people only, never on its own earlier estimates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
import psycopg

from ingestion.packing import HEADER, pack_table, pack_values
from ingestion.vee.shares import Bools, Ints

Key = tuple[str, str, date]
"""metering_point_id, channel, delivery_on."""

EDITED, VALID, ESTIMATED, FAILED, WITHDRAWN = 5, 4, 3, 2, 0
"""Trust, as in dbt_project/macros/trust.sql; 6 is for settled, 1 for forecasts."""

_QUALITIES: Final = ("metered", "estimated", "edited")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SLOTS: Final = [f"p{slot:02d}" for slot in range(1, 97)]
_ROW: Final = np.dtype(
    [("fields", ">i2")]
    + [(f"{name}_{part}", kind) for name in ("key", "version", "quality") for part, kind in
       (("length", ">i4"), ("value", ">i4"))]
    + [("known_length", ">i4"), ("known_value", ">i8"), ("slots", ">i4", (96, 2))]
)  # fmt: skip
_MAKE = """
create temporary table if not exists vee_key (
    key_id int4, metering_point_id text, channel text, delivery_on date
) on commit drop
"""
_READ = f"""
copy (
    select k.key_id, m.version, array_position(array{list(_QUALITIES)!r}, m.quality) - 1,
        (extract(epoch from b.known_at) * 1000000)::int8,
        {", ".join(f"coalesce(m.{slot}, -1)" for slot in _SLOTS)}
    from vee_key k
    join landing.meter_day m using (metering_point_id, channel, delivery_on)
    join landing.batch b on b.batch_id = m.batch_id
    where m.source <> 'vee' or %s
) to stdout (format binary)
"""
_VERDICTS = """
select distinct on (k.key_id, v.version) k.key_id, v.version, v.verdict, v.rule_codes
from vee_key k
join landing.meter_day_verdict v using (metering_point_id, channel, delivery_on)
order by k.key_id, v.version, v.batch_id desc
"""


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(value: int) -> datetime:
    """The moment of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def stage_keys(pg: psycopg.Connection[tuple[object, ...]], keys: Sequence[Key]) -> None:
    """Fill the session's table ``vee_key`` with numbered keys. Needs an open transaction."""
    pg.execute(_MAKE)
    pg.execute("truncate vee_key")
    columns = [pack_values(list(range(len(keys)))), *(pack_values([k[i] for k in keys]) for i in range(3))]
    with pg.cursor() as cursor, cursor.copy("copy vee_key from stdin (format binary)") as copy:
        copy.write(pack_table(columns, 4, len(keys)))
    pg.execute("analyze vee_key")


@dataclass
class Store:
    """Rows of versions, one array each, in order of loading.

    ``with_estimates``: VEE's own versions too. ``wh``: (rows, 96) int64, 0 where missing. ``known_at``:
    microseconds. ``verdict``: the one that stands in landing, or that this run found; ``codes``: its rules.
    """

    pg: psycopg.Connection[tuple[object, ...]]
    with_estimates: bool = False
    keys: list[Key] = field(default_factory=list)
    number: dict[Key, int] = field(default_factory=dict)
    key: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    version: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    quality: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    known_at: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    wh: Ints = field(default_factory=lambda: np.empty((0, 96), dtype=np.int64))
    missing: Bools = field(default_factory=lambda: np.empty((0, 96), dtype=np.bool_))
    verdict: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    _base: Ints | None = None
    _trust: Ints | None = None

    def ensure(self, keys: Iterable[Key]) -> None:
        """Load the versions of the keys that are not loaded yet."""
        fresh = sorted(set(keys) - self.number.keys())
        if not fresh:
            return
        first = len(self.keys)
        stage_keys(self.pg, fresh)
        self.keys += fresh
        self.number |= {key: first + index for index, key in enumerate(fresh)}
        rows = self._read()
        key = rows["key_value"].astype(np.int64) + first
        slots = rows["slots"][:, :, 1].astype(np.int64)
        verdicts = {(first + int(str(k)), v): (str(t), str(c)) for k, v, t, c in self.pg.execute(_VERDICTS)}
        version = rows["version_value"].astype(np.int64)
        stored = [
            verdicts.get(pair, ("valid", "")) for pair in zip(key.tolist(), version.tolist(), strict=True)
        ]
        self.key = np.concatenate([self.key, key])
        self.version = np.concatenate([self.version, version])
        self.quality = np.concatenate([self.quality, rows["quality_value"].astype(np.int64)])
        self.known_at = np.concatenate([self.known_at, rows["known_value"].astype(np.int64)])
        self.wh = np.concatenate([self.wh, np.maximum(slots, 0)])
        self.missing = np.concatenate([self.missing, slots < 0])
        self.verdict += [one[0] for one in stored]
        self.codes += [codes if verdict != "valid" else "" for verdict, codes in stored]
        self._base = self._trust = None

    def _read(self) -> np.ndarray[tuple[int], np.dtype[np.void]]:
        """Rows of the staged keys: fixed-size binary COPY records, because no field is NULL."""
        with self.pg.cursor() as cursor, cursor.copy(_READ, (self.with_estimates,)) as copy:
            data = b"".join(bytes(block) for block in copy)
        return np.frombuffer(data[len(HEADER) : -2], dtype=_ROW)

    def trust(self) -> Ints:
        """Trust of every row."""
        if self._trust is not None:
            return self._trust
        verdict = np.array(self.verdict, dtype=object)
        gaps = self.missing.any(axis=1) if len(self.key) else np.empty(0, dtype=np.bool_)
        trust = np.where(self.quality == 1, ESTIMATED, VALID)
        trust = np.where(gaps | (verdict == "failed"), FAILED, trust)
        trust = np.where(self.quality == 2, EDITED, trust)
        self._trust = np.where(verdict == "withdrawn", WITHDRAWN, trust).astype(np.int64)
        return self._trust

    def judge(self, row: int, verdict: str, codes: str) -> None:
        """Replace a row's verdict."""
        self.verdict[row], self.codes[row] = verdict, codes
        self._base = self._trust = None

    def bases(self) -> Ints:
        """Row of the base of every key, by its number; -1 where there is none."""
        if self._base is None:
            trust = self.trust()
            base = np.full(len(self.keys), -1, dtype=np.int64)
            order = np.lexsort((self.version, trust, self.key))
            order = order[trust[order] > WITHDRAWN]
            base[self.key[order]] = order  # of several rows of a key the last one stays
            self._base = base
        return self._base

    def base(self, key: Key) -> int:
        """Row of the base of a key; -1 where there is none."""
        number = self.number.get(key)
        return -1 if number is None else int(self.bases()[number])

    def usable(self, row: int) -> bool:
        """Whether a row may serve as evidence: whole, and metered and valid or edited."""
        if row < 0 or self.missing[row].any() or self.quality[row] == 1:
            return False
        return self.verdict[row] == "valid" or self.codes[row] == "MONTH_DIFFERENCE"
