"""Real files land with counts and sums equal to the source."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from ingestion.connectors.drop_folder import discover
from ingestion.formats.delivery import with_profile
from ingestion.formats.profile import SourceProfile
from ingestion.intake import ingest_deliveries

from .conftest import shared_file

pytestmark = pytest.mark.integration

Count = Callable[[str], int]
STEEL = SourceProfile.model_validate(
    {
        "profile": "steel plant",
        "layout": "long",
        "points": 96,
        "values": "energy",
        "unit": "kWh",
        "label": "end",
        "time": {"column": "date", "format": "%d-%m-%Y %H:%M", "midnight": "same_date"},
        "metering_point": {"constant": "STEEL-01"},
        "decimals": 2,
        "columns": [
            {"column": "Usage_kWh", "channel": "active_import"},
            {
                "column": "Lagging_Current_Reactive.Power_kVarh",
                "channel": "reactive_import",
                "unit": "kvarh",
            },
        ],
    }
)
HOUSEHOLDS = SourceProfile.model_validate(
    {
        "profile": "low carbon london",
        "layout": "long",
        "points": 48,
        "values": "energy",
        "unit": "kWh",
        "label": "begin",
        "time": {"column": "ts"},
        "metering_point": {"header": True},
    }
)
_SUM = " + ".join(f"coalesce(p{n:02d}, 0)::bigint" for n in range(1, 97))
_BLANK = f"num_nulls({', '.join(f'p{n:02d}' for n in range(1, 97))})"


def test_steel_plant__the_year_lands_to_the_watt_hour(
    engine: sa.Engine, tmp_path: Path, scalar: Count
) -> None:
    path = tmp_path / "steel.csv"
    path.write_bytes(gzip.decompress(shared_file("steel_plant_15min_2018.csv.gz").read_bytes()))
    (report,) = ingest_deliveries(engine, with_profile(discover([path]), STEEL))
    assert (report.status, report.rows_delivered, report.rows_landed) == ("landed", 35_040, 35_040)
    days = "from landing.meter_day where channel = 'active_import'"
    assert scalar(f"select sum({_SUM}) {days}") == 959_636_710
    assert scalar(f"select count(*) {days}") == 365
    assert scalar(f"select sum({_BLANK}) from landing.meter_day") == 0
    # 24:00 of New Year's Day is the file's line 97, stamped with the same date
    assert scalar("select p96 from landing.meter_day where delivery_on = '2018-01-01' and p01 = 3170") == 3420
    lagging = pd.read_csv(path, dtype=str)["Lagging_Current_Reactive.Power_kVarh"]
    wanted = int(sum(lagging.map(lambda text: round(float(text) * 1000))))
    assert scalar(f"select sum({_SUM}) from landing.meter_day where channel = 'reactive_import'") == wanted


def test_households__60_columns_of_half_hours_land_and_missing_stays_missing(
    engine: sa.Engine, tmp_path: Path, scalar: Count
) -> None:
    frame = pd.read_parquet(shared_file("lcl_60households_30min_kwh_2013.parquet"))
    path = tmp_path / "households.csv"
    frame.to_csv(path)
    (report,) = ingest_deliveries(engine, with_profile(discover([path]), HOUSEHOLDS))
    assert (report.status, report.rows_delivered, report.rows_landed) == ("landed", 17_520, 17_520)
    assert scalar("select count(*) from landing.meter_day") == 60 * 365
    watt_hours = (frame.astype("float64") * 1000).round()
    assert scalar(f"select sum({_SUM}) from landing.meter_day") == int(watt_hours.sum().sum())
    assert scalar(f"select sum({_BLANK}) from landing.meter_day") == 2 * int(frame.isna().sum().sum())
    flags = "select count(*) from landing.meter_slot_flag where rule_code"
    assert scalar(f"{flags} = 'MISSING'") == 2 * int(frame.isna().sum().sum())
    assert scalar(f"{flags} = 'SPLIT_48'") == 60 * 365
    one = scalar(f"select sum({_SUM}) from landing.meter_day where metering_point_id = 'MAC000003'")
    assert one == int(watt_hours["MAC000003"].sum())
