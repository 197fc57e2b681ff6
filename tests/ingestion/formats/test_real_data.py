"""Real files land with counts and sums equal to the source."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from nemreader import read_nem_file

from ingestion.connectors.drop_folder import discover
from ingestion.formats.delivery import with_profile
from ingestion.formats.profile import SourceProfile
from ingestion.intake import ingest_deliveries, ingest_paths

from .conftest import shared_file
from .test_nem12 import SAMPLES

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


FACTORS = {"wh": 1, "varh": 1, "kwh": 1000, "kvarh": 1000}


@pytest.mark.parametrize("name", SAMPLES)
def test_nem12__each_sample_lands_with_counts_and_sums_of_the_source(
    engine: sa.Engine, scalar: Count, name: str
) -> None:
    path = shared_file(f"nem12/{name}")
    records = sum(line.startswith("300") for line in path.read_text(encoding="utf-8").splitlines())
    wanted, days = Fraction(0), 0
    for channels in read_nem_file(str(path)).readings.values():
        for suffix, readings in channels.items():
            if suffix[0] in "EBQK":
                wanted += sum(Fraction(str(one.read_value)) * FACTORS[one.uom.lower()] for one in readings)
                days += len({one.t_start.date() for one in readings})
    (report,) = ingest_paths(engine, [path])
    assert scalar("select rows_delivered from landing.batch") == records
    assert scalar("select rows_landed from landing.batch") == days == report.rows_landed
    assert scalar("select count(*) from landing.meter_day") == days
    assert scalar(f"select sum({_SUM}) from landing.meter_day") == wanted
    refused = "select count(*) from quarantine.row where reason_code = 'UNSUPPORTED_CHANNEL'"
    assert scalar(refused) == records - days == report.rows_quarantined


def test_households__60_columns_of_half_hours_land_and_missing_stays_missing(
    engine: sa.Engine, tmp_path: Path, scalar: Count
) -> None:
    frame = pd.read_parquet(shared_file("lcl_60households_30min_kwh_2013.parquet"))
    path = tmp_path / "households.csv"
    frame.to_csv(path)
    (report,) = ingest_deliveries(engine, with_profile(discover([path]), HOUSEHOLDS))
    assert (report.status, report.rows_delivered, report.rows_landed) == ("landed", 17_520, 17_520)
    assert scalar("select rows_landed from landing.batch where rows_delivered = rows_landed") == 17_520
    assert scalar("select records_landed from landing.shaped_batch") == 60 * 365
    assert scalar("select count(*) from landing.meter_day") == 60 * 365
    watt_hours = (frame.astype("float64") * 1000).round()
    assert scalar(f"select sum({_SUM}) from landing.meter_day") == int(watt_hours.sum().sum())
    assert scalar(f"select sum({_BLANK}) from landing.meter_day") == 2 * int(frame.isna().sum().sum())
    flags = "select count(*) from landing.meter_slot_flag where rule_code"
    assert scalar(f"{flags} = 'MISSING'") == 2 * int(frame.isna().sum().sum())
    assert scalar(f"{flags} = 'SPLIT_48'") == 60 * 365
    one = scalar(f"select sum({_SUM}) from landing.meter_day where metering_point_id = 'MAC000003'")
    assert one == int(watt_hours["MAC000003"].sum())
