"""Makes the generated parts of the reference pages anew: `python docs/reference.py`."""

import re
import tempfile
from pathlib import Path

import kb
from kb.cli.check import counts
from kb.cli.pages import HEADS
from kb.cli.pages import page as made
from kb.maintain.codes import page
from kb.maintain.decisions import decisions_page
from kb.maintain.reference import PAGES, renewed

DOCS = Path(__file__).parent
FILE = re.compile(r"^`([\w./-]+)`:\n\n```(?:yaml|text)\n(.*?)```", re.DOTALL | re.MULTILINE)
ENDINGS = {"en": ".md", "zh": ".zh-CN.md"}


def counted(page: str, lang: str) -> str:
    """The tutorial with what `kb check` counts: its own files, laid on what is shipped."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in FILE.findall(page):
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        base = kb.load(Path(folder) / "yunting")
    line = re.escape(f"$ kb check yunting --lang {lang}\n")
    return re.sub(f"(?<={line})[^\n]*", counts(base, [], lang), page)


def main() -> None:
    """Write the tables of keys, and the pages that are made whole."""
    base = kb.load()
    for lang, ending in ENDINGS.items():
        for name, kinds in PAGES.items():
            path = DOCS / f"{name}{ending}"
            path.write_text(renewed(path.read_text(encoding="utf-8"), kinds, lang), "utf-8")
        tutorial = DOCS / f"tutorial{ending}"
        tutorial.write_text(counted(tutorial.read_text(encoding="utf-8"), lang), "utf-8")
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
