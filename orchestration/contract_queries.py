"""The queries behind a contract document (``contract_facts``): staging, read by ``wl_transform``."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

CONTRACT: Final = sa.text(
    """
    select contract_id, customer_id, package_type, signed_on, effective_from, effective_to, sales_channel
    from staging.stg_contract where contract_id = :contract_id
    """
)
CONTRACT_IDS: Final = sa.text("select contract_id from staging.stg_contract order by contract_id")
CUSTOMER: Final = sa.text(
    """
    select customer_name as name, customer_name_en as name_en
    from staging.stg_customer
    where customer_id = :customer_id
    -- the record of the first delivery day, else the nearest one: a draft may be older than its customer
    order by :on between effective_from and valid_to desc, abs(effective_from - :on)
    limit 1
    """
).bindparams(sa.bindparam("on", type_=sa.Date))
ACCOUNTS: Final = sa.text(
    """
    select distinct on (accounts.account_id)
        accounts.account_id, accounts.voltage_level, accounts.capacity_kva
    from staging.stg_contract_account as covered
    inner join staging.stg_account as accounts on covered.account_id = accounts.account_id
    where covered.contract_id = :contract_id
    order by
        accounts.account_id,
        greatest(covered.effective_from, :on) between accounts.effective_from and accounts.valid_to desc,
        accounts.effective_from
    """
).bindparams(sa.bindparam("on", type_=sa.Date))
POINTS: Final = sa.text(
    """
    select distinct on (points.metering_point_id)
        points.metering_point_id, points.account_id, points.meter_id
    from staging.stg_contract_account as covered
    inner join staging.stg_contract as contracts on covered.contract_id = contracts.contract_id
    inner join staging.stg_metering_point as points
        on
            covered.account_id = points.account_id
            and points.effective_from <= least(covered.effective_to, contracts.effective_to)
            and points.valid_to >= greatest(covered.effective_from, contracts.effective_from)
    where covered.contract_id = :contract_id
    order by points.metering_point_id, points.effective_from
    """
)
QUANTITIES: Final = sa.text(
    """
    select delivery_month, quantity_mwh, sum(quantity_mwh) over () as total_mwh
    from staging.stg_contract_quantity where contract_id = :contract_id order by delivery_month
    """
)
PRICES: Final = sa.text(
    """
    select period, price_cny_per_mwh
    from staging.stg_contract_price
    where contract_id = :contract_id and component = 'energy'
    order by array_position(array['all', 'sharp', 'peak', 'flat', 'valley', 'deep_valley'], period)
    """
)
DEVIATION: Final = sa.text(
    """
    select
        mode, price_basis, price_series, borne_by, customer_share_rate,
        down_band_rate, down_price, down_second_band_rate, down_second_price,
        up_band_rate, up_price, up_second_band_rate, up_second_price
    from staging.stg_contract_deviation
    where contract_id = :contract_id and :on between effective_from and valid_to
    """
).bindparams(sa.bindparam("on", type_=sa.Date))
VERSIONS: Final = sa.text(
    """
    select version_no, effective_from, package_id, package_version
    from staging.stg_contract_version where contract_id = :contract_id order by version_no
    """
)
PACKAGES: Final = sa.text(
    """
    select package_hash, body from reference.package
    where package_id = :package_id and package_version = :version order by package_hash
    """
)
