"""What ``make bench`` runs: WattLedger's storage and SQL against DuckDB and Polars on the same data.

Belongs here: measurements whose results are ratios and budgets. Does not belong here: what the product uses.
Run ``python -m benchmarks --help``.
"""
