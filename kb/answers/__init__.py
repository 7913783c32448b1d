"""Answers: what an app must provide, as typed results.

Begin with `ask.py`: it evaluates the rules once for an app and reads the answer from the model.
`results.py` holds the parts of an answer, `answer.py` the whole. `documents.py` and
`missing.py` read what is asked for and what is in hand, `bundle.py` and `bundles.py` choose the
smallest set over all categories, `duties.py` and `undetermined.py` read what texts demand and
what stays open.

May import: find, query, base, filing, provenance, engines, model, lang.
"""
