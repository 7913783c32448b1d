"""The index: made from facts, kept by content, the same each time, and light to load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kb.find import store
from kb.find.finder import Finder
from kb.find.index import Index, read_index
from kb.lang.problems import Problems


def test_an_index_comes_back_from_json(index: Index) -> None:
    """What is written is read: the finder over it finds the same."""
    again = read_index(index.to_json())
    texts = ("卖茶叶", "gongjijin", "没有直播的网课")
    assert [Finder(again).find(t) for t in texts] == [Finder(index).find(t) for t in texts]


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 0}', '{"format": 3, "x": 2}', "no"])
def test_other_data_is_no_index(text: str) -> None:
    """An index of another format, or data of another kind, is refused."""
    with pytest.raises(ValueError):  # noqa: PT011 -- of any of the ways to be wrong
        read_index(text)


def test_facts_become_an_index(facts: Path, tmp_path: Path) -> None:
    """Services, aliases, former names and everyday words of the facts are found, with lines."""
    finder = Finder(store.index_of(facts, tmp_path / "cache"))
    tea = finder.find("普洱", "non_individual")[0]
    assert (tea.id, [s.id for s in tea.services], tea.in_base) == (
        "merchant-food",
        ["tea_sale"],
        True,
    )
    assert [str(cite) for cite in tea.cites] == ["tables 4"]
    assert finder.find("酒水")[0].id == "merchant-alcohol"
    assert finder.find("茶叶店")[0].id == "merchant-food"
    toys = finder.find("积木")[0]
    assert (toys.id, toys.in_base, toys.weak) == ("merchant-toys", False, False)


def test_what_is_sent_elsewhere_ranks_below(facts: Path, tmp_path: Path) -> None:
    """A service that a category sends to another is found there, not here."""
    finder = Finder(store.index_of(facts, tmp_path / "cache"))
    assert [candidate.id for candidate in finder.find("卖酒")][:1] == ["merchant-alcohol"]
    assert [s.id for c in finder.find("卖酒") if c.id == "merchant-food" for s in c.services] == []


def test_an_account_without_versions_sees_all(facts: Path, tmp_path: Path) -> None:
    """Where no category is known for an account, all are looked at."""
    finder = Finder(store.index_of(facts, tmp_path / "cache"))
    assert finder.find("普洱", "overseas")[0].id == "merchant-food"


def test_an_index_is_kept_by_content(facts: Path, tmp_path: Path) -> None:
    """The same facts are indexed once; changed facts get an index of their own."""
    cache = tmp_path / "cache"
    store.index_of(facts, cache)
    (kept,) = cache.iterdir()
    stamp = kept.stat().st_mtime_ns
    store.index_of(facts, cache)
    assert [p.stat().st_mtime_ns for p in cache.iterdir()] == [stamp]
    words = facts / "vocabulary" / "words" / "house.yaml"
    words.write_text(words.read_text("utf-8").replace("普洱", "龙井"), "utf-8")
    assert Finder(store.index_of(facts, cache)).find("龙井")[0].id == "merchant-food"
    assert len(list(cache.iterdir())) == 2


def test_a_damaged_or_stale_index_is_made_anew(facts: Path, tmp_path: Path) -> None:
    """An index that can not be read, or is of other facts, is never used."""
    cache = tmp_path / "cache"
    store.index_of(facts, cache)
    (kept,) = cache.iterdir()
    whole = kept.read_bytes()
    for damaged in (b"0123\n" + whole.partition(b"\n")[2], whole[:200], b""):
        kept.write_bytes(damaged)
        assert Finder(store.index_of(facts, cache)).find("普洱")
        assert kept.read_bytes() == whole


def test_an_index_built_ahead_is_read(
    facts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that came with the package spares the user's cache."""
    path = store.build_ahead(facts, tmp_path / "ahead.json")
    monkeypatch.setattr(store, "AHEAD", path)
    assert Finder(store.index_of(facts, tmp_path / "cache")).find("普洱")
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_can_not_be_written_is_done_without(facts: Path, tmp_path: Path) -> None:
    """A search works where nothing can be kept."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert Finder(store.index_of(facts, blocked / "cache")).find("普洱")


def run(code: str, seed: str, *arguments: str, cache: Path | None = None) -> str:
    kept = {"XDG_CACHE_HOME": str(cache)} if cache else {}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", **kept},
    )
    return done.stdout


def test_the_same_facts_give_the_same_bytes(facts: Path, tmp_path: Path) -> None:
    """Neither an index nor an answer hangs on the order of sets."""
    code = (
        "import sys, json; from pathlib import Path\n"
        "from kb.find.store import built; from kb.find.finder import Finder\n"
        "index = built(Path(sys.argv[1])); print(index.to_json())\n"
        "print([c.to_dict() for c in Finder(index).find('卖茶叶的商城,也卖白酒和积木')])\n"
    )
    assert run(code, "1", str(facts)) == run(code, "2", str(facts))


def test_a_search_with_an_index_loads_nothing_heavy(facts: Path, tmp_path: Path) -> None:
    """An index at hand needs no reader of facts, no engine, and no segmenter."""
    code = (
        "import sys; from kb.find.store import index_of; from kb.find.finder import Finder\n"
        "Finder(index_of(sys.argv[1])).find('卖茶叶')\n"
        "print(sorted({m.partition('.')[0] for m in sys.modules}))\n"
    )
    run(code, "0", str(facts), cache=tmp_path)
    loaded = run(code, "0", str(facts), cache=tmp_path)
    for heavy in ("pydantic", "yaml", "pyDatalog", "pandas", "rjieba", "pypinyin", "rapidfuzz"):
        assert f"'{heavy}'" not in loaded


def test_kb_find_answers_a_line_a_text(facts: Path, tmp_path: Path) -> None:
    """With `-` each line of standard input gives one line of JSON, empty lines too."""
    code = "from kb.cli.find import find; find()"
    arguments = [
        "-",
        "--only-facts",
        str(facts),
        "--format",
        "jsonl",
        "--account",
        "non_individual",
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        input="卖茶叶\n\n赌博\n".encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "XDG_CACHE_HOME": str(tmp_path)},
    )
    lists = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[c["id"] for c in each] for each in lists] == [["merchant-food"], [], []]


def test_a_later_text_takes_the_place_of_an_earlier_one(facts: Path, tmp_path: Path) -> None:
    """Lines and services are told of the latest text that bears on the account."""
    old = (facts / "tables.yaml").read_text("utf-8")
    old = old.replace("id: tables", "id: older").replace("2026-02-21", "2021-06-01")
    (facts / "older.yaml").write_text(old.replace("lines: 4", "lines: 3"), "utf-8")
    tea = Finder(store.index_of(facts, tmp_path / "cache")).find("普洱", "non_individual")[0]
    assert [str(cite) for cite in tea.cites] == ["tables 4"]


def test_a_category_is_told_by_its_name_in_the_table_of_the_account(
    facts: Path, tmp_path: Path
) -> None:
    """Where the table of an account gives the group another name, that name is told, and both are
    found."""
    table = (facts / "tables.yaml").read_text("utf-8")
    (facts / "tables.yaml").write_text(
        table.replace("    locator: 【食", "    name: 本店-食品饮料\n    locator: 【食"), "utf-8"
    )
    finder = Finder(store.index_of(facts, tmp_path / "cache"))
    assert finder.find("普洱", "non_individual")[0].category == "本店-食品饮料"
    assert finder.find("商家自营食品饮料")[0].category == "本店-食品饮料"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words:\n  tea_sales: [卖茶]\n", "no service is called `tea_sales`"),
        ("word:\n  tea_sale: [卖茶]\n", "word"),
        ("words: [卖茶]\n", "words"),
    ],
)
def test_wrong_files_of_words_are_told(facts: Path, text: str, told: str) -> None:
    """A word for an unknown service, an unknown key or another shape is an error with its place."""
    (facts / "vocabulary" / "words" / "more.yaml").write_text(text, "utf-8")
    with pytest.raises(Problems) as found:
        store.built(facts)
    assert told in str(found.value)
    assert "vocabulary/words/more.yaml:" in str(found.value)


def test_a_complete_list_leaves_no_room_for_other_categories(facts: Path, tmp_path: Path) -> None:
    """Where a source lists all categories of an account, a category that is only named is not
    open to it."""
    table = (facts / "tables.yaml").read_text("utf-8")
    table = table.replace("  line_count", "  complete_for: [non_individual]\n  line_count")
    (facts / "tables.yaml").write_text(table, "utf-8")
    finder = Finder(store.index_of(facts, tmp_path / "cache"))
    found = finder.find("积木", "non_individual")
    assert all(candidate.weak and candidate.id != "merchant-toys" for candidate in found)
    assert finder.find("积木")[0].id == "merchant-toys"
