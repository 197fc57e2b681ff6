"""The measured query: the dbt macro ``curve_tou`` itself, rendered for whatever engine reads the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment

from ingestion.market_rules.tou import Grid
from ingestion.market_rules.vocabulary import TOU_PERIODS

MACROS: Final = Path(__file__).resolve().parents[1] / "dbt_project" / "macros"
_MACRO: Final = re.compile(r"(\{%-?\s*macro\s+)(\w+)")
_PREFIX: Final = "dbt_macro__"  # dbt's own way: calls then find the wrappers below, which catch return()


class _Returned(Exception):
    """Carries what a macro hands to ``return``."""


def _give_back(value: object) -> str:
    raise _Returned(value)


def dbt_macros(replaced: Mapping[str, Callable[..., object]]) -> Mapping[str, Callable[..., object]]:
    """The macros of ``dbt_project/macros/curve.sql`` and ``tou.sql``, callable without dbt and a database.

    ``replaced`` stands in for macros that ask the database.
    """
    texts = [(MACROS / name).read_text(encoding="utf-8") for name in ("curve.sql", "tou.sql")]
    macros: dict[str, Callable[..., object]] = {}

    def wrapper(name: str) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            try:
                return macros[name](*args, **kwargs)
            except _Returned as returned:
                return returned.args[0]

        return call

    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)
    # a template takes its globals when it is made, so every wrapper must be there before
    names = [match.group(2) for text in texts for match in _MACRO.finditer(text)]
    environment.globals |= {"return": _give_back, **{name: wrapper(name) for name in names}}
    for text in texts:
        module = environment.from_string(_MACRO.sub(rf"\1{_PREFIX}\2", text)).make_module()
        found = {key: value for key, value in vars(module).items() if key.startswith(_PREFIX)}
        macros |= {key.removeprefix(_PREFIX): macro for key, macro in found.items()}
    macros.update(replaced)
    return {name: wrapper(name) for name in names}


def _by_period(grid: Grid) -> dict[str, list[int]]:
    return {
        period: [slot for slot, name in enumerate(grid, start=1) if name == period]
        for period in TOU_PERIODS
        if period in grid
    }


def tou_columns(schedules: Mapping[str, Grid], alias: str, schedule: str) -> str:
    """``curve_tou(alias, schedule)`` as dbt renders it: five columns, one CASE arm per schedule."""
    known = {name: _by_period(schedules[name]) for name in sorted(schedules)}
    return str(dbt_macros({"tou_schedules": lambda: known})["curve_tou"](alias, schedule))


_BY_DAY: Final = """
select
    delivery_on,
    cast(count(*) as bigint) as point_days,
    {sums}
from point_day
group by delivery_on
order by delivery_on
"""


def _by_day() -> str:
    return _BY_DAY.format(
        sums=",\n    ".join(f"cast(sum({period}_wh) as bigint) as {period}_wh" for period in TOU_PERIODS)
    )


def daily_tou(schedules: Mapping[str, Grid], meter_day: str, tou_day: str, province: str) -> str:
    """Daily TOU energy of every metering point from 96 columns, handed over as totals per day."""
    return f"""
with point_day as (
    select
        m.metering_point_id,
        m.delivery_on,
        {tou_columns(schedules, "m", "d.schedule_id")}
    from {meter_day} as m
    inner join {tou_day} as d on d.province = '{province}' and m.delivery_on = d.delivery_on
    where m.channel = 'active_import'
)
{_by_day()}"""


def daily_tou_long(meter_slot: str, tou_day: str, tou_slot: str, province: str) -> str:
    """The same from one row per slot: the schedule is joined slot by slot, and every point-day is a group."""
    sums = ",\n        ".join(
        f"sum(case when s.tou_period = '{period}' then m.wh else 0 end) as {period}_wh"
        for period in TOU_PERIODS
    )
    return f"""
with point_day as (
    select
        m.metering_point_id,
        m.delivery_on,
        {sums}
    from {meter_slot} as m
    inner join {tou_day} as d on d.province = '{province}' and m.delivery_on = d.delivery_on
    inner join {tou_slot} as s on d.schedule_id = s.schedule_id and m.slot = s.slot
    group by m.metering_point_id, m.delivery_on
)
{_by_day()}"""
