-- stage
IF OBJECT_ID(N'[shop].[orders__next]', 'V') IS NOT NULL DROP VIEW [shop].[orders__next];

-- stage
CREATE VIEW [shop].[orders__next] AS
SELECT r.order_id, LOWER(r.customer) AS customer, CAST(r.price AS decimal(18,2)) AS price, r.batch
FROM "raw"."raw_orders" r
WHERE r.price > 0

-- audit
SELECT N'dataform_assertions.shop_orders_assertions_uniqueKey_0' AS assertion, COUNT_BIG(*) AS failing_rows
FROM (
SELECT
  *
FROM (
  SELECT
    order_id,
    COUNT(1) AS index_row_count
  FROM "shop"."orders__next"
  GROUP BY order_id
  ) AS data
WHERE index_row_count > 1
) AS failing
OPTION (LABEL = N'medstream:golden:shop.orders');

-- publish
ALTER VIEW [shop].[orders] AS
SELECT r.order_id, LOWER(r.customer) AS customer, CAST(r.price AS decimal(18,2)) AS price, r.batch
FROM "raw"."raw_orders" r
WHERE r.price > 0

-- clean up
IF OBJECT_ID(N'[shop].[orders__next]', 'V') IS NOT NULL DROP VIEW [shop].[orders__next];
