{# Sums of curves that are corrected by the difference instead of being added up again. Whoever recomputes members writes down,
   in the same transaction, the sum of the rows that it deletes and of those that it inserts (int_province_day_change); whoever
   keeps the sums adds what was written since it read last. Only where that is the same as adding up: as many members as
   before, and no slot missing in one of them or in the sum. #}

{# pre_hook of the members, after make_room's part: the rows of the news go, with their sum; the chain of changes ends when the
   news are not known. What the last run but one wrote is not kept. #}
{% macro make_room_with_change(upstream, news, keys, digests, change) -%}
    {%- set seen = known_until(progress_of(upstream)) -%}
    {%- if seen is none -%}
        delete from {{ change }};
        {{ make_room(seen, news, keys, digests) }}
    {%- else -%}
        {{ stage_news(news, seen) }};
        delete from {{ change }} where seen_to < {{ seen }};
        with gone as (
            delete from {{ this }} as stored using {{ staged_news() }} as news
            where true {%- for key in keys %} and stored.{{ key }} = news.{{ key }}{% endfor %}
            returning stored.*
        )
        {{ write_change(change, seen, upstream, 'gone', -1) }}
    {%- endif -%}
{%- endmacro %}

{# post_hook of the members, before they keep their progress: the sum of the rows that came, where the news are staged #}
{% macro write_what_came(upstream, keys, change) -%}
    do $$ begin
        if to_regclass('pg_temp.{{ staged_news() }}') is not null then
            with came as (
                select stored.*
                from {{ this }} as stored
                inner join {{ staged_news() }} as news
                    on true {%- for key in keys %} and stored.{{ key }} = news.{{ key }}{% endfor %}
            )
            {{ write_change(change, seen_of(progress_of(this)), upstream, 'came', 1) }};
        end if;
    end $$;
{%- endmacro %}

{% macro write_change(change, seen, upstream, rows, sign) -%}
    insert into {{ change }} (
        seen_from, seen_to, province, delivery_on, unknown_slots, {{ province_day_columns() | join(', ') }}
    )
    select
        {{ seen }}, {{ seen_of(progress_of(upstream)) }}, changes.province, changes.delivery_on,
        changes.unknown_slots
        {%- for column in province_day_columns() %}, {{ sign }} * changes.{{ column }}{% endfor %}
    from (
        select
            members.province, members.delivery_on, sum({{ curve_missing('members') }}) as unknown_slots,
            {{ province_day_counts('members') }}, {{ curve_total('members') }}
        from {{ rows }} as members
        group by members.province, members.delivery_on
    ) as changes
{%- endmacro %}

{# pre_hook of the sums #}
{% macro make_room_beside_sums(upstream, change, news, keys, digests, news_keys) -%}
    {%- set seen = known_until(progress_of(upstream)) -%}
    {%- if seen is not none -%}{{ stage_changed_sums(seen, change) }};{%- endif %}
    {{ make_room(seen, news, keys, digests, news_keys) }}
{%- endmacro %}

{# the stored sums of the days that changed, with all that was written since they were made; none of a day where one province
   cannot be corrected #}
{% macro stage_changed_sums(seen, change) -%}
    create temporary table {{ changed_sums() }} on commit drop as
    with changes as (
        select
            written.province, written.delivery_on, sum(written.unknown_slots) as unknown_slots
            {%- for column in province_day_columns() %}, sum(written.{{ column }}) as {{ column }}{% endfor %}
        from {{ change }} as written
        where
            written.seen_from >= {{ seen }}
            -- none of them is lost: they begin where the sums end
            and exists (select 1 from {{ change }} as first where first.seen_from = {{ seen }})
            -- none is added twice: of one that ends where it began nobody could tell (models that were built one by one)
            and not exists (
                select 1 from {{ change }} as still
                where still.seen_from >= {{ seen }} and still.seen_to = still.seen_from
            )
        group by written.province, written.delivery_on
    ),

    corrected as (
        select
            stored.province, stored.delivery_on
            {%- for column in province_day_columns() %},
            cast(stored.{{ column }} + coalesce(changes.{{ column }}, 0) as {{ province_day_type(column) }}) as {{ column }}
            {%- endfor %},
            bool_and(
                changes.province is null
                or (changes.contracts = 0 and changes.unknown_slots = 0 and {{ curve_missing('stored') }} = 0)
            ) over (partition by coalesce(stored.delivery_on, changes.delivery_on)) as is_exact
        from {{ this }} as stored
        full outer join changes
            on
                stored.province = changes.province
                and stored.delivery_on = changes.delivery_on
        where coalesce(stored.delivery_on, changes.delivery_on) in (select changes.delivery_on from changes)
    )

    select province, delivery_on, {{ province_day_columns() | join(', ') }}
    from corrected
    where is_exact
{%- endmacro %}

{% macro changed_sums() -%}
    sums_of_{{ this.identifier }}
{%- endmacro %}

{# what of contract-days adds up to their province-day, without the curve. Sums of hashes need no order, so that the contracts of
   many days are not sorted, and can be corrected by the difference, too; two seeds make 128 bits. #}
{% macro province_day_counts(members) -%}
    count(*) as contracts,
    cast(sum({{ members }}.metering_points_expected) as bigint) as metering_points_expected,
    cast(sum({{ members }}.metering_points) as bigint) as metering_points,
    cast(sum({{ members }}.missing_slots) as bigint) as missing_slots,
    sum(hashtextextended({{ members }}.contract_id || '|' || {{ members }}.input_digest, 0)) as hash_0,
    sum(hashtextextended({{ members }}.contract_id || '|' || {{ members }}.input_digest, 1)) as hash_1
{%- endmacro %}

{% macro province_day_digest(sums) -%}
    md5(concat_ws('|', {{ sums }}.contracts, {{ sums }}.hash_0, {{ sums }}.hash_1))
{%- endmacro %}

{# counts, hashes and curve of a province-day, in their order #}
{% macro province_day_columns() -%}
    {{ return([
        'contracts', 'metering_points_expected', 'metering_points', 'missing_slots', 'hash_0', 'hash_1'
    ] + slot_columns()) }}
{%- endmacro %}

{% macro province_day_type(column) -%}
    {{ 'numeric' if column.startswith('hash_') else 'bigint' }}
{%- endmacro %}
