-- the channel of each contract: sales_channel holds its id or one of its names, and the id goes first
with candidates as (
    select
        contracts.contract_id,
        channels.channel_id,
        channels.channel_name,
        channels.channel_name_en,
        channels.kind,
        row_number() over (
            partition by contracts.contract_id
            order by case when channels.channel_id = contracts.sales_channel then 0 else 1 end, channels.channel_id
        ) as choice
    from {{ ref('stg_contract') }} as contracts
    cross join {{ ref('stg_run') }} as run
    inner join {{ ref('stg_channel') }} as channels
        on
            contracts.sales_channel in (channels.channel_id, channels.channel_name, channels.channel_name_en)
            and run.business_date between channels.effective_from and channels.valid_to
)

select
    contracts.contract_id,
    coalesce(candidates.channel_id, contracts.sales_channel) as channel_id,
    coalesce(candidates.channel_name, contracts.sales_channel) as channel_name,
    coalesce(candidates.channel_name_en, candidates.channel_name, contracts.sales_channel) as channel_name_en,
    candidates.kind as channel_kind
from {{ ref('stg_contract') }} as contracts
left join candidates
    on
        contracts.contract_id = candidates.contract_id
        and candidates.choice = 1
where contracts.sales_channel is not null
