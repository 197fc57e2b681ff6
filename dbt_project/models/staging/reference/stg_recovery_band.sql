{{ config(materialized='view') }}

select
    bands.pack_hash,
    bands.kind,
    bands.delivery_month,
    bands.hour,
    bands.band_rate
from {{ source('reference', 'recovery_band') }} as bands
