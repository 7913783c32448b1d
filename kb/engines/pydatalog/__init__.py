"""The interactive engine: pyDatalog, one isolated logic a knowledge base.

Begin with `engine.py`: strata in order, recursion as semi-naive rounds over clauses that are
not recursive. `clauses.py` writes the clauses of a rule for what an app has, `asserted.py`
keeps facts asserted between questions, `estimates.py` and `selectivity.py` choose orders,
`clock.py` ends a search that would not end by itself.

May import: engines, lang.
"""
