"""What finance reads beside the statements: income, grid company, checks, deviation, disputes; a query each.

Sums, shares and differences are SQL's, over marts. The sides of a month are whatever columns its marts have,
so that a side that comes later is a column here without a change.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from orchestration.exports.marts import (
    ACCOUNT,
    AMOUNT,
    CONTRACT,
    CUSTOMER,
    CUSTOMER_NAME,
    CUSTOMER_NAME_EN,
    ENERGY,
    EXTERNAL,
    ILLUSTRATIVE,
    METER_TOTAL,
    MONTH,
    NET,
    POSITION,
    PROVINCE,
    QUANTITY,
    VAT,
)
from orchestration.exports.tables import Column, Sheet, mart_columns

MARGIN_MART: Final = "marts_settlement.settlement_margin"
MONTH_MART: Final = "marts_settlement.settlement_month"
_SCOPE: Final = Column("scope", "范围", "Scope")


def reports(connection: sa.Connection) -> tuple[Sheet, ...]:
    """The report tables, with the sides that the marts have now."""
    return (
        income_statement(money_columns(connection, MARGIN_MART)),
        GRID_SETTLEMENT,
        reconciliation(
            money_columns(connection, MARGIN_MART),
            money_columns(connection, MONTH_MART),
            sides(connection),
        ),
        METER_TOTAL,
        POSITION.with_all_columns(connection),
        DEVIATION,
        *EXTERNAL,
    )


def money_columns(connection: sa.Connection, relation: str) -> list[Column]:
    """The amounts of a mart, in its order: one a side, and the margin."""
    return [
        column
        for column in mart_columns(connection, relation)
        if column.adds_up and column.name.endswith("_cny")
    ]


def sides(connection: sa.Connection) -> list[str]:
    """The sides that lines have; the names of the month's columns are made of them."""
    query = "select distinct side from marts_settlement.settlement_line order by side"
    return list(connection.scalars(sa.text(query)))


def income_statement(amounts: list[Column]) -> Sheet:
    """The retailer's income: the same contracts by province, package, channel, customer and contract.

    Energy adds up what the contracts print, so that printed numbers add up.
    """
    sums = ", ".join(f"sum(contracts.{column.name}) as {column.name}" for column in amounts)
    return Sheet(
        stem="income_statement",
        zh="售电收益表",
        en="Income statement",
        order_by=(
            "array_position(array['total', 'province', 'package', 'channel', 'customer', 'contract'], scope),"
            " subject_id"
        ),
        counted="total",
        blocks="scope",
        columns=(
            _SCOPE,
            MONTH,
            Column("subject_id", "编号", "Subject"),
            Column("name_zh", "名称", "Name (Chinese)"),
            Column("name_en", "英文名", "Name"),
            Column("contracts", "合同数", "Contracts", kind="integer"),
            ENERGY,
            *amounts,
            Column("margin_cny_per_mwh", "度电毛利(元/兆瓦时)", "Margin (CNY/MWh)", 3),
            ILLUSTRATIVE,
        ),
        source=f"""(
            select
                contracts.delivery_month, scopes.scope, scopes.subject_id,
                max(scopes.name_zh) as name_zh, max(scopes.name_en) as name_en,
                cast(count(*) as integer) as contracts,
                sum(contracts.energy_mwh) as energy_mwh, {sums},
                round(sum(contracts.margin_cny) / nullif(sum(contracts.energy_mwh), 0), 3)
                    as margin_cny_per_mwh,
                bool_or(contracts.is_illustrative) as is_illustrative
            from {MARGIN_MART} as contracts
            left join marts_settlement.settlement_statement_contract as heads
                on contracts.contract_id = heads.contract_id
                and contracts.delivery_month = heads.delivery_month
            cross join lateral (
                values
                ('total', '', '合计', 'Total'),
                (
                    'province',
                    contracts.province,
                    coalesce(heads.province_name, contracts.province),
                    initcap(replace(contracts.province, '_', ' '))
                ),
                (
                    'package',
                    coalesce(heads.package_id, heads.package_type),
                    coalesce(heads.package_title_zh, heads.package_id, heads.package_type),
                    coalesce(heads.package_title_en, heads.package_id, heads.package_type)
                ),
                (
                    'channel',
                    coalesce(heads.channel_id, '-'),
                    coalesce(heads.channel_name, '直销'),
                    coalesce(heads.channel_name_en, 'Direct')
                ),
                ('customer', contracts.customer_id, contracts.customer_name, contracts.customer_name_en),
                ('contract', contracts.contract_id, contracts.customer_name, contracts.customer_name_en)
            ) as scopes (scope, subject_id, name_zh, name_en)
            where contracts.delivery_month = cast(:month as date)
            group by contracts.delivery_month, scopes.scope, scopes.subject_id
        )""",
    )


