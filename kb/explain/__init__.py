"""Why a fact holds, and what would make one hold that does not.

Begin with `why.py` (a fact with its proof) and `why_not.py` (a fact with its repairs; a repair is
data of `repair.py`). The search for repairs: `abduction.py` finds sets of assumptions in the model
of the app as it is, `spelling.py` turns conditions among them into what a profile would state, and
`verify.py` tries each on the profile. `explanation.py` says what each change of a repair is needed
for, by a contrast of two models (`contrast.py`). May import the layers from `lang` to `answers`.
"""
