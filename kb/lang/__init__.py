"""The rule language: text in, a checked and frozen program out. Nothing in a text is executed.

Begin with `syntax.py` (what a program is made of), `parser.py` (Python's own grammar with an
allow-list) and `checks.py` (all problems at once). `kinds.py` infers kinds of columns,
`strata.py` orders relations, `problems.py` is how anything that is wrong is told.

May import: nothing of ours.
"""
