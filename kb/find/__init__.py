"""Search in people's own words: a text leads to the categories and services that fit it.

Begin with `finder.py`. `build.py` makes the index from facts and `store.py` keeps it;
`folding.py`, `segment.py`, `parse.py` and `grammar.py` read a text (its words, what it denies,
what is an aside), `rank.py` orders the candidates, `slips.py` forgives small errors. `clarify.py`
asks what tells candidates apart, `profile.py` makes a profile of a text, `unused.py` and
`counts.py` find the words and numbers in it that nothing is made of, and `proposals.py` says what
an unknown name may mean.

May import: model, lang.
"""
