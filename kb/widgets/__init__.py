"""The panel of a notebook: choose what an app is and has; answer, graph and question follow.

Begin with `panel.py` (the widgets) and `choices.py` (what is chosen, without any widget);
`frames.py` shows a graph in a frame.

May import: graph, render and what lies below.
"""
