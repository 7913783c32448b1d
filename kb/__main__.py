"""`python -m kb` is `kb`."""

from kb.cli.start import process

process()
