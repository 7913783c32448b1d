"""The build of the wheel: the facts are compiled, the rules are checked, and the index of `kb find`
is made, ahead of use.

All are data by content: an installed package reads them only for the very facts and modules that
they were made of, and makes its own where one of them is damaged.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AheadOfUse(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Adds `facts.json`, `rules.json` and `find-index.json` of `kb/_data` to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # its facts change: they are compiled when they are first read
            return
        sys.path.insert(0, self.root)
        try:
            from kb.base.checked import write_checked_to
            from kb.base.core import Core
            from kb.base.loading import read_rules
            from kb.find.store import build_ahead
            from kb.model.compiled import write_to
            from kb.model.facts import read_facts
        finally:
            sys.path.remove(self.root)
        facts = Path(self.root, "facts")
        self._folder = tempfile.TemporaryDirectory()
        made = Path(self._folder.name)
        base = read_facts(facts)
        write_to(base, made / "facts.json")
        write_checked_to(Core(base, read_rules()), made / "rules.json")
        build_ahead(facts, made / "find-index.json")
        for path in made.iterdir():
            path.chmod(0o644)
            build_data["force_include"][str(path)] = f"kb/_data/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()
