{{ config(materialized='view') }}

-- of two contents under one name and version nobody knows which is meant, so that only what they agree on is told
select
    packages.package_id,
    packages.package_version,
    count(*) as contents,
    case when count(distinct packages.package_type) = 1 then min(packages.package_type) end as package_type,
    case when count(*) = 1 then min(packages.package_hash) end as package_hash,
    case when count(distinct packages.title_zh) = 1 then min(packages.title_zh) end as title_zh,
    case when count(distinct packages.title_en) = 1 then min(packages.title_en) end as title_en
from {{ ref('stg_package') }} as packages
group by packages.package_id, packages.package_version
