-- stage
IF OBJECT_ID(N'[shop].[ledger__next]', 'U') IS NOT NULL DROP TABLE [shop].[ledger__next];
CREATE TABLE [shop].[ledger__next]
WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)
AS
SELECT o.order_id, o.customer, o.price, o.batch
FROM "shop"."orders" o
WHERE o.batch > (SELECT MAX(s.batch) FROM "shop"."ledger" s)
OPTION (LABEL = N'medstream:golden:shop.ledger');

-- audit
SELECT N'' AS assertion, COUNT_BIG(*) AS failing_rows
FROM [shop].[ledger__next]
OPTION (LABEL = N'medstream:golden:shop.ledger');

-- audit
IF OBJECT_ID(N'[shop].[ledger__audit]', 'V') IS NOT NULL DROP VIEW [shop].[ledger__audit];

-- audit
CREATE VIEW [shop].[ledger__audit] AS
SELECT n.[order_id], n.[price]
FROM [shop].[ledger__next] n
UNION ALL
SELECT t.[order_id], t.[price]
FROM [shop].[ledger] t

-- audit
SELECT N'dataform_assertions.shop_ledger_assertions_uniqueKey_0' AS assertion, COUNT_BIG(*) AS failing_rows
FROM (
SELECT
  *
FROM (
  SELECT
    order_id,
    COUNT(1) AS index_row_count
  FROM "shop"."ledger__audit"
  GROUP BY order_id
  ) AS data
WHERE index_row_count > 1
) AS failing
OPTION (LABEL = N'medstream:golden:shop.ledger');

-- merge
SET XACT_ABORT ON;
BEGIN TRANSACTION;
INSERT INTO [shop].[ledger] ([order_id], [price])
SELECT [order_id], [price]
FROM [shop].[ledger__next]
OPTION (LABEL = N'medstream:golden:shop.ledger');
COMMIT TRANSACTION;

-- statistics
UPDATE STATISTICS [shop].[ledger];

-- clean up
IF OBJECT_ID(N'[shop].[ledger__next]', 'U') IS NOT NULL DROP TABLE [shop].[ledger__next];

-- clean up
IF OBJECT_ID(N'[shop].[ledger__audit]', 'V') IS NOT NULL DROP VIEW [shop].[ledger__audit];
