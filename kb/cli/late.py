"""What some commands load only when they run."""

from __future__ import annotations

from types import ModuleType


def own_words() -> ModuleType:
    """What reads words of a user's own (`kb.cli.words`)."""
    # Imported here: it brings the reader of YAML, which `kb --help` has no use for.
    from kb.cli import words

    return words


def asking() -> ModuleType:
    """What answers about a profile alone (`kb.cli.asking`)."""
    # Imported here: `kb --help` needs no base, and what a base needs takes long to load.
    from kb.cli import asking

    return asking


def upkeep() -> ModuleType:
    """What the commands for keepers of facts rest on (`kb.cli.upkeep`)."""
    # Imported here: it brings the reader of YAML, which `kb --help` has no use for.
    from kb.cli import upkeep

    return upkeep
