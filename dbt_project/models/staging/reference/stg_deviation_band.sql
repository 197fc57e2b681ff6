{{ config(materialized='view') }}

select
    bands.pack_hash,
    bands.direction,
    bands.step,
    bands.from_rate,
    bands.to_rate,
    bands.price_cny_per_mwh
from {{ source('reference', 'deviation_band') }} as bands
