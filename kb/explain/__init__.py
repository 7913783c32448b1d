"""Explanations: why a fact holds, and what would make one hold that does not.

Begin with `why.py`. `why_not.py` finds sets of changes that would do, `repair.py` is what such
a change is, `verify.py` tries each on the profile, `supplies.py` makes the changed profiles,
and `explanation.py` tells what keeps the fact from holding.

May import: answers, query, base, provenance and what lies below.
"""
