"""The knowledge base as a graph: a networkx view of it, drawings, and files of many formats."""
