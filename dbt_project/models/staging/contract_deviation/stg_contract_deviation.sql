with versions as (
    {{ landed_versions('contract_deviation', ['contract_id', 'effective_from']) }}
)

select
    versions.contract_id,
    versions.effective_from,
    coalesce(
        lead(versions.effective_from) over (partition by versions.contract_id order by versions.effective_from) - 1,
        date '9999-12-31'
    ) as valid_to,
    versions.mode,
    versions.price_basis,
    versions.price_series,
    versions.down_band_rate,
    versions.down_price,
    versions.down_second_band_rate,
    versions.down_second_price,
    versions.up_band_rate,
    versions.up_price,
    versions.up_second_band_rate,
    versions.up_second_price,
    versions.borne_by,
    case versions.borne_by when 'customer' then 1 when 'retailer' then 0 else versions.customer_share_rate end as customer_share_rate,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
