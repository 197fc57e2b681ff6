with versions as (
    {{ landed_versions('channel', ['channel_id', 'effective_from']) }}
)

select
    versions.channel_id,
    versions.effective_from,
    {{ valid_to('versions', 'channel_id') }} as valid_to,
    versions.channel_name,
    versions.channel_name_en,
    versions.kind,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
