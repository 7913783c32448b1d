"""YAML is read strictly: every value keeps its text and its place, and nothing is guessed."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kb.lang.problems import Problems
from kb.model import yamlread
from kb.model.yamlread import LARGEST, Document, read_bytes, read_file, read_text

PROFILES = Path(__file__).parent / "bad" / "profiles"
BAD = sorted(PROFILES.glob("yaml_*.yaml"))
# These are good YAML of the wrong shape: `test_profiles` holds what is said of them.
SHAPE = {"yaml_marker_only"}


def told(raw: bytes, name: str = "a.yaml") -> str:
    """What is said of a text that can not be read."""
    with pytest.raises(Problems) as caught:
        read_bytes(raw, name)
    return str(caught.value)


@pytest.mark.parametrize("path", [p for p in BAD if p.stem not in SHAPE], ids=lambda p: p.stem)
def test_whole_message(path):
    """Each kind of unreadable YAML has one message, word for word, at the place of the fault."""
    with pytest.raises(Problems) as caught:
        read_file(path, path.name)
    assert f"{caught.value}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "1.10", "010", "0x1F", "1e3", "2020-05-01", "12:30", "+5", ".inf", "True"],
)
def test_scalars_stay_text(text):
    """No scalar turns into a truth value, a number or a date: the text of the file stays."""
    assert read_text(f"a: {text}\nb: [{text}]\nc: '{text}'\n", "a").data == {
        "a": text,
        "b": [text],
        "c": text,
    }


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_nothing(text):
    """A value that is not there, `~` and `null` are nothing; in quotes they are text."""
    read = read_text(f"a: {text}\nb: '{text}'\n", "a")
    assert read.data == {"a": None, "b": text}


def test_tags_are_not_followed():
    """A tag makes nothing: the text behind it is all that is read."""
    read = read_text("a: !!python/object/apply:os.system ['x']\nb: !!int '3'\n", "a")
    assert read.data == {"a": ["x"], "b": "3"}


def test_merge_keys_are_plain_keys():
    """`<<` merges nothing into a mapping."""
    assert read_text("<<: {a: 1}\n", "a").data == {"<<": {"a": "1"}}


def test_json_is_read():
    """JSON reads like YAML, scalars kept as text."""
    read = read_text('{"a": [1, true, null, "\\u5b66", "no"]}', "a.json")
    assert read.data == {"a": ["1", "true", None, "学", "no"]}


def test_places():
    """Every value and every key knows its line and column, counted in characters from 1."""
    read = read_text("名: 面包\nlist:\n  - a\n  - {k: v, 键: 值}\n", "a")
    assert read.values == {
        (): (1, 1),
        ("名",): (1, 4),
        ("list",): (3, 3),
        ("list", 0): (3, 5),
        ("list", 1): (4, 5),
        ("list", 1, "k"): (4, 9),
        ("list", 1, "键"): (4, 15),
    }
    assert read.keys == {
        ("名",): (1, 1),
        ("list",): (2, 1),
        ("list", 1, "k"): (4, 6),
        ("list", 1, "键"): (4, 12),
    }


def test_span_of_what_is_absent():
    """The place of an absent value is that of the nearest value around it."""
    read = read_text("a:\n  - {k: v}\n", "f.yaml")
    assert str(read.span(("a", 0, "other"))) == "f.yaml:2:5"
    assert str(read.span(("a", 7, "k"))) == "f.yaml:2:3"
    assert str(read.span(("b",), key=True)) == "f.yaml:1:1"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(ending):
    """Lines count alike whatever ends them."""
    read = read_text(ending.join(["a: 1", "b:", "  - c", ""]), "f")
    assert read.values[("b", 0)] == (3, 5)
    assert read.lines[2] == "  - c"


def test_separators_inside_a_line():
    """Characters at which only Python ends a line do not shift the places behind them."""
    read = read_text("a: 'x\x85y'\nb: [c]\n", "f")
    line, _ = read.values[("b", 0)]
    assert "c" in read.lines[line - 1]


def test_byte_order_mark():
    """A byte order mark counts for nothing."""
    assert read_bytes(b"\xef\xbb\xbfa: 1\n", "a").data == {"a": "1"}


def test_large_file(tmp_path):
    """A file of 10 MB is refused unread, from a file and from bytes."""
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a" * (10 * 2**20))
    with pytest.raises(Problems) as caught:
        read_file(path, "large.yaml")
    assert str(caught.value) == (
        "large.yaml: error[too-large]: the file has 10.0 MB\n  help: at most 8 MB are read"
    )
    assert told(path.read_bytes()) == (
        "a.yaml: error[too-large]: the text has 10.0 MB\n  help: at most 8 MB are read"
    )


def test_largest_file():
    """A text of exactly the limit is read."""
    raw = b"a: " + b"b" * (LARGEST - 4) + b"\n"
    assert len(raw) == LARGEST
    assert len(read_bytes(raw, "a").data["a"]) == LARGEST - 4


def test_folder_and_missing(tmp_path):
    """A folder and a missing file are told apart."""
    with pytest.raises(Problems) as caught:
        read_file(tmp_path, "here")
    assert str(caught.value) == (
        "here: error[not-a-file]: this is a folder\n  help: name a YAML or JSON file"
    )
    with pytest.raises(Problems) as caught:
        read_file(tmp_path / "none.yaml", "none.yaml")
    assert str(caught.value) == (
        "none.yaml: error[no-file]: the file can not be read: no such file or directory\n"
        "  help: check the name"
    )


def test_depth_that_is_read():
    """Fifty lists inside one another are still read."""
    data = read_text("[" * 50 + "a" + "]" * 50, "a").data
    for _ in range(50):
        (data,) = data
    assert data == "a"


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000],
    ids=["lists", "dashes", "mappings", "keys"],
)
def test_bottomless(text, tmp_path):
    """Nesting without end is refused as such; it never takes the interpreter down."""
    path = tmp_path / "deep.yaml"
    path.write_text(text, encoding="utf-8")
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from kb.lang.problems import Problems\nfrom kb.model.yamlread import read_file\n"
        "try:\n    read_file(Path(sys.argv[1]), 'deep.yaml')\n"
        "except Problems as found:\n    print(found.problems[0].message)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "the file is nested too deeply\n")


def test_long_lines_are_cut():
    """A problem in a line of 100,000 characters does not print them all."""
    (problem,) = caught_in("a: [" + "b, " * 30_000 + "*x]\n")
    assert len(str(problem)) < 1_000


def caught_in(text: str):
    with pytest.raises(Problems) as caught:
        read_text(text, "a.yaml")
    return caught.value.problems


def test_aliases_do_not_multiply():
    """A laugh of a billion aliases costs no more than its own text."""
    lines = ["a: &a [x]"] + [
        f"k{n}: &k{n} [{', '.join([f'*k{n - 1}' if n else '*a'] * 9)}]" for n in range(50)
    ]
    assert len(caught_in("\n".join(lines))) <= 50 * 9


def keys():
    return st.text(min_size=1, max_size=8).filter(lambda t: t.isprintable())


TREES = st.recursive(
    keys(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys(), inner, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_reads_what_was_written(tree):
    """What is written as JSON is read back, and every value and key has its place in the text."""
    import json

    text = json.dumps({"root": tree}, ensure_ascii=False, indent=1)
    read = read_text(text, "a")
    assert read.data == {"root": tree}
    for path, (line, column) in read.values.items():
        found = read.lines[line - 1][column - 1 :]
        value = read.data
        for step in path:
            value = value[step]
        assert found.startswith({dict: "{", list: "["}.get(type(value), '"'))
    for path, (line, column) in read.keys.items():
        assert read.lines[line - 1][column - 1 :].startswith(
            json.dumps(path[-1], ensure_ascii=False)
        )


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
def test_junk(raw):
    """Whatever the bytes, they are read or refused with problems of this file."""
    read, problems = None, ()
    try:
        read = read_bytes(raw, "junk")
    except Problems as found:
        problems = found.problems
    assert isinstance(read, Document) or problems
    assert all(problem.span.file == "junk" for problem in problems)
    assert all(problem.severity == "error" for problem in problems)


def test_facts_need_no_compiled_yaml(monkeypatch):
    """PyYAML without its C part reads every shipped file as the C part does, each value in the
    same place."""
    files = sorted((Path(__file__).parent.parent / "facts").rglob("*.yaml"))
    assert len(files) > 50
    read = {path: read_file(path) for path in files}
    monkeypatch.setattr(yamlread, "_Loader", yaml.BaseLoader)
    assert {path: read_file(path) for path in files} == read
