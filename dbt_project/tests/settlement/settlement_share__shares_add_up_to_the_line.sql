-- a line without a contract is borne by the contracts to the fen; a line of a contract is shared by nobody
with shares as (
    select
        shares.line_id,
        sum(shares.amount_cny) as amount_cny
    from {{ ref('settlement_share') }} as shares
    group by shares.line_id
)

select
    lines.line_id,
    lines.amount_cny,
    shares.amount_cny as shared_cny
from {{ ref('settlement_line') }} as lines
left join shares on lines.line_id = shares.line_id
where
    case
        when lines.contract_id is null then shares.amount_cny is distinct from lines.amount_cny
        else shares.amount_cny is not null
    end
