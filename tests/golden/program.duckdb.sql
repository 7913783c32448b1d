-- r10 of leads(x, y)
SELECT
  t0.c0 AS c0,
  t0.c1 AS c1
FROM r0 AS t0;

-- r10n of leads(x, y)
SELECT
  c0,
  c1
FROM r10;

-- r10x of leads(x, y)
SELECT
  t0.c0 AS c0,
  t1.c1 AS c1
FROM r10n AS t0
INNER JOIN r0 AS t1
  ON t1.c0 = t0.c1
EXCEPT
SELECT
  c0,
  c1
FROM r10;

-- r10n of leads(x, y)
SELECT
  c0,
  c1
FROM r10x;

-- r10x of leads(x, y)
SELECT
  t0.c0 AS c0,
  t1.c1 AS c1
FROM r10n AS t0
INNER JOIN r0 AS t1
  ON t1.c0 = t0.c1
EXCEPT
SELECT
  c0,
  c1
FROM r10;

-- r10n of leads(x, y)
SELECT
  c0,
  c1
FROM r10x;

-- r10x of leads(x, y)
SELECT
  t0.c0 AS c0,
  t1.c1 AS c1
FROM r10n AS t0
INNER JOIN r0 AS t1
  ON t1.c0 = t0.c1
EXCEPT
SELECT
  c0,
  c1
FROM r10;

-- r10n of leads(x, y)
SELECT
  c0,
  c1
FROM r10x;

-- r11 of end(x)
SELECT DISTINCT
  t0.c1 AS c0
FROM r10 AS t0
ANTI JOIN r10 AS t1
  ON t1.c0 = t0.c1;

-- r12 of late(x, n)
SELECT
  t0.c0 AS c0,
  t0.c1 AS c1
FROM r2 AS t0
ANTI JOIN r0 AS t2
  ON t2.c0 = t0.c0 AND t2.c1 = t0.c0
WHERE
  t0.c1 > 20250401;

-- r13 of marked(column_1, x)
SELECT
  CAST(0 AS INT) AS c0,
  t0.c0 AS c1
FROM r11 AS t0
SEMI JOIN r12 AS t1
  ON t1.c0 = t0.c0;
