"""Proofs: for a fact, the rule instances that give it, down to what facts and profiles state.

Begin with `proof.py`; `row_index.py` looks rows up, `unify.py` matches rows with rule heads and
bodies, `replay.py` checks a proof by nothing that helped to find it.

May import: engines, lang.
"""
