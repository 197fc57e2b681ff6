"""Time of use of the packs against domain §5.3, typed by hand, and against the transcription of all areas."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from ingestion.market_rules import RulePack
from ingestion.market_rules.schema import items_of
from ingestion.market_rules.tou import Grid, clock, overlaid, slots_of
from ingestion.market_rules.vocabulary import TouPeriod
from tests.ingestion.market_rules.conftest import REFERENCE, PackOn, Packs, ValueOf

LETTERS: dict[str, TouPeriod] = {"S": "sharp", "P": "peak", "V": "valley", "D": "deep_valley"}

# domain §5.3, "rest flat"; hours, a range over midnight as 23-6. Months are the left column.
PERIODS = {
    "guangdong": {
        "1 2 3 4 5 6 10 11 12": "V0-8 P10-12,14-19",
        "7 8 9": "V0-8 P10-12,14-19 S11-12,15-17",
    },
    "shandong": {
        "12 1 2": "V2-6,10-15 D11-14 P7-9,16-21 S16-19",
        "3 4 5": "V10-15 D11-14 P17-22 S17-20",
        "6": "V7-12 P16-23 S17-22",
        "7 8": "V1-6 P16-23 S17-22",
        "9 10 11": "V10-15 D11-14 P16-21 S17-19",
    },
    "jiangsu": {"6 7 8 12 1 2": "P14-22 V0-6,11-13", "3 4 5 9 10 11": "P15-22 V2-6,10-14"},
    "zhejiang": {
        "2 3 4 5 6 9 10 11": "P8-11,13-17 V0-8,11-13",
        "1 7 8 12": "S9-11,15-17 P8-9,17-23 V0-8,11-13",
    },
    "anhui": {
        "7 8 9": "P16-24 V2-9,11-13",
        "1 12": "P15-23 V12-14,23-6",
        "2 3 4 5 6 10 11": "P6-8,16-22 V11-14,23-6",
    },
    # the sharp period is large industry's, and a condition of the pack (below)
    "shanxi": {"1 2 3 4 5 6 7 8 9 10 11 12": "P8-11,17-23 V0-7,11-13"},
    "gansu": {"1 2 3 4 5 6 7 8 9 10 11 12": "P6-8,18-23 V10-16"},
    "mengxi": {
        "1 2 3 4 5 9 10 11 12": "P6-8,18-22 V0-4,11-16",
        "6 7 8": "P6-8,18-22 V11-16 S19-21 D13-15",
    },
    "sichuan": {
        "3 4 5 6 10 11": "P10-12,17-22 V22-8",
        "7 8 9": "P11-18,20-23 V1-7",
        "12 1 2": "P10-12,16-22 V0-8",
    },
    "yunnan": {"1 2 3 4 5 6 7 8 9 10 11 12": "P7-9,18-24 V2-6,12-16"},
    "hubei": {
        "1 2 3 4 5 6 9 10 11 12": "P16-24 S18-20 V0-6,12-14",
        "7 8": "P16-24 S20-22 V0-6,12-14",
    },
    "fujian": {
        "1 2 3 4 5 6 10 11 12": "P10-12,15-20,21-22 V0-8",
        "7 8 9": "P10-12,15-20,21-22 V0-8 S11-12,17-18",
    },
    "hunan": {
        "2 3 4 5 6 9 10 11": "P16-24 V0-6,12-14",
        "7 8": "P16-24 V0-6,12-14 S20-24",
        "1 12": "P16-24 V0-6,12-14 S18-22",
    },
}


def _hours(text: str) -> list[str]:
    """Clock ranges of "23-6" or "2-6"."""
    start, end = (int(hour) for hour in text.split("-"))
    parts = [(start, end)] if start < end else [(start, 24), (0, end)]
    return [f"{clock(first * 4)}-{clock(last * 4)}" for first, last in parts]


def _grid(row: str) -> Grid:
    """The grid of a table row: deep valley lies inside the valley, sharp inside the peak."""
    claims = {token[0]: token[1:].split(",") for token in row.split()}
    grid: list[TouPeriod] = ["flat"] * 96
    for letter in "VPDS":
        for text in [part for hours in claims.get(letter, []) for part in _hours(hours)]:
            for slot in slots_of(text):
                grid[slot - 1] = LETTERS[letter]
    return tuple(grid)


@pytest.mark.parametrize("province", PERIODS)
def test_tou__periods_equal_the_table(packs: Packs, province: str) -> None:
    for pack in packs[province]:
        seasons = dict(items_of(pack))["tou.schedule"].value
        assert isinstance(seasons, list)
        found = {month: season.grid for season in seasons for month in season.months}
        expected = {
            int(month): _grid(row) for months, row in PERIODS[province].items() for month in months.split()
        }
        assert found == expected


MULTIPLES = {
    "guangdong": "P1.7 V.38 S2.125",
    "shandong": "P1.7 V.3 S2 D.1",
    "shanxi": "P1.6 V.45 S1.92",
    "sichuan": "P1.6 V.4 S1.92",
    "yunnan": "P1.5 V.5",
    "hubei": "S2 P1.5 V.45",
    "fujian": "P1.58 V.37 S1.8",
    "hunan": "P1.6 V.4 S1.92",
    "jiangxi": "P1.6 V.4 S1.8 D.3",
}


@pytest.mark.parametrize("province", MULTIPLES)
def test_tou__multiples_equal_the_table(value_of: ValueOf, province: str) -> None:
    expected = {LETTERS[part[0]]: Decimal(part[1:]) for part in MULTIPLES[province].split()}
    assert value_of(province, "tou.multiples") == {"flat": Decimal(1), **expected}


@pytest.mark.parametrize("province", ["gansu", "zhejiang", "henan", "guangxi"])
def test_tou__no_multiple_is_invented(value_of: ValueOf, province: str) -> None:
    assert value_of(province, "tou.multiples") is None


def test_tou__multiples_by_class_and_season(value_of: ValueOf) -> None:
    def peaks(province: str) -> list[Decimal]:
        rules = value_of(province, "tou.multiple_rules")
        assert isinstance(rules, list)
        return [rule.multiples["peak"] for rule in rules]

    assert peaks("jiangsu") == [Decimal("1.8"), Decimal("1.7"), Decimal("1.6")]
    assert peaks("anhui") == [Decimal("1.843"), Decimal("1.74")]
    assert peaks("mengxi") == [Decimal("1.68"), Decimal("1.54")]


def test_tou__conditions_are_those_of_the_notices(packs: Packs, pack_on: PackOn) -> None:
    found = {
        (province, condition.code): (condition.decided_by, condition.tariff_class, condition.periods)
        for province in packs
        if (tou := pack_on(province).tou) and tou.conditions
        for condition in tou.conditions.value or []
    }
    evening = {"sharp": ["13:00-14:00", "21:00-23:00"]}
    night = {"deep_valley": ["00:00-06:00", "22:00-24:00"]}
    assert found == {
        ("guangdong", "hot_day"): ("feed", None, {"sharp": ["11:00-12:00", "15:00-17:00"]}),
        ("zhejiang", "festival"): ("calendar", None, {"deep_valley": ["10:00-14:00"]}),
        ("jiangxi", "festival"): ("calendar", None, {"deep_valley": ["12:00-14:00"]}),
        ("anhui", "long_holiday"): ("calendar", "two_part", {"deep_valley": ["11:00-15:00"]}),
        ("shanghai", "holiday_or_weekend"): ("calendar", "two_part", night),
        ("shanxi", "large_industry_sharp"): ("always", "two_part", {"sharp": ["18:00-20:00"]}),
        ("sichuan", "large_industry_summer"): ("always", "two_part", evening),
        ("sichuan", "hot_days"): ("feed", "two_part", evening),
    }


def test_tou__guangdong_is_sharp_on_a_hot_day_outside_summer_as_in_summer(pack_on: PackOn) -> None:
    tou = pack_on("guangdong").tou
    assert tou
    assert tou.schedule
    grids = {month: season.grid for season in tou.schedule.value or [] for month in season.months}
    for month in range(1, 13):
        condition = tou.condition_of(month)
        assert (condition is None) == (month in (7, 8, 9))
        if condition:
            assert overlaid(grids[month], condition.periods) == grids[7]


# names of the transcription, where they are not those of the packs' province_name
TRANSCRIBED = {"shaanxi": "陕西", "shaanxi_yulin": "陕西"}
HALF_HOURS = {**LETTERS, "F": "flat"}


@pytest.mark.skipif(REFERENCE is None, reason="shared/reference is not beside this clone")
def test_tou__every_area_equals_the_transcription(packs: Packs) -> None:
    assert REFERENCE
    rows = json.loads((REFERENCE / "tou_periods.json").read_text(encoding="utf-8"))["rows"]
    transcribed = {row["province"]: row for row in rows}
    seen = set()
    for pack in [pack for versions in packs.values() for pack in versions if pack.tou]:
        row = transcribed[TRANSCRIBED.get(pack.province, pack.province_name)]
        seen.add(row["province"])
        expected = {
            month: tuple(HALF_HOURS[letter] for letter in season["half_hours"] for _ in range(2))
            for season in row["seasons"]
            for month in season["months"]
        }
        assert _of_two_part_users(pack) == expected, pack.province
    assert seen == transcribed.keys()


def _of_two_part_users(pack: RulePack) -> dict[int, Grid]:
    """Grids by month; Shanxi's sharp period stands in the transcription's seasons, here in a condition."""
    assert pack.tou
    assert pack.tou.schedule
    found = {month: season.grid for season in pack.tou.schedule.value or [] for month in season.months}
    for month in found if pack.province == "shanxi" else ():
        condition = pack.tou.condition_of(month)
        found[month] = overlaid(found[month], condition.periods) if condition else found[month]
    return found
