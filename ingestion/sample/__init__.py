"""The sample retailer: forty customers in Shandong and seven in Anhui, as the files that it really receives.

What is REAL
    * Load shapes: the 15-minute active-power profiles of SimBench, data set 1-complete_data-mixed-all-0-sw,
      measured or derived from measurement in Germany, year 2016, per unit of peak. Every customer is a mix
      of one or two of them, scaled to its size; nothing random is added to a load. Wind and solar shapes:
      RESProfile.csv of the same data set, so sun, wind and load belong to the same days.
    * Source: PyPI package `simbench` 1.6.3 (pinned and hash-checked in requirements/sample.lock, fetched on
      first use, never copied into this repository). Database: ODbL 1.0, contents: DbCL 1.0. Cite: S.
      Meinecke et al., "SimBench – A Benchmark Dataset of Electric Power Systems to Compare Innovative
      Solutions Based on Power Flow Analysis", Energies 2020, 13(12), 3290, doi:10.3390/en13123290.

What is CHANGED in it
    Daylight saving is repaired to 96 slots on every day, and days move by exactly 522 weeks onto 2026-01-02 …
    2026-12-31 (weekdays kept). 2026-01-01 repeats the real New Year's Day 2016-01-01 and is marked
    `estimated`. November and December 2025 repeat the days 52 weeks later with 3 % less energy, and their
    prices moved by up to 25 yuan/MWh a day. The holidays in the load are German ones; there is no Spring
    Festival and no summer cooling peak.

What is MADE UP
    Customers, accounts, meters, sizes, solar arrays, account managers, contracts and their prices; the
    provincial system's level (50–90 GW), its installed wind and solar and the monthly level of its sun;
    forecast errors, plant outages, the supply stack and so every price (Anhui's move with Shandong's); trades
    and counterparties; what the trading centre announces and charges beside energy; production plans and key
    figures; the contracts' lives, plans, commissions, invoices and receipts; the defects.
    Random parts come from one fixed seed: the same code gives the same bytes.

What belongs here: making those files. What does not: reading them (ingestion.intake does, as for a user's
files), any database, and any market rule (ingestion.market_rules).
"""

from ingestion.sample.build import SampleFolderError, SampleSummary, build_late, build_sample

__all__ = ["SampleFolderError", "SampleSummary", "build_late", "build_sample"]
