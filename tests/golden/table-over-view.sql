-- stage
IF OBJECT_ID(N'[marts].[by_batch__next]', 'U') IS NOT NULL DROP TABLE [marts].[by_batch__next];
CREATE TABLE [marts].[by_batch__next]
WITH (DISTRIBUTION = ROUND_ROBIN)
AS
SELECT l.batch, COUNT(*) AS orders FROM "shop"."ledger" l GROUP BY l.batch
OPTION (LABEL = N'medstream:golden:marts.by_batch');

-- audit
SELECT N'' AS assertion, COUNT_BIG(*) AS failing_rows
FROM [marts].[by_batch__next]
OPTION (LABEL = N'medstream:golden:marts.by_batch');

-- publish
IF OBJECT_ID(N'[marts].[by_batch]', 'V') IS NOT NULL DROP VIEW [marts].[by_batch];
RENAME OBJECT [marts].[by_batch__next] TO [by_batch];
