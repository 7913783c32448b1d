"""The filing of an app: its steps, their order and time, who acts, what comes before.

Begin with `plan.py`: it reads the plan from an app's model. `steps.py` holds the parts of a
plan, `schedule.py` counts days.

May import: base, model, lang.
"""
