"""JupyterLab: the magics `%kb` and `%%kb`, with completion.

Begin with `magics.py` (what is registered) and `session.py` (what the cells of a notebook
share); `cells.py` and `arguments.py` read a cell, `completion.py` completes names, `rows.py`
shows rows.

May import: everything, `kb.api` included.
"""
