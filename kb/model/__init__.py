"""Facts and profiles: YAML in, records with their cites, rows that rules see.

Begin with `schema.py` (the shape of records) and `facts.py` (a folder of facts becomes a fact
base). `relations.py` declares what facts and profiles state, `rows.py` and `duty_rows.py` make
the rows, `requirements.py` the minimal alternatives of a tree. `profiles.py` and `apps.py` read
profiles, `compiled.py` keeps facts so that loading needs no YAML.

May import: lang.
"""
