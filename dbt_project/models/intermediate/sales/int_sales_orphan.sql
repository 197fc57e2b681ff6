-- records of power sales management that name something which was not delivered
with named as (
    {%- for feed, record, wanted_feed, wanted, day in [
        ('receipt', 'receipt_id', 'invoice', 'invoice_id', 'received_on'),
        ('invoice', 'invoice_id', 'contract', 'contract_id', 'issued_on'),
        ('contract_event', 'contract_id', 'contract', 'contract_id', 'happened_on'),
        ('contract_event', 'contract_id', 'contract', 'new_contract_id', 'happened_on'),
        ('contract_version', 'contract_id', 'contract', 'contract_id', 'effective_from'),
        ('contract_plan', 'contract_id', 'contract', 'contract_id', 'delivery_month'),
        ('channel_commission', 'channel_id', 'channel', 'channel_id', 'effective_from'),
        ('channel_commission', 'channel_id', 'contract', "nullif(contract_id, 'all')", 'effective_from'),
    ] %}
        select
            '{{ feed }}' as feed,
            {{ record }} as record_id,
            '{{ wanted_feed }}' as wanted_feed,
            {{ wanted }} as wanted_id,
            {{ day }} as opened_on
        from {{ ref('stg_' ~ feed) }}

        union all
    {% endfor %}
    -- a change names the version of the terms that it brings
    select
        'contract_event' as feed,
        events.contract_id as record_id,
        'contract_version' as wanted_feed,
        events.contract_id || ' ' || events.version_no as wanted_id,
        events.happened_on as opened_on
    from {{ ref('stg_contract_event') }} as events
    where events.event = 'changed'
),

delivered as (
    select
        'invoice' as feed,
        invoices.invoice_id as id
    from {{ ref('stg_invoice') }} as invoices

    union all

    select
        'contract' as feed,
        contracts.contract_id as id
    from {{ ref('stg_contract') }} as contracts

    union all

    select distinct
        'channel' as feed,
        channels.channel_id as id
    from {{ ref('stg_channel') }} as channels

    union all

    select
        'contract_version' as feed,
        versions.contract_id || ' ' || versions.version_no as id
    from {{ ref('stg_contract_version') }} as versions
)

select
    named.feed,
    named.wanted_feed,
    named.wanted_id,
    min(named.record_id) as first_record_id,
    count(*) as records,
    min(named.opened_on) as opened_on
from named
left join delivered
    on
        named.wanted_feed = delivered.feed
        and named.wanted_id = delivered.id
where
    named.wanted_id is not null
    and delivered.id is null
group by named.feed, named.wanted_feed, named.wanted_id
