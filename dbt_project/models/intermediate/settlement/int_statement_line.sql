-- Lines of the statements of the grid company and the trading centre, each under the component of ours that its item is. An
-- item that nothing maps stays under its own name: it is compared, and found missing on our side.
with stated as (
    select
        'grid_company' as party,
        grid.province,
        grid.delivery_month,
        grid.side,
        grid.subject_type,
        grid.subject_id,
        grid.item,
        grid.tou_period,
        grid.line_kind,
        grid.quantity_mwh,
        grid.price_cny_per_mwh,
        grid.amount_cny,
        grid.statement_no,
        grid.issued_on,
        grid.received_on,
        grid.file_name,
        grid.line_no
    from {{ ref('stg_grid_statement') }} as grid

    union all

    select
        'trading_centre' as party,
        centre.province,
        centre.delivery_month,
        centre.side,
        'retailer' as subject_type,
        centre.province as subject_id,
        centre.item,
        'all' as tou_period,
        centre.line_kind,
        centre.quantity_mwh,
        centre.price_cny_per_mwh,
        centre.amount_cny,
        centre.statement_no,
        centre.issued_on,
        centre.received_on,
        centre.file_name,
        centre.line_no
    from {{ ref('stg_centre_statement') }} as centre
),

words as (
    select
        items.side,
        items.item,
        items.component
    from {{ ref('statement_item') }} as items

    union

    select
        components.side,
        titles.item,
        components.component
    from {{ ref('settlement_component') }} as components
    cross join lateral (values (components.title_zh), (components.title_en)) as titles (item)
),

-- a title that two components share says nothing
known_word as (
    select
        words.side,
        words.item,
        min(words.component) as component
    from words
    group by words.side, words.item
    having count(distinct words.component) = 1
),

-- the trading centre's items of the month under the name that it printed when it listed them
listed as (
    select
        {{ market_item_side('items') }} as side,
        items.province,
        items.delivery_month,
        items.item_name as item,
        min({{ market_item_component('items') }}) as component
    from {{ ref('stg_market_item') }} as items
    where items.item_name is not null
    group by {{ market_item_side('items') }}, items.province, items.delivery_month, items.item_name
    having count(*) = 1
)

select
    stated.*,
    coalesce(listed.component, known_word.component, stated.item) as component
from stated
left join known_word
    on
        stated.side = known_word.side
        and stated.item = known_word.item
left join listed
    on
        stated.side = listed.side
        and stated.province = listed.province
        and stated.delivery_month = listed.delivery_month
        and stated.item = listed.item
