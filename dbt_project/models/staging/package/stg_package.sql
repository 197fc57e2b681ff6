{{ config(materialized='view', tags=['pricing']) }}

select
    packages.package_hash,
    packages.package_id,
    packages.package_version,
    packages.package_type,
    packages.province,
    packages.title_zh,
    packages.title_en
from {{ source('reference', 'package') }} as packages
