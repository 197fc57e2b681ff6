-- 101 in four equal parts is 26, 25, 25, 25; a negative total, unequal quotas and a rounded total add up too
with given as (
    select *
    from (
        values
        ('equal', 1, 101, 4, 101, 26), ('equal', 2, 101, 4, 101, 25), ('equal', 3, 101, 4, 101, 25), ('equal', 4, 101, 4, 101, 25),
        ('negative', 1, -101, 4, -101, -25), ('negative', 2, -101, 4, -101, -25), ('negative', 3, -101, 4, -101, -25), ('negative', 4, -101, 4, -101, -26),
        ('unequal', 1, 10, 7, 10, 1), ('unequal', 2, 25, 7, 10, 4), ('unequal', 3, 35, 7, 10, 5),
        ('rounded', 1, 14, 10, 3, 2), ('rounded', 2, 14, 10, 3, 1)
    ) as rows (name, place, numerator, denominator, total, expected)
),

shared as (
    select
        given.*,
        {{ largest_remainder('given.numerator', 'given.denominator', 'given.total', 'given.name', 'given.place') }} as share
    from given
)

select *
from shared
where share <> expected
