"""Provenance: proofs of the facts of a model, and what is needed to find and to check them.

Begin with `proof.py` (the shortest proof of a fact). `unify.py` matches terms of rules with rows,
`row_index.py` finds rows by some of their values, `replay.py` checks a proof step by step. May
import `lang`, `model` and `engines`.
"""
