"""The sample speaks the language of the feeds: what a user's file must look like, its files look like."""

from __future__ import annotations

from ingestion.feeds import registry
from ingestion.parsing import ParsedTable, parse_table
from ingestion.readers import read_csv, read_workbook
from ingestion.sample.defects import DEFECTS
from ingestion.sample.writer import Delivery


def parsed(delivery: Delivery) -> dict[str, ParsedTable]:
    feeds = registry()
    if delivery.file_name.endswith(".xlsx"):
        tables = read_workbook(delivery.content)
    else:
        feed = next(n for n in sorted(feeds, key=len, reverse=True) if delivery.file_name.startswith(n))
        tables = {feed: read_csv(delivery.content)}
    return {name: parse_table(feeds[name], table, delivery.file_name) for name, table in tables.items()}


def test_deliveries__every_feed_is_there_and_is_accepted_whole(deliveries: list[Delivery]) -> None:
    seen: set[str] = set()
    for delivery in deliveries:
        if delivery.file_name.startswith("meter_day") and "2026-09" not in delivery.file_name:
            continue  # one month of the 315 alike
        for feed, table in parsed(delivery).items():
            seen.add(feed)
            if feed != "meter_day":
                assert not table.refusals, table.refusals[0].message
                assert not table.findings, table.findings[0].message
    # Shandong's time of use knows no condition, its made-up price table prints no period prices, its spot
    # market ran all year, and no package of the sample is green or reads a delivered number
    assert seen == set(registry()) - {
        "tou_condition_day",
        "agency_period_price",
        "spot_suspension",
        "contract_green",
        "contract_input",
    }


def test_deliveries__only_the_two_bad_rows_are_refused(deliveries: list[Delivery]) -> None:
    refused = {}
    for defect in DEFECTS:
        name = f"meter_day-{defect.delivery_on}.csv"
        table = parsed(next(d for d in deliveries if d.file_name == name))["meter_day"]
        refused[defect.name] = [(r.field, r.code) for r in table.refusals]
    bad = {name: found for name, found in refused.items() if found}
    assert set(bad) == {"unparsable", "negative"}
    assert [field for found in bad.values() for field, _ in found] == ["p53", "p20"]
