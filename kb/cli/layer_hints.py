"""What to say besides where names are unknown because folders of facts are laid otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kb.lang.problems import Problem, Problems, typed

UNKNOWN = ("unknown-id", "unknown-key")
"""Codes of names that the facts do not have."""


def builds_on_shipped(
    found: Problems, only_facts: Sequence[str], load: Callable[[], object]
) -> Problems:
    """The problems of folders that stand alone, with what is wrong with them all if it is that they
    build on terms that are shipped: `load` lays them on these, and is tried only where names are
    unknown."""
    if not all(problem.code in UNKNOWN for problem in found.problems):
        return found
    try:
        load()
    except Problems:
        return found
    message = "these folders build on terms that are shipped, and were to stand in for them"
    flags = " ".join(f"--facts {typed(folder)}" for folder in only_facts)
    help = f"lay them on what is shipped: `{flags}`"
    return Problems([Problem("only-facts", message, help=help), *found.problems])


def stands_in_folder(found: Problems, app: Path, folders: Iterable[Path]) -> Problems:
    """The problems of a profile; where it stands in a folder of facts that was not named, this is
    told first."""
    known = {folder.resolve() for folder in folders}
    around = next((at for at in app.absolute().parents if (at / "vocabulary").is_dir()), None)
    unknown = any(problem.code in UNKNOWN for problem in found.problems)
    if around is None or around.resolve() in known or not unknown:
        return found
    name = next((str(at) for at in app.parents if at.absolute() == around), str(around))
    message = f"the profile stands in the folder of facts `{name}`, which is not asked"
    help = f"lay it on what is shipped: `--facts {typed(name)}`"
    return Problems([Problem("facts-beside", message, help=help), *found.problems])
