"""Where `kb` begins: Ctrl-C while the commands are loaded ends it quietly, as later on.

Nothing was asked yet then, and the languages of messages may not be loaded: nothing is said.
"""

from __future__ import annotations

import sys
from typing import NoReturn

STOPPED = 130
"""The exit code of a run that was interrupted."""

try:
    from kb.cli import main
except KeyboardInterrupt:
    sys.exit(STOPPED)


def process() -> NoReturn:
    """Run `kb` as the only thing in its process."""
    try:
        main.process()
    except KeyboardInterrupt:  # before the command was read
        sys.exit(STOPPED)
