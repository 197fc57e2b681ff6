"""Validation, estimation and editing (VEE) of metered days: domain §6, decision 0004, docs/vee.md.

A plain library over schema ``landing``: it reads what was delivered and lands verdicts, slot flags and
estimated or edited versions. It never changes a delivered record.
"""

from ingestion.vee.run import VeeReport, run_vee

__all__ = ["VeeReport", "run_vee"]
