"""What came of a what-if, read from ``marts_sales.sales_package_what_if``; sums are made by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

Row = dict[str, Any]
_GAINS: Final = """
    case sign(sum(difference_cny)) when -1 then 'customer' when 1 then 'retailer' else 'equal' end as gains
"""
_SUMS: Final = """
    sum(quantity_mwh) as quantity_mwh, sum(now_cny) as now_cny, sum(what_if_cny) as what_if_cny,
    sum(difference_cny) as difference_cny, sum(margin_now_cny) as margin_now_cny,
    sum(margin_then_cny) as margin_then_cny
"""
_CONTRACTS: Final = f"""
    select contract_id, min(customer_name) as customer_name, min(customer_name_en) as customer_name_en,
        count(*) as months, {_SUMS}, {_GAINS}
    from marts_sales.sales_package_what_if
    where run_id = :run_id and what_if_status = 'compared'
    group by contract_id order by sum(difference_cny), contract_id
"""
_TOTAL: Final = f"""
    with contracts as ({_CONTRACTS})
    select count(*) as contracts,
        count(*) filter (where gains = 'customer') as customers_gain,
        coalesce(sum(difference_cny) filter (where gains = 'customer'), 0) as customers_gain_cny,
        count(*) filter (where gains = 'retailer') as retailer_gains,
        coalesce(sum(difference_cny) filter (where gains = 'retailer'), 0) as retailer_gains_cny,
        count(*) filter (where gains = 'equal') as equal,
        {_SUMS}
    from contracts
"""
_MONTHS: Final = """
    select * from marts_sales.sales_package_what_if
    where run_id = :run_id order by contract_id, delivery_month
"""
_ORIGINS: Final = """
    select inputs.name, inputs.origin, count(distinct inputs.case_id) as contract_months
    from ops.pricing_input as inputs where inputs.run_id = :run_id group by 1, 2 order by 1, 2
"""
_SCOPE: Final = """
    select
        (select string_agg(distinct settled_components, '; ') from marts_sales.sales_package_what_if
         where run_id = :run_id) as settled_components,
        (select string_agg(distinct stage, ', ') from marts_sales.sales_package_line
         where run_id = :run_id and stage <> 'pass_through') as priced_stages
"""


@dataclass(frozen=True)
class WhatIf:
    """Contracts, who gains most first; totals; contract-months; origins of inputs; the scope."""

    run_id: int
    total: Row
    contracts: tuple[Row, ...]
    months: tuple[Row, ...]
    origins: tuple[Row, ...]
    scope: Row

    @property
    def blocked(self) -> list[Row]:
        """Contract-months that could not be compared; ``blocked_by`` says why."""
        return [month for month in self.months if month["what_if_status"] == "blocked"]


def read_what_if(engine: sa.Engine, run_id: int) -> WhatIf:
    """All of a run, as ``wl_ledger``."""
    with engine.connect() as connection:

        def rows(query: str) -> tuple[Row, ...]:
            found = connection.execute(sa.text(query), {"run_id": run_id}).mappings()
            return tuple(dict(row) for row in found)

        (total,), (scope,) = rows(_TOTAL), rows(_SCOPE)
        return WhatIf(run_id, total, rows(_CONTRACTS), rows(_MONTHS), rows(_ORIGINS), scope)
