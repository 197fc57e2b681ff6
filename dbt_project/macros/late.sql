{# What the tables of metered days recompute: keys with a version or a verdict of a later batch than they have seen. #}

{# pre_hook: when a run reads at an earlier cut than the stored one, the table is emptied and made again. Then what is late is
   staged, with its statistics, and the rows of its keys are deleted. The model's own joins may not loop. #}
{% macro make_room_for_meter_days(late) -%}
    {%- if is_incremental() -%}
        -- mostly little is late, and starting workers takes longer
        set local max_parallel_workers_per_gather = 0;
        delete from {{ this }}
        where (select max(seen_batch_seq) from {{ this }}) > (select through_batch_seq from {{ ref('stg_run') }});
        create temporary table {{ staged_news() }} on commit drop as {{ late() }};
        analyze {{ staged_news() }};
        delete from {{ this }} as stored using {{ staged_news() }} as fresh where {{ same_meter_day('stored', 'fresh') }};
    {%- endif -%}
    {{ linear_joins() }}
{%- endmacro %}

{# keys whose landed versions or verdicts are late #}
{% macro late_versions() -%}
    select {{ meter_day_key('versions') }}
    from {{ ref('stg_meter_day_version') }} as versions
    where
        -- by batch, so that only what was landed since is read
        versions.batch_id = any(array(
            select batches.batch_id from {{ ref('stg_batch') }} as batches where batches.batch_seq > {{ seen_so_far() }}
        ))
    union
    select {{ meter_day_key('verdicts') }}
    from {{ ref('stg_meter_day_verdict') }} as verdicts
    where verdicts.batch_seq > {{ seen_so_far() }}
{%- endmacro %}

{# late keys with the version that reigns now, or the withdrawn edit that no other version follows #}
{% macro late_heads() -%}
    select reigns.*
    from {{ ref('stg_meter_day_reign') }} as reigns
    where reigns.known_to is null and reigns.seen_batch_seq > {{ seen_so_far() }}
{%- endmacro %}

{% macro seen_so_far() -%}
    (select coalesce(max(stored.seen_batch_seq), 0) from {{ this }} as stored)
{%- endmacro %}
