"""Rewriting of programs: the same answers for their goals, for very many apps at once.

Begin with `batching.py`; `domains.py` finds the values that static facts leave to the variables
of a rule.

May import: engines, lang.
"""
