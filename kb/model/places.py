"""Where facts, rules and queries stand: in a checkout beside the package, installed inside it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The folder `facts` or `queries` that came with this package."""
    inside = PACKAGE / "_data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


RULES = PACKAGE / "rules"


def cache_folder() -> Path:
    """Where compiled facts and indexes of this user are kept."""
    # Imported here: what is shipped is found without it.
    from platformdirs import user_cache_path

    return user_cache_path("policy-kb", appauthor=False)
