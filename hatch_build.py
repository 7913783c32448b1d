"""The build of the wheel: the facts are compiled, and the index of `kb find` is made, ahead of use.

Both are data by content: an installed package reads them only for the very facts and modules that
they were made of, and makes its own where one of them is damaged.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AheadOfUse(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Adds `kb/_data/facts.json` and `kb/_data/find-index.json` to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # its facts change: they are compiled when they are first read
            return
        sys.path.insert(0, self.root)
        try:
            from kb.find.store import build_ahead
            from kb.model.compiled import write_to
            from kb.model.facts import read_facts
        finally:
            sys.path.remove(self.root)
        facts = Path(self.root, "facts")
        self._folder = tempfile.TemporaryDirectory()
        made = Path(self._folder.name)
        write_to(read_facts(facts), made / "facts.json")
        build_ahead(facts, made / "find-index.json")
        for path in made.iterdir():
            path.chmod(0o644)
            build_data["force_include"][str(path)] = f"kb/_data/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()
