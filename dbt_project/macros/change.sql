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
        {{ make_room(upstream, news, keys, digests) }}
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

{# post_hook of the members, before they keep their progress: the sum of the rows that came #}
{% macro write_what_came(upstream, keys, change) -%}
    {%- set seen = known_until(progress_of(upstream)) -%}
    {%- if seen is not none -%}
        with came as (
            select stored.*
            from {{ this }} as stored
            inner join {{ staged_news() }} as news
                on true {%- for key in keys %} and stored.{{ key }} = news.{{ key }}{% endfor %}
        )
        {{ write_change(change, seen, upstream, 'came', 1) }};
    {%- endif -%}
{%- endmacro %}

{% macro write_change(change, seen, upstream, rows, sign) -%}
    insert into {{ change }} (
        seen_from, seen_to, province, delivery_on, contracts, missing_slots, {{ slot_columns() | join(', ') }}
    )
    select
        {{ seen }}, cast(split_part({{ progress_of(upstream) }}, ' ', 2) as bigint), members.province, members.delivery_on,
        {{ sign }} * count(*), sum({{ curve_missing('members') }})
        {%- for column in slot_columns() %}, {{ sign }} * sum(members.{{ column }}){% endfor %}
    from {{ rows }} as members
    group by members.province, members.delivery_on
{%- endmacro %}

{# pre_hook of the sums, before make_room: the stored ones with all that was written since they were made #}
{% macro stage_changed_sums(upstream, change) -%}
    {%- set seen = known_until(progress_of(upstream)) -%}
    {%- if seen is not none -%}
        create temporary table {{ changed_sums() }} on commit drop as
        select
            stored.province, stored.delivery_on
            {%- for column in slot_columns() %},
            cast(stored.{{ column }} + sum(changes.{{ column }}) as bigint) as {{ column }}{% endfor %}
        from {{ this }} as stored
        inner join {{ change }} as changes
            on
                stored.province = changes.province
                and stored.delivery_on = changes.delivery_on
        where
            changes.seen_from >= {{ seen }}
            -- none of them is lost: they begin where the sums end
            and exists (select 1 from {{ change }} as first where first.seen_from = {{ seen }})
            and {{ curve_missing('stored') }} = 0
        group by stored.province, stored.delivery_on, {{ curve_columns('stored') }}
        having sum(changes.contracts) = 0 and sum(changes.missing_slots) = 0;
    {%- endif -%}
{%- endmacro %}

{% macro changed_sums() -%}
    sums_of_{{ this.identifier }}
{%- endmacro %}
