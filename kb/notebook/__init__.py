"""The knowledge base in a notebook: the `%kb` magic, completion, graphs in frames, a panel."""
