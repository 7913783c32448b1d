"""What may be meant by a name that is not known: found by own words, and where to look further."""

from __future__ import annotations

from collections.abc import Iterable

from kb.find.finder import Candidate, Finder, finder_of
from kb.lang.problems import Problems
from kb.model.layers import Folders

MOST = 3
LOOK = {
    "service": "`kb find {name}`, `kb vocabulary service`",
    "category": "`kb find {name}`, `kb search {name}`",
}
"""Where to look for a name of a kind; for others in their vocabulary."""


class Proposals:
    """Proposes names of the facts in folders for names that are not known."""

    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self._finder: Finder | None = None

    def __call__(self, kind: str, name: str) -> list[str]:
        """Lines of help for a name of a kind."""
        lines = []
        found = self._found(name) if kind in LOOK else []
        categories = [each.category for each in found[:MOST]]
        services = list(dict.fromkeys(s.zh for each in found for s in each.services[:1]))[:MOST]
        if meant := categories if kind == "category" else services:
            lines.append("in your words perhaps: " + _listed(meant))
        elif categories:
            lines.append("in your words perhaps a service of: " + _listed(categories))
        shown = name if name.isalnum() else f"'{name}'"
        look = LOOK.get(kind, f"`kb vocabulary {kind}`").format(name=shown)
        return [*lines, f"look it up: {look}"]

    def _found(self, name: str) -> list[Candidate]:
        """What a name may mean, best first."""
        if self._finder is None:
            try:
                self._finder = finder_of(self.folders)
            except Problems:
                return []
        return [each for each in self._finder.find(name) if not each.weak]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
