"""The sample retailer's way through the house: the demo's work without its display.

Every step looks at what is already there, so that a second run is quick and a killed one is healed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ingestion.contract_templates import land_packages, read_packages
from ingestion.market_rules import load_packs
from ingestion.sample import SampleSummary, build_late, build_sample
from ingestion.sample.config import PACKAGES
from orchestration.alert_run import run_alerts
from orchestration.exports.settlement import Export, export_month
from orchestration.house import House
from orchestration.ledger.closing import close_month, closed_months
from orchestration.ledger.correcting import Booked, book_corrections, corrections_of
from orchestration.runs import input_digest, last_digest, request_settlement

if TYPE_CHECKING:
    from orchestration.pipeline import Pipeline


class SampleRun:
    """One pass over the sample; :meth:`close` gives its connections back."""

    def __init__(self, house: House) -> None:
        """Nothing is opened yet."""
        self._house = house
        self._pipeline: Pipeline | None = None

    @property
    def did_work(self) -> bool:
        """Whether any job had to run."""
        return self._pipeline is not None

    @property
    def pipeline(self) -> Pipeline:
        """The jobs, put together when first needed (a run with nothing to do never loads dbt)."""
        if self._pipeline is None:
            from orchestration.pipeline import Pipeline

            self._pipeline = Pipeline(self._house)
        return self._pipeline

    def prepare(self) -> SampleSummary:
        """Write the sample's deliveries into the inbox and pin its business date."""
        house = self._house
        summary = build_sample(
            house.inbox / "sample", cache=house.home.folder("cache"), on_progress=house.progress
        )
        pin = house.home.root / "business_date"
        draft = pin.with_suffix(".draft")
        draft.write_text(f"{summary.business_date}\n")
        draft.replace(pin)
        return summary

    def refresh(self, summary: SampleSummary) -> None:
        """Ask for the months, take in the inbox and bring the marts up to date, unless they are."""
        house = self._house
        for province in summary.provinces:
            request_settlement(house.engine("wl_ledger"), province, _first_days(summary.settled_months))
        load_packs(house.engine("wl_ingest"), house.rule_packs)
        packages = read_packages(sorted(PACKAGES.glob("*.yml")), house.rule_packs)
        land_packages(house.engine("wl_ingest"), packages)
        if not self._marts_are_current(summary):
            from orchestration.assets.partitions import FIRST_DAY  # slow to import, like all of Dagster

            last = summary.business_date - timedelta(days=1)
            self.pipeline.run("daily_refresh", first=date.fromisoformat(FIRST_DAY), last=last)

    def close_months(self, summary: SampleSummary) -> None:
        """Close every settled month but the newest, in all provinces; what is closed stays as it is."""
        ledger = self._house.engine("wl_ledger")
        for month in _first_days(summary.closed_months):
            if len(closed_months(ledger, month)) < len(summary.provinces):
                close_month(ledger, month, summary.closed_by)

    def correct(self, summary: SampleSummary) -> list[Booked]:
        """Take in what came after the closing, and book what it corrects into the open month."""
        house = self._house
        ledger = house.engine("wl_ledger")
        (month,) = _first_days([summary.corrected_month])
        build_late(house.inbox / "sample-late", cache=house.home.folder("cache"))
        if not self._marts_are_current(summary):
            self.pipeline.run("daily_refresh", first=summary.business_date - timedelta(days=1))
        if not corrections_of(ledger, month):
            book_corrections(ledger, month, summary.closed_by)
            self.pipeline.run("renew_marts")
        return corrections_of(ledger, month)

    def _marts_are_current(self, summary: SampleSummary) -> bool:
        ledger = self._house.engine("wl_ledger")
        read = last_digest(ledger, "marts", summary.business_date)
        return self._house.inbox_is_in() and read == input_digest(ledger)

    def forecast(self, summary: SampleSummary) -> None:
        """Forecast the next delivery day; unchanged inputs give the stored forecast."""
        ledger = self._house.engine("wl_ledger")
        if last_digest(ledger, "marts_after_forecast", summary.business_date) == input_digest(ledger):
            run_alerts(
                self._house
            )  # quick, and the run that made the marts may have died before it told anybody
            return
        self.pipeline.run("forecast_before_gate", first=summary.next_delivery_on)

    def export(self, summary: SampleSummary) -> list[Export]:
        """Write the newest settled months for finance."""
        house = self._house
        finance = house.engine("wl_finance")
        months = _first_days(summary.exported_months)
        return [export_month(finance, month, house.exports) for month in months]

    def close(self) -> None:
        """Give connections back."""
        if self._pipeline is not None:
            self._pipeline.close()


def _first_days(months: Iterable[str]) -> list[date]:
    return [date.fromisoformat(f"{month}-01") for month in months]
