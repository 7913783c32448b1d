"""The interview: one question at a time, until nothing open can change the verdict.

Begin with `interview.py` (the conversation); `questions.py` chooses the question that settles
most, `state.py` tells what is said so far and what is still open.

May import: explain, answers, base and what lies below.
"""
