"""A base: facts and the checked program, one engine, one day, and what all questions need of them.

Begin with `core.py`; `loading.py` makes one from a folder of facts. `results.py` and
`rendered.py` are what all results are made of, `view.py` reads the facts of one app in a model.
`conditions.py` tells what values do to conditions, `provisions.py` what texts state of a part,
`versions.py` which versions and provisions a day has, `extent.py` how far the base goes.

May import: provenance, engines, model, lang.
"""
