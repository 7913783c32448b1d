"""The guided notebooks run from top to bottom, tell what they promise, and are kept with what they
show."""

import json
import re
import runpy
from functools import cache
from pathlib import Path

import pytest
from needed import needs

INSTALL = "needs Jupyter: pip install 'policy-kb[test]'"
needs("nbclient", "nbformat", "ipykernel", "lxml", "ipywidgets", reason=INSTALL)


def pairs(facts):
    """The pairs of categories that some document is shared by: the texts of both name it in one of
    their alternatives."""
    found = {}
    for reading in facts.readings.values():
        for need in (need for way in reading.alternatives for need in way.needs):
            found.setdefault(need.document, set()).add(reading.record.category)
    return sum(len(categories) * (len(categories) - 1) for categories in found.values())


ROOT = Path(__file__).parents[2]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MACHINE = re.compile(
    r"(?:/home|/root|/tmp|/usr|/Users|/var)/|[A-Z]:\\\\|\d\d:\d\d:\d\d|0x[0-9a-f]{6}"
)
"""Places on a disk, times of day, addresses in memory."""
RENEW = "run `python docs/notebooks.py {}` where this is as it should be"
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


@cache
def making():
    """What runs the notebooks and keeps what they show."""
    return runpy.run_path(str(ROOT / "docs" / "notebooks.py"))


def read(path):
    """A notebook as it is kept."""
    return making()["nbformat"].read(path, 4)


def shown(book):
    """The outputs of a notebook."""
    return [output for cell in book.cells for output in cell.get("outputs", ())]


def outputs(book):
    """Everything that a notebook has shown, as text."""
    for output in shown(book):
        yield output.get("text", "")
        yield from output.get("traceback", ())
        yield from (v for v in output.get("data", {}).values() if isinstance(v, str))


def test_all_are_there():
    """There are seven notebooks, each with an expectation."""
    assert [book.stem for book in BOOKS] == sorted(TOLD)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_runs(base, path, tmp_path):
    """A notebook runs from top to bottom, with errors only where it says so, shows what its story
    is about, and tells what the kept one tells: every text, table and word of a picture."""
    book = making()["run"](path, tmp_path)
    everything = "\n".join(outputs(book))
    promised = list(TOLD[path.stem])
    if "query" in path.stem:
        promised.append(f"pairs: {pairs(base.facts)} rows")
    assert [told for told in promised if told not in everything] == []
    failed = [
        cell.metadata.get("tags")
        for cell in book.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
    ]
    assert failed == [["raises-exception"]] * (2 if "query" in path.stem else 0)
    now, before = (making()["told"](each) for each in (making()["kept"](book), read(path)))
    for cell in now | before:
        assert now.get(cell) == before.get(cell), RENEW.format(path.stem)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_is_kept_with_what_it_shows(path):
    """Whoever reads a notebook where nothing runs sees all of it: each result as text, and as a
    table, or as a picture that brings its letters and no script; nothing that only runs, nothing of
    the machine or the hour of the run."""
    book = read(path)
    making()["nbformat"].validate(book)
    ids = [cell.id for cell in book.cells]
    assert len(set(ids)) == len(ids)
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert set(metadata) == {"kernelspec", "language_info"}
    assert "version" not in metadata["language_info"]
    ran = [cell for cell in book.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in ran] == list(range(1, len(ran) + 1))
    assert [dict(cell.metadata) for cell in ran if set(cell.metadata) - {"tags"}] == []
    results = [each for cell in ran for each in cell.outputs if "data" in each]
    kinds = [set(each.data) for each in results]
    plain, table, picture = "text/plain", "text/html", "image/svg+xml"
    assert [
        found for found in kinds if found not in ({plain}, {plain, table}, {plain, picture})
    ] == []
    for drawn in (each.data[picture] for each in results if picture in each.data):
        assert 'font-family:"kb";src:url(data:font/woff;base64,' in drawn
        assert "<script" not in drawn
    words = json.dumps(making()["told"](book), ensure_ascii=False)
    assert MACHINE.findall(words) == []
    assert str(ROOT) not in words
    assert "iframe" not in words
    # Code hosts show no notebook of many megabytes.
    assert path.stat().st_size < 500_000


def test_pictures_are_kept():
    """The graphs of the stories are there as pictures, and the panel tells its answer."""
    kept = {path.stem[:2]: read(path) for path in BOOKS}
    drawn = {
        number: count
        for number, book in kept.items()
        if (count := sum("image/svg+xml" in each.get("data", {}) for each in shown(book)))
    }
    assert drawn == {"01": 1, "02": 2, "03": 1, "05": 1, "07": 1}
    told = ["运行此单元格后,这里是可以点选的面板", "没有能改变结论的问题了"]
    panel = making()["told"](kept["01"])["01-18"][0]
    assert panel["text/plain"].splitlines()[:4] == [*told, "", "学车通 · 2025-06-30 · ✗ 缺材料"]
    assert panel["text/html"][:2] == told
    assert "《合作协议》" in panel["text/html"]
