"""Looking things up: categories as sources state them, things by their names, rows of queries.

Begin with `goals.py` (named queries and goals) or `categories.py` (`kb show`); what they answer
with stands in `results.py`. May import `lang`, `model`, `engines`, `provenance` and `base`.
"""