GRID_SETTLEMENT: Final = Sheet(
    stem="grid_settlement",
    zh="电网结算表",
    en="Grid company settlement",
    order_by=(
        "array_position(array['total', 'province', 'account'], scope), province, contract_id,"
        " account_id nulls last"
    ),
    counted="account",
    blocks="province",
    columns=(
        _SCOPE,
        MONTH,
        PROVINCE,
        CONTRACT,
        CUSTOMER,
        CUSTOMER_NAME,
        CUSTOMER_NAME_EN,
        ACCOUNT,
        QUANTITY,
        Column("energy_cny", "电能量电费(元)", "Energy fee (CNY)", 2),
        Column("other_cny", "其他费用(元)", "Other fees (CNY)", 2),
        AMOUNT,
        NET,
        VAT,
    ),
    source="""(
        select
            lines.delivery_month, lines.province, lines.contract_id, lines.account_id,
            case
                when grouping(lines.contract_id) = 0 then 'account'
                when grouping(lines.province) = 0 then 'province'
                else 'total'
            end as scope,
            lines.customer_id, heads.customer_name, heads.customer_name_en,
            coalesce(sum(lines.quantity_mwh) filter (where lines.counts_energy), 0.000) as quantity_mwh,
            coalesce(sum(lines.amount_cny) filter (where lines.stage = 'energy'), 0.00) as energy_cny,
            coalesce(sum(lines.amount_cny) filter (where lines.stage <> 'energy'), 0.00) as other_cny,
            sum(lines.amount_cny) as amount_cny, sum(lines.net_cny) as net_cny, sum(lines.vat_cny) as vat_cny
        from marts_settlement.settlement_statement_line as lines
        left join marts_settlement.settlement_statement_contract as heads
            on lines.contract_id = heads.contract_id and lines.delivery_month = heads.delivery_month
        where lines.side = 'retail' and lines.delivery_month = cast(:month as date)
        group by grouping sets (
            (
                lines.delivery_month, lines.province, lines.contract_id, lines.account_id, lines.customer_id,
                heads.customer_name, heads.customer_name_en
            ),
            (lines.delivery_month, lines.province),
            (lines.delivery_month)
        )
    )""",
)
"""What the grid company bills for the retailer, by account; fees of a whole contract have none."""


def reconciliation(margins: list[Column], months: list[Column], known_sides: list[str]) -> Sheet:
    """Every number that two tables tell, from both, with the difference."""
    of_month = {column.name for column in months}
    checks = [
        _check("lines_and_month", side, _lines(side), _sum(MONTH_MART, f"{side}_cny"))
        for side in known_sides
        if f"{side}_cny" in of_month
    ]
    checks += [
        _check(
            "contracts_and_month", name.removesuffix("_cny"), _sum(MARGIN_MART, name), _sum(MONTH_MART, name)
        )
        for name in (column.name for column in margins)
        if name in of_month
    ]
    heads = _sum("marts_settlement.settlement_statement_contract", "amount_cny")
    checks.append(_check("lines_and_statements", "retail", _lines("retail"), heads))
    billed = _sum(_RETAIL_ENERGY, "quantity_mwh")
    checks.append(_check("billed_and_metered", "energy", billed, _sum(MARGIN_MART, "energy_mwh"), "mwh"))
    return Sheet(
        stem="reconciliation",
        zh="对账表",
        en="Reconciliation",
        order_by="place, province",
        columns=(
            Column("item", "核对项", "Check"),
            Column("subject", "对象", "Subject"),
            MONTH,
            PROVINCE,
            Column("left_value", "左值", "Left", 3),
            Column("right_value", "右值", "Right", 3),
            Column("difference", "差异", "Difference", 3),
            Column("tolerance", "容差", "Tolerance", 4),
            Column("unit", "单位", "Unit"),
            Column("result", "结果", "Result"),
        ),
        source=_RECONCILED.format(
            checks=" union all ".join(f"select {place} as place, {text}" for place, text in enumerate(checks))
        ),
    )


