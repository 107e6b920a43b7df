-- audit
SELECT N'dataform_assertions.no_negative_price' AS assertion, COUNT_BIG(*) AS failing_rows
FROM (
SELECT o.order_id FROM "shop"."orders" o WHERE o.price < 0
) AS failing
OPTION (LABEL = N'medstream:golden:dataform_assertions.no_negative_price');
