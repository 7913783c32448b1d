"""The engines that write SQL: DuckDB on one machine, Spark on a cluster.

Begin with `select.py` (a rule as one SELECT) and `relational.py` (strata in order, recursion as
semi-naive rounds). `joins.py`, `keys.py` and `disjointness.py` plan; `duckdb.py` and `spark.py`
run.

May import: engines, lang.
"""
