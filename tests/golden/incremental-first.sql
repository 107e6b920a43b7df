-- stage
IF OBJECT_ID(N'[shop].[ledger__next]', 'U') IS NOT NULL DROP TABLE [shop].[ledger__next];
CREATE TABLE [shop].[ledger__next]
WITH (DISTRIBUTION = ROUND_ROBIN)
AS
SELECT o.order_id, o.customer, o.price, o.batch
FROM "shop"."orders" o
OPTION (LABEL = N'medstream:golden:shop.ledger');

-- audit
SELECT N'' AS assertion, COUNT_BIG(*) AS failing_rows
FROM [shop].[ledger__next]
UNION ALL
SELECT N'dataform_assertions.shop_ledger_assertions_uniqueKey_0' AS assertion, COUNT_BIG(*) AS failing_rows
FROM (
SELECT
  *
FROM (
  SELECT
    order_id,
    COUNT(1) AS index_row_count
  FROM "shop"."ledger__next"
  GROUP BY order_id
  ) AS data
WHERE index_row_count > 1
) AS failing
OPTION (LABEL = N'medstream:golden:shop.ledger');

-- prepare
ALTER TABLE [shop].[ledger__next] ADD CONSTRAINT [uq_ledger__next_0_golden] UNIQUE ([order_id]) NOT ENFORCED;
CREATE STATISTICS [st_order_id] ON [shop].[ledger__next] ([order_id]);

-- publish
RENAME OBJECT [shop].[ledger__next] TO [ledger];
