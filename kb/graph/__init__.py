"""The knowledge base as a graph: a networkx view of it, drawings, and files of many formats.

Begin with `views.py` (what to look at) and `build.py` (facts as typed nodes and edges);
`apps.py`, `plans.py`, `changes.py` and `proofs.py` are views of results. `drawing.py` says what
is drawn, `layout.py` where, `formats.py` into which file; `page/` is the script and style of
the page.

May import: render and what lies below.
"""
