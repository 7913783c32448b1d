"""Runs the notebooks and keeps what they show: `python docs/notebooks.py [NAME ...]`.

To be run after a change of what answers, graphs or facts say; without names all notebooks are run.
A notebook is kept so that whoever reads it where nothing runs sees what it tells: of each result
its plain text, and the picture or else the table. The pages of graphs and the widgets of panels,
which only a running notebook can show, are left out, and with them the times of the run and the
version of Python, so that a second run changes no byte. Needs `pip install '.[test]'` and Chinese
fonts.
"""

from __future__ import annotations

import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import nbclient
import nbformat

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SHOWN = ("image/svg+xml", "text/html")
"""What a reader may see of a result beside its text; the first that there is, is kept."""
PLAIN = "text/plain"
LETTERING = "{http://www.w3.org/2000/svg}text"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def run(path: Path, folder: Path) -> Any:
    """The notebook of a file, run from top to bottom in a folder. Raises where a cell fails that
    does not say so."""
    book = nbformat.read(path, 4)
    nbclient.NotebookClient(
        book,
        timeout=600,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return book


def kept(book: Any) -> Any:
    """A notebook that was run, with what is kept of it."""
    made = nbformat.from_dict(book)
    made.metadata = nbformat.from_dict(METADATA)
    for output in _outputs(made):
        if data := output.get("data"):
            picked = [PLAIN, *[kind for kind in SHOWN if kind in data][:1]]
            output.data = nbformat.from_dict({kind: data[kind] for kind in picked})
    return made


def told(book: Any) -> dict[str, list[dict[str, Any]]]:
    """What the cells of a notebook tell: the kinds of their outputs, the text of each, the words of
    tables, and the lettering of pictures wherever it stands in them."""
    return {
        cell.id: [_words(output) for output in cell.outputs]
        for cell in book.cells
        if cell.cell_type == "code" and cell.outputs
    }


def _outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells for output in cell.get("outputs", ())]


def _words(output: Any) -> dict[str, Any]:
    found = {"output": output.output_type}
    for name in ("name", "text", "ename", "evalue", "traceback"):
        if name in output:
            found[name] = output[name]
    for kind, text in output.get("data", {}).items():
        match kind:
            case "text/html":
                table = lxml.html.fragment_fromstring(text, create_parent="div")
                lxml.etree.strip_elements(table, "style", with_tail=False)
                found[kind] = [words for each in table.itertext() if (words := each.strip())]
            case "image/svg+xml":
                parts = ET.fromstring(text).iter(LETTERING)
                found[kind] = sorted("".join(part.itertext()) for part in parts)
            case _:
                found[kind] = text
    return found


def main(names: list[str]) -> None:
    """Run the notebooks of these names and write what is kept of them."""
    known = {path.stem: path for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    if unknown := sorted(set(names) - set(known)):
        sys.exit(f"no notebook is called {', '.join(unknown)}; there are {', '.join(known)}")
    for name in names or known:
        with tempfile.TemporaryDirectory() as folder:
            nbformat.write(kept(run(known[name], Path(folder))), known[name])
        print(known[name].relative_to(NOTEBOOKS.parent))


if __name__ == "__main__":
    main(sys.argv[1:])
