select *
from (
    values
    ({{ half_up('0.005', 2) }}, 0.01), ({{ half_up('-0.005', 2) }}, -0.01), ({{ half_up('1.0049', 2) }}, 1.00),
    ({{ nano_to_cny('5000000') }}, 0.01), ({{ nano_to_cny('4999999') }}, 0.00),
    ({{ nano_to_cny('123456789004999996') }}, 123456789.00), ({{ wh_to_mwh('1234567890123000499') }}, 1234567890123.000),
    ({{ net_of_vat('113.00', '0.13') }}, 100.00)
) as rounded (actual, expected)
where rounded.actual <> rounded.expected
