"""Which font of the machine has the characters of a drawing.

Graphviz draws an empty box for a character that no font has, and says nothing; so what is missing
is found before anything is drawn, and the package that has it is named.
"""

from __future__ import annotations

import base64
import importlib
import importlib.util
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.lang.problems import Problem, Problems

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path.home() / "Library/Fonts",
    Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
)
PACKAGES = "apt-get install fonts-noto-cjk (or fonts-wqy-microhei)"
_ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
# Looked at first: what commonly has Chinese, upright and of regular weight.
_LIKELY = ("sanscjk-regular", "sanssc-regular", "wqy", "pingfang", "hiragino", "msyh", "simhei")


@dataclass(frozen=True, slots=True)
class Font:
    """A face in a file: `number` is its place in a collection."""

    path: Path
    number: int
    family: str
    characters: frozenset[int]


def fonts(folders: Iterable[Path] = ()) -> Iterator[Font]:
    """The fonts of the machine, those that likely have Chinese first."""
    tools = _tools("ttLib")
    files = [
        path
        for folder in folders or FOLDERS
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in _ENDINGS
    ]
    for path in sorted(files, key=_likely):
        found = _face(tools, path)
        if found is not None:
            yield found


def _likely(path: Path) -> tuple[int, str]:
    name = path.name.lower()
    rank = next((n for n, part in enumerate(_LIKELY) if part in name), len(_LIKELY))
    plain = any(word in name for word in ("bold", "italic", "oblique", "serif", "mono"))
    return rank + 100 * plain, str(path)


@lru_cache(maxsize=512)
def _face(tools: Any, path: Path) -> Font | None:
    """The face of a file; in a collection the one for simplified Chinese."""
    opened: Any = None
    try:
        if path.suffix.lower() in (".ttc", ".otc"):
            opened = tools.TTCollection(str(path), lazy=True)
            faces = list(opened.fonts)
        else:
            opened = tools.TTFont(str(path), lazy=True)
            faces = [opened]
        named = [str(face["name"].getDebugName(1) or "") for face in faces]
        chosen = next((n for n, name in enumerate(named) if name.endswith(" SC")), 0)
        characters = frozenset(faces[chosen].getBestCmap() or ())
        return Font(path, chosen, named[chosen], characters)
    except (tools.TTLibError, OSError, KeyError, AssertionError):
        # A file that is no font, or a broken one: there are others.
        return None
    finally:
        if opened is not None:
            opened.close()


@dataclass(frozen=True, slots=True)
class Choice:
    """The font that has the most of a text, and the characters that no font has."""

    font: Font | None
    missing: str


def choose(text: str, folders: Iterable[Path] = ()) -> Choice:
    """Choose a font for a text. Raises `Problems` when the tool that reads fonts is missing."""
    wanted = {ord(c) for c in text if not c.isspace() and ord(c) > 0x7E}
    best: Font | None = None
    most = -1
    left = set(wanted)
    for font in fonts(folders):
        has = len(wanted & font.characters)
        if has > most:
            best, most = font, has
        left -= font.characters
        if not left:
            break
    return Choice(best, "".join(map(chr, sorted(left))))


def refuse_missing(choice: Choice, form: str) -> None:
    """Raises `Problems` when characters would be drawn as empty boxes."""
    if choice.missing:
        shown = ", ".join(f"`{c}`" for c in choice.missing[:5])
        more = f" and {len(choice.missing) - 5} more" if len(choice.missing) > 5 else ""
        raise Problems(
            [
                Problem(
                    "no-font",
                    f"no font here has {shown}{more}, which the {form} file needs",
                    help=f"on Debian: {PACKAGES}\n"
                    "svg and html files are drawn all the same, with the reader's fonts",
                )
            ]
        )


def embedded(choice: Choice, text: str) -> str:
    """The glyphs of a text as a CSS `@font-face` of the family `kb`; empty without a font."""
    font = choice.font
    if font is None:
        return ""
    subset = _tools("subset")
    options = subset.Options(
        flavor="woff", layout_features=[], hinting=False, notdef_outline=True, name_IDs=[1, 2]
    )
    options.font_number = font.number
    face = subset.load_font(str(font.path), options)
    # A table that can not be cut, such as an editor's own notes, is left out without a word.
    options.drop_tables += [
        tag
        for tag in face.keys()  # noqa: SIM118 -- a font is no mapping
        if tag not in options.no_subset_tables
        and not hasattr(_tools("ttLib").getTableClass(tag), "subset_glyphs")
    ]
    cutter = subset.Subsetter(options)
    cutter.populate(text=text + "".join(map(chr, range(0x20, 0x7F))))
    cutter.subset(face)
    out = io.BytesIO()
    subset.save_font(face, out, options)
    face.close()
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return f'@font-face{{font-family:"kb";src:url(data:font/woff;base64,{data}) format("woff")}}'


def _tools(name: str) -> Any:
    if importlib.util.find_spec("fontTools") is None:
        raise Problems(
            [
                Problem(
                    "no-fonttools",
                    "fontTools is missing",
                    help="run pip install 'policy-kb[graph]'",
                )
            ]
        )
    return importlib.import_module(f"fontTools.{name}")
