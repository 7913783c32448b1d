"""Comparisons: what changed between two days, between two requirement trees, between two profiles.

Begin with `changes.py`; `tree_difference.py` compares two requirements node by node,
`provisions.py` the duties and prohibitions of two days, `what_if.py` two answers of one app, and
finds the smallest change that satisfies. `results.py` holds what they give.

May import: explain, answers, query, base and what lies below.
"""
