"""Rewriting of programs: the same answers for their goals, for very many apps at once.

Begin with `batching.py`; `domains.py` finds the values that static facts leave to the variables
of a rule. `bearing.py` computes what of a profile can bear on some facts at all, with `gates.py`
and `implied.py` for what the rest of a rule implies anyway.

May import: engines, lang.
"""