_RETAIL_ENERGY: Final = (
    "(select * from marts_settlement.settlement_statement_line where side = 'retail' and counts_energy)"
)
_RECONCILED: Final = """(
    with checks as ({checks}), judged as (
        select
            checks.*,
            coalesce(left_value, 0) - coalesce(right_value, 0) as difference,
            -- billed energy is rounded per account, metered energy per contract
            case unit when 'mwh' then 0.0005 * terms else 0 end as tolerance
        from checks
    )
    select
        judged.*,
        cast(:month as date) as delivery_month,
        case
            when difference = 0 then 'agrees'
            when abs(difference) <= tolerance then 'within_rounding'
            else 'differs'
        end as result
    from judged
)"""


def _check(item: str, subject: str, left: str, right: str, unit: str = "cny") -> str:
    return (
        f"'{item}' as item, '{subject}' as subject, '{unit}' as unit, province, l.value as left_value,"
        f" r.value as right_value, coalesce(l.terms, 0) + coalesce(r.terms, 0) as terms"
        f" from {left} as l full join {right} as r using (province)"
    )


def _lines(side: str) -> str:
    """Sums of the month's lines of a side, by province."""
    return _sum(f"(select * from marts_settlement.settlement_line where side = '{side}')", "amount_cny")


def _sum(relation: str, column: str) -> str:
    """Sums of the month by province, and how many terms they have."""
    return (
        f"(select province, sum({column}) as value, count(*) as terms from {relation} as s"
        " where delivery_month = cast(:month as date) group by province)"
    )


DEVIATION: Final = Sheet(
    stem="deviation_attribution",
    zh="偏差归因",
    en="Deviation attribution",
    order_by="array_position(array['total', 'province', 'contract'], scope), province, contract_id",
    counted="contract",
    blocks="province",
    columns=(
        _SCOPE,
        MONTH,
        PROVINCE,
        CONTRACT,
        CUSTOMER,
        CUSTOMER_NAME,
        CUSTOMER_NAME_EN,
        Column("contract_mwh", "合同电量(兆瓦时)", "Contracted (MWh)", 3),
        Column("actual_mwh", "实际用电量(兆瓦时)", "Actual (MWh)", 3),
        Column("deviation_mwh", "偏差电量(兆瓦时)", "Deviation (MWh)", 3),
        Column("deviation_rate", "偏差率", "Deviation rate", 6),
        Column("deviation_share_rate", "占省内偏差比重", "Share of the province's deviation", 6),
        Column("deviation_fee_cny", "偏差费用(元)", "Deviation charge (CNY)", 2),
    ),
    source="""(
        select
            case
                when grouping(contract_id) = 0 then 'contract'
                when grouping(province) = 0 then 'province'
                else 'total'
            end as scope,
            delivery_month, province, contract_id, customer_id, customer_name, customer_name_en,
            sum(contract_mwh) as contract_mwh, sum(actual_mwh) as actual_mwh,
            sum(deviation_mwh) as deviation_mwh,
            round(sum(deviation_mwh) / nullif(sum(contract_mwh), 0), 6) as deviation_rate,
            case when grouping(contract_id) = 0 then max(deviation_share_rate) end as deviation_share_rate,
            sum(deviation_fee_cny) as deviation_fee_cny
        from marts_settlement.settlement_deviation
        where delivery_month = cast(:month as date)
        group by grouping sets (
            (delivery_month, province, contract_id, customer_id, customer_name, customer_name_en),
            (delivery_month, province),
            (delivery_month)
        )
    )""",
)
"""Whose energy made the deviation: contracts as the mart has them, with the sums of provinces and of all."""
