"""`python -m kb` is `kb`."""

from kb.faces.cli import process

process()
