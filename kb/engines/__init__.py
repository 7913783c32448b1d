"""Engines: one checked program in, the same facts out, whichever engine runs it.

Begin with `protocol.py` (what every engine offers) and `registry.py` (engines by name).
`interning.py` turns names into whole numbers. `pydatalog/` answers one question in
milliseconds, `sql/` writes SQL for DuckDB and Spark, `clingo/` checks the others, `rewrite/`
makes a program ready for many apps at once.

May import: lang.
"""
