"""Tools for assistants: questions to a base, each with the schemas of what it takes and gives.

Begin with `tools.py` (the tools, which know no protocol) and `server.py` (the Model Context
Protocol over standard input and output, by its official SDK). Nothing here writes.

May import: `kb.api` and everything below it.
"""
