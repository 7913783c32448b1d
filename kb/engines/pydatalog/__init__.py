"""The interactive engine: pyDatalog, one isolated logic a knowledge base.

Begin with `engine.py`: strata in order. `joins.py` finds those without recursion by look-ups;
recursion runs as semi-naive rounds over clauses that are not recursive. `clauses.py` writes the
clauses of such a rule for what an app has, `asserted.py` keeps facts asserted between questions,
`estimates.py` and `selectivity.py` choose orders, `clock.py` ends what would not end by itself.

May import: engines, lang.
"""
