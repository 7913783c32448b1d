"""Engines: one checked program in, the same facts out, whichever engine runs it."""
