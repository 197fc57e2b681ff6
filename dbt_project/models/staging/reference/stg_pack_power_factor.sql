-- The tables of the power-factor adjustment, written out: the rate at each hundredth of each standard. Above the standard
-- the last step reached holds; below it every hundredth of each slope adds its rate.
with standards as (
    select
        packs.pack_hash,
        tables.standard,
        tables.above,
        tables.below
    from {{ source('reference', 'rule_pack') }} as packs
    cross join lateral jsonb_to_recordset({{ pack_value('packs', 'tariff.power_factor_tables') }}) as tables (
        standard numeric(3, 2), above jsonb, below jsonb
    )
),

points as (
    select
        standards.*,
        cast(hundredths.h as numeric) / 100 as power_factor
    from standards
    cross join generate_series(0, 100) as hundredths (h)
),

slopes as (
    select
        standards.pack_hash,
        standards.standard,
        slope.to_pf,
        slope.rate,
        lag(slope.to_pf, 1, standards.standard) over (
            partition by standards.pack_hash, standards.standard order by slope.to_pf desc
        ) as from_pf
    from standards
    cross join lateral jsonb_to_recordset(standards.below) as slope (to_pf numeric(3, 2), rate numeric)
)

select
    points.pack_hash,
    points.standard as pf_standard,
    cast(points.power_factor as numeric(3, 2)) as power_factor,
    cast(
        case
            when points.power_factor >= points.standard
                then
                    coalesce(
                        (
                            select step.rate
                            from jsonb_to_recordset(points.above) as step (from_pf numeric(3, 2), rate numeric)
                            where points.power_factor >= step.from_pf
                            order by step.from_pf desc
                            limit 1
                        ), 0
                    )
            else (
                select sum(greatest(slopes.from_pf - greatest(slopes.to_pf, points.power_factor), 0) * 100 * slopes.rate)
                from slopes
                where
                    points.pack_hash = slopes.pack_hash
                    and points.standard = slopes.standard
            )
        end as numeric(8, 6)
    ) as rate
from points
