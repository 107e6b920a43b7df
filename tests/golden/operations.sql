-- operation
IF OBJECT_ID('raw.raw_orders', 'U') IS NOT NULL DROP TABLE raw.raw_orders

-- operation
CREATE TABLE raw.raw_orders WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS
SELECT 1 AS order_id, 'ann' AS customer, 10.50 AS price, 1 AS batch
UNION ALL SELECT 2, 'bob', 20.00, 1
UNION ALL SELECT 3, 'ann', 5.25, 2
