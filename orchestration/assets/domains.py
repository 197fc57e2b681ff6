"""Which of the seven domains an asset belongs to: its Dagster group."""

from collections.abc import Mapping
from typing import Any

from dagster_dbt import DagsterDbtTranslator

FEED_DOMAIN = {
    "meter_day": "energy",
    "register_reading": "energy",
    "metering_point": "energy",
    "month_energy": "energy",
    "production_plan": "energy",
    "customer": "customers",
    "customer_kpi": "customers",
    "account": "customers",
    "contract": "sales",
    "contract_account": "sales",
    "contract_price": "sales",
    "contract_quantity": "sales",
    "contract_deviation": "sales",
    "contract_version": "sales",
    "contract_event": "sales",
    "contract_plan": "sales",
    "channel": "sales",
    "channel_commission": "sales",
    "invoice": "sales",
    "receipt": "sales",
    "curve_template": "sales",
    "contract_distribution": "sales",
    "quantity_adjustment": "sales",
    "service": "sales",
    "budget": "operations",
    "guarantee": "sales",
    "market_volume": "sales",
    "reference_series": "settlement",
    "contract_series": "settlement",
    "contract_green": "settlement",
    "contract_input": "settlement",
    "trade_day": "trading",
    "day_ahead_day": "trading",
    "market_price_day": "trading",
    "system_day": "trading",
    "tou_condition_day": "settlement",
    "spot_suspension": "settlement",
    "market_parameter": "settlement",
    "market_item": "settlement",
    "agency_tariff": "settlement",
    "agency_period_price": "settlement",
    "declared_demand": "settlement",
    "grid_statement": "settlement",
    "centre_statement": "settlement",
}
DAILY_FEEDS = ("meter_day", "market_price_day", "system_day", "day_ahead_day")


class DomainTranslator(DagsterDbtTranslator):
    """Groups dbt models by domain: their folder in ``intermediate`` and ``marts``, else their feed's."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The Dagster group of one dbt model, source or test."""
        folders = dbt_resource_props.get("fqn", [])[1:-1]
        if len(folders) < 2:
            return None
        layer, name = folders[0], folders[1]
        return FEED_DOMAIN.get(name, name) if layer == "staging" else str(name)
