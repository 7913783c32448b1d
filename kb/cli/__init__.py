"""The command line: one file a command, named after it.

Begin with `main.py`, which gathers the commands and says the exit codes, and `context.py`,
which has the flags that they share. A command reads its arguments, calls a method of
`kb.api.KnowledgeBase` and writes the result. May import all layers; what takes long to load is
imported when a command runs, so that `kb --help` is quick.
"""
