-- pre-operation
SELECT 'before' AS step

-- stage
IF OBJECT_ID(N'[marts].[customers__next]', 'U') IS NOT NULL DROP TABLE [marts].[customers__next];
CREATE TABLE [marts].[customers__next]
WITH (DISTRIBUTION = HASH(customer), CLUSTERED INDEX (customer))
AS
SELECT p.customer, CAST(SUM(p.price) AS decimal(18,2)) AS total, COUNT(*) AS orders
FROM (
SELECT o.order_id, o.customer, o.price FROM "shop"."orders" o WHERE o.price > 6
) p
GROUP BY p.customer
OPTION (LABEL = N'medstream:golden:marts.customers');

-- audit
SELECT N'' AS assertion, COUNT_BIG(*) AS failing_rows
FROM [marts].[customers__next]
UNION ALL
SELECT N'dataform_assertions.marts_customers_assertions_uniqueKey_0' AS assertion, COUNT_BIG(*) AS failing_rows
FROM (
SELECT
  *
FROM (
  SELECT
    customer,
    COUNT(1) AS index_row_count
  FROM "marts"."customers__next"
  GROUP BY customer
  ) AS data
WHERE index_row_count > 1
) AS failing
UNION ALL
SELECT N'dataform_assertions.marts_customers_assertions_rowConditions' AS assertion, COUNT_BIG(*) AS failing_rows
FROM (
SELECT
  'total >= 0' AS failing_row_condition,
  *
FROM "marts"."customers__next"
WHERE NOT (total >= 0)
UNION ALL
SELECT
  'total IS NOT NULL' AS failing_row_condition,
  *
FROM "marts"."customers__next"
WHERE NOT (total IS NOT NULL)
) AS failing
OPTION (LABEL = N'medstream:golden:marts.customers');

-- prepare
ALTER TABLE [marts].[customers__next] ADD CONSTRAINT [uq_customers__next_0_golden] UNIQUE ([customer]) NOT ENFORCED;
CREATE STATISTICS [st_customer] ON [marts].[customers__next] ([customer]);
GRANT SELECT ON OBJECT::[marts].[customers__next] TO [analysts];

-- publish
IF OBJECT_ID(N'[marts].[customers__prev]', 'U') IS NOT NULL DROP TABLE [marts].[customers__prev];
RENAME OBJECT [marts].[customers] TO [customers__prev];
RENAME OBJECT [marts].[customers__next] TO [customers];

-- post-operation
CREATE STATISTICS st_total ON "marts"."customers" (total)
