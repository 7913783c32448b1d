"""Audits on a Spark cluster: the same judge, in each of its Python workers.

Begin with `run.py`: it cuts the input into pieces and gathers what workers write. `worker.py`
is what a worker does with its pieces and needs no Spark; `session.py` starts sessions and words
failures.

May import: audit, base, engines, model, lang.
"""
