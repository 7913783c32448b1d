"""The engine that checks the others: clingo, which finds a program's one stable model.

Begin with `engine.py`; `grounder.py` is the process in which clingo works, because its symbols
live until the process ends.

May import: engines, lang.
"""
