"""Makes the generated parts of the reference pages anew: `python docs/reference.py`."""

from pathlib import Path

import kb
from kb.cli.pages import HEADS
from kb.cli.pages import page as made
from kb.maintain.codes import page
from kb.maintain.decisions import decisions_page
from kb.maintain.reference import PAGES, renewed

DOCS = Path(__file__).parent
ENDINGS = {"en": ".md", "zh": ".zh-CN.md"}


def main() -> None:
    """Write the tables of keys, and the pages that are made whole."""
    base = kb.load()
    for lang, ending in ENDINGS.items():
        for name, kinds in PAGES.items():
            path = DOCS / f"{name}{ending}"
            path.write_text(renewed(path.read_text(encoding="utf-8"), kinds, lang), "utf-8")
        (DOCS / f"errors{ending}").write_text("\n".join(page(lang)) + "\n", "utf-8")
        decided = "\n".join(decisions_page(lang)) + "\n"
        (DOCS / f"decisions{ending}").write_text(decided, "utf-8")
        (DOCS / f"relations{ending}").write_text(
            base.relations(lang=lang).markdown() + "\n", "utf-8"
        )
        for name in HEADS:
            (DOCS / f"{name}{ending}").write_text(made(name, lang), "utf-8")


if __name__ == "__main__":
    main()
