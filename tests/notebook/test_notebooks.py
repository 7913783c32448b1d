"""The guided notebooks run from top to bottom, tell what they promise, and carry no outputs."""

import json
from pathlib import Path

import pytest

from kb.model.facts import read_facts
from kb.model.places import shipped

INSTALL = "needs Jupyter: pip install 'policy-kb[test]'"
nbclient = pytest.importorskip("nbclient", reason=INSTALL)
nbformat = pytest.importorskip("nbformat", reason=INSTALL)
pytest.importorskip("ipykernel", reason=INSTALL)
pytest.importorskip("ipywidgets", reason=INSTALL)


def needing(facts):
    """The categories whose texts name a document in one of their alternatives, by document."""
    found = {}
    for reading in facts.readings.values():
        for need in (need for way in reading.alternatives for need in way.needs):
            found.setdefault(need.document, set()).add(reading.record.category)
    return found


BOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
PAIRS = sum(
    len(categories) * (len(categories) - 1)
    for categories in needing(read_facts(shipped("facts"))).values()
)
"""The pairs of categories that some document is shared by."""
TOLD = {
    "01-first-questions": ["✗ 《合作协议》,至少 2 份,现有 0 份", "办法 1", "(2 rows)", "srcdoc"],
    "02-driving-school-platform": [
        "missing ['合作协议']",
        "('依法履行备案手续', 'satisfied')",
        "srcdoc",
    ],
    "03-ai-own-or-third-party": ["深度合成用的是自研技术", "? 无法确定", "✓ 已满足", "✗ 缺材料"],
    "04-beijing-and-shandong": ["('satisfied', 'missing')", "征求意见稿", "shandong-2019"],
    "05-what-2025-q1-changed": [
        "2025-02-15 undetermined",
        "跑腿侠 undetermined → satisfied",
        "新增: 金融业",
    ],
    "06-write-your-own-query": [
        f"pairs: {PAIRS} rows",
        "多面手 教育-驾校培训",
        "requred",
        "unsafe",
        "shared(D, C1, C2) <=",
    ],
    "07-the-graph-as-networkx": [
        "商业服务-法律服务平台",
        "金融业-个人征信",
        "→ document 合作协议",
    ],
}


def outputs(book):
    """Everything that a notebook has shown, as text."""
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            yield output.get("text", "")
            yield from output.get("traceback", ())
            yield from (v for v in output.get("data", {}).values() if isinstance(v, str))


def test_all_are_there():
    """There are seven notebooks, each with an expectation."""
    assert [book.stem for book in BOOKS] == sorted(TOLD)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_runs(path, tmp_path):
    """A notebook runs from top to bottom, with errors only where it says so, and shows what its
    story is about."""
    book = nbformat.read(path, 4)
    nbclient.NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = "\n".join(outputs(book))
    assert [told for told in TOLD[path.stem] if told not in shown] == []
    failed = [
        cell.metadata.get("tags")
        for cell in book.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    assert failed == [["raises-exception"]] * (2 if "query" in path.stem else 0)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_is_stripped(path):
    """In the repository a notebook has no outputs, no counts, valid cells with ids, and nothing of
    the machine that it was written on."""
    book = nbformat.read(path, 4)
    nbformat.validate(book)
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    ids = [cell.id for cell in book.cells]
    assert len(set(ids)) == len(ids)
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert set(metadata) == {"kernelspec", "language_info"}
    assert "version" not in metadata["language_info"]
