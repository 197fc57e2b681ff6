"""The sections of a rule pack beside its head (domain §5.1), one module per subject.

Every leaf is an ``Item`` and may be absent. No leaf has a default other than None: a later release may add
leaves, and an old pack must keep its hash.
"""

from ingestion.market_rules.sections.operations import (
    Credit,
    Deadlines,
    Reconciliation,
    Rounding,
    Vee,
)
from ingestion.market_rules.sections.recovery import Recovery
from ingestion.market_rules.sections.retail import Retail
from ingestion.market_rules.sections.settlement import Settlement
from ingestion.market_rules.sections.tariff import Tariff
from ingestion.market_rules.sections.time_of_use import Condition, Season, Tou
from ingestion.market_rules.sections.trading import Clearing, PositionLimits

__all__ = [
    "Clearing",
    "Condition",
    "Credit",
    "Deadlines",
    "PositionLimits",
    "Reconciliation",
    "Recovery",
    "Retail",
    "Rounding",
    "Season",
    "Settlement",
    "Tariff",
    "Tou",
    "Vee",
]
