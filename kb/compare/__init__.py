"""Comparisons: two days (`changes`), two profiles (`what_if`), two requirements
(`tree_difference`).

Begin with `results`, which holds what comparisons find, then `changes`. May import what lies below:
answers, explain and interview, no renderer.
"""
