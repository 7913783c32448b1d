"""The interview: questions about one app, one at a time, until nothing can change the verdict.

Begin with `interview.py` (the conversation); `selection.py` chooses the question that settles most,
`state.py` says what the answers so far come to, `question.py` is a question as data. Imports the
layers from `lang` to `explain`.
"""
