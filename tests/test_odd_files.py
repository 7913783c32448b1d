"""Files that nobody meant for a command: one message, and nothing is touched."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import kb
from kb.audit import lines
from kb.cli.main import main
from kb.graph.formats import read as read_graph
from kb.importers import output
from kb.interview.interview import Interview
from kb.lang.problems import Problems
from kb.maintain import starter
from kb.model import writing

pytestmark = pytest.mark.usefixtures("english")

SMALL = Path(__file__).parent / "cases" / "facts-small"
ROWS = "id,services\na,bread\nb,tea\n"
OBJECT = '{"id": "a", "services": ["tea"]}'
TABLE = "一级类目,二级类目,资质要求\n教育,驾校,《甲许可证》\n"


@pytest.fixture(scope="module")
def town():
    return kb.load(only_facts=SMALL, as_of="2024-04-01")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch, capsys):
    """`kb` in this process: exit code and standard error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit:
            main()
        return exit.value.code, capsys.readouterr().err

    return call


def state(folder):
    """All that lies in a folder: what files hold, where links lead."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[path] = os.readlink(path)
        else:
            found[path] = path.read_bytes() if path.is_file() else path.stat().st_mode
    return found


def parquet(**columns):
    made = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), made)
    return made.getvalue().to_pybytes()


def columned(*names):
    """A Parquet file with these columns, some of which may have one name."""
    made = pa.BufferOutputStream()
    pq.write_table(pa.table([pa.array(["a"])] * len(names), names=list(names)), made)
    return made.getvalue().to_pybytes()


READ = "`{}` can not be read: "
LISTED = "`{}` is a list in JSON, not an object a line"
NO_TEXTS = "`{}`: the column `id` holds no texts"
GBK = "id,services\n甲,bread\n".encode("gbk")
TABLES = [
    ("x.csv", b"PK\x03\x04\0\0", READ + "this is a workbook, or another archive"),
    ("x.csv", gzip.compress(ROWS.encode(), mtime=0), READ + "this is compressed by gzip"),
    ("x.jsonl", b"PAR1", READ + "this is Parquet"),
    ("x.csv", ROWS.encode("utf-32"), "`{}` is in UTF-32, not in UTF-8"),
    ("x.csv", GBK, "`{}` is in GBK, not in UTF-8"),
    ("x.csv", b"id,ID,services\n", "`{}` has the column `ID` twice"),
    ("x.csv", b"id,,services\n", "`{}` has a column without a name, the 2."),
    ("x.jsonl", f"[{OBJECT},]".encode(), LISTED),
    ("x.jsonl", f"[\n{OBJECT}\n]".encode(), LISTED),
    ("x.jsonl", b'{\n"id": "a"\n}\n', "`{}` is an object over several lines, not one a line"),
    ("x.parquet", parquet(id=[{"a": "b"}]), NO_TEXTS),
    ("x.parquet", parquet(id=[["a"]]), NO_TEXTS),
    ("x.parquet", columned("id", "services", "ID"), "`{}` has the column `ID` twice"),
    ("x.parquet", columned("id", "id"), "`{}` has the column `id` twice"),
]


def rejects_of(summary):
    return [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("name", "content", "said"), TABLES)
def test_tables_that_are_something_else(town, here, name, content, said):
    """What is no table of the kind that its name says is refused as a whole, and told."""
    (here / name).write_bytes(content)
    with pytest.raises(Problems) as raised:
        town.audit(name, "out.csv")
    assert [problem.message for problem in raised.value.problems] == [said.format(name)]
    assert [path.name for path in here.iterdir()] == [name]


COUNT = "holds: a count from 0 to 1000000 is expected here"
BAD_ROWS = [
    ('"id": "b", "id": "c"', "`id` stands twice"),
    ('"id": "b", "facts": {"oven": "yes", "oven": "no"}', "facts: `oven` stands twice"),
    ('"id": "b", "holds": [{"holder": "x", "holder": "x"}]', "holds: `holder` stands twice"),
    ('"id": "b", "parties": [{"id": "x", "id": "x", "role": "partner"}]', "parties: `id` stands"),
    ('"id": ["b"]', "id: text is expected here"),
    ('"id": "b", "holds": [{"document": "photo", "count": 1.5}]', COUNT),
    ('"id": "b", "holds": [{"document": "photo", "count": 1e2}]', COUNT),
    ('"id": "b", "holds": [{"count": -1E+2, "document": "photo"}]', COUNT),
    ('"id": "b", "holds": [{"document": "photo", "count": 9999999999999999999}]', COUNT),
    ('"id": "b", "services": ["' + "x" * 900 + '"]', f"no service is called `{'x' * 199}…`"),
]


@pytest.mark.parametrize(("row", "reason"), BAD_ROWS)
def test_rows_that_ask_refuses(town, here, row, reason):
    """What `ask` refuses of a profile is a reject of an audit: keys that stand twice, ids that are
    no text, counts that are no whole numbers. A name that goes on and on is told in part."""
    profile = re.sub('"id": (?!"x")', '"name": ', row)
    (here / "p.json").write_text(f"{{{profile}}}", "utf-8")
    with pytest.raises(Problems):
        town.ask(here / "p.json")
    (here / "apps.jsonl").write_text(f"{{{row}}}\n{OBJECT}\n", "utf-8")
    summary = town.audit("apps.jsonl", "out.csv")
    [reject] = rejects_of(summary)
    assert (reject["line"], summary.rows) == (1, 2)
    assert reason in reject["reason"]


def test_whole_numbers_of_a_column_with_gaps(town, here):
    """A count that a table with gaps holds as `2.0` is two."""
    row = '{"id": "b", "services": [], "holds": [{"document": "photo", "count": 2.0}]}'
    (here / "apps.jsonl").write_text(f"{row}\n", "utf-8")
    assert not town.audit("apps.jsonl", "out.csv").refused


def test_a_line_without_end(here, monkeypatch):
    """A line that is too long is refused by that reason; those around it are read, wherever blocks
    end."""
    monkeypatch.setattr(lines, "LONGEST", 40)
    (here / "x.csv").write_bytes(b"a\n" + b"x" * 99 + b"\nb\nc\n" + b"y" * 99)
    for block in range(5, 60):
        monkeypatch.setattr(lines, "BLOCK", block)
        found = list(lines.lines_of(here / "x.csv"))
        good = [(number, text) for number, text, said in found if said is None]
        if len(good) < 5:  # where a block holds the whole line it is read
            assert good[:3] == [(1, "a"), (3, "b"), (4, "c")]
            assert all(said == lines._LONG for *_, said in found if said)
        assert [number for number, *_ in found] == [1, 2, 3, 4, 5]


def test_marks_before_the_first_line(town, here):
    """Two marks of the order of bytes before the first line are passed over as one is."""
    (here / "x.csv").write_bytes(2 * b"\xef\xbb\xbf" + ROWS.encode())
    assert town.audit("x.csv", "out.csv").rows == 2


@pytest.mark.parametrize("kind", ["arrow", "pandas"])
def test_columns_of_one_name(town, here, kind):
    """A table in memory with a column twice is refused with its name, not with one that DuckDB
    gave to the second."""
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["id", "id"])
    frame = pd.DataFrame([["a", "b"]], columns=["id", "id"])
    with pytest.raises(Problems) as raised:
        town.audit(table if kind == "arrow" else frame, "out.csv")
    [problem] = raised.value.problems
    assert problem.message == "`the table` has the column `id` twice"


def test_numbers_stay_what_they_say(town, here):
    """A number in JSON lines is its digits: of an id none is lost, whatever stands in texts beside
    it."""
    said = {
        "123456789012345678901": "123456789012345678901",
        "1e2": "1e2",
        "0.10000000000000000001": "0.10000000000000000001",
        '"1e2 \\" 12345678901234567890"': '1e2 " 12345678901234567890',
        "12": "12",
    }
    ids = "".join(f'{{"id": {id}, "services": ["tea"]}}\n' for id in said)
    (here / "apps.jsonl").write_text(ids, "utf-8")
    assert town.audit("apps.jsonl", "out.jsonl").refused == 0
    rows = map(json.loads, (here / "out.jsonl").read_text("utf-8").splitlines())
    assert list(dict.fromkeys(row["app"] for row in rows)) == list(said.values())


@pytest.mark.parametrize("name", ["apps.csv", "apps.jsonl"])
def test_marks_within_a_file(town, here, name):
    """Files that were put together, each with a mark of the order of bytes: the line with the mark
    is refused with the way out, and no id keeps it."""
    rows = ROWS if name.endswith("csv") else f"{OBJECT}\n"
    (here / name).write_bytes(2 * (b"\xef\xbb\xbf" + rows.encode()))
    summary = town.audit(name, "out.csv")
    [reject] = rejects_of(summary)
    assert (reject["line"], reject["reason"], reject["help"]) == (
        1 + rows.count("\n"),
        "a byte order mark stands in the middle of the file (U+FEFF at 1)",
        "files were put together: leave out the mark, and the header that may follow it",
    )
    assert summary.rows == (5 if name.endswith("csv") else 2)
    assert "\ufeff" not in (here / "out.csv").read_text("utf-8")


REASONS = {
    b'{"id": "no': "这一行不是 JSON 对象",
    b'{"services": []}': "id: 应用没有名称",
    b'{"id": "c", "services": ["breed"]}': "service: 没有叫 `breed` 的服务",
    b'{"id": "d", "services": ["b; c"], "odd": 1}': (
        "service: 没有叫 `b; c` 的服务; 不认识的键 `odd`"
    ),
    b'{"id": "e", "holds": [{"document": "photo", "count": 1.5}]}': (
        "holds: 这里应为 0 到 1000000 的份数"
    ),
    b'{"id": "f", "parties": [{"id": "x"}]}': "parties: 这里应有 `role`",
    b'{"id": "g"\xff': "这一行的第 11 个字节(0xff)不是 UTF-8",
    b'{"id": "\x1e"}': "这里有文字中不能有的字符(U+001E,在第 9 位)",
    b'\xef\xbb\xbf{"id": "h"}': "文件中间有字节顺序标记(U+FEFF,在这一行的第 1 位)",
}


def test_reasons_in_chinese(town, here, run):
    """Where the language is Chinese, rejects give reasons and help in it, with the texts of users
    as they are; columns, and the codes of an output, are the same in both languages."""
    lines_of = [OBJECT.encode(), *REASONS]
    (here / "apps.jsonl").write_bytes(b"\n".join(lines_of))
    en = rejects_of(town.audit("apps.jsonl", "en.csv"))
    args = ("-o", "zh.csv", "--lang", "zh", "--only-facts", SMALL, "--as-of", "2024-04-01")
    assert run("audit", "apps.jsonl", *args, "--max-rejects", "1") == (0, "")
    zh = [json.loads(line) for line in Path("zh.csv.rejects.jsonl").read_text("utf-8").splitlines()]
    assert [reject["reason"] for reject in zh] == list(REASONS.values())
    helps = {zh[n]["line"]: zh[n]["help"] for n in range(len(zh)) if zh[n]["help"]}
    assert helps[4] == "有相近的名称: `bread`\n查找: `kb find breed`, `kb vocabulary service`"
    assert [r["column"] for r in zh] == [r["column"] for r in en]
    assert (here / "zh.csv").read_bytes() == (here / "en.csv").read_bytes()


def test_folders_of_tables(town, here):
    """A folder of Parquet and of profiles is refused, for one of the two would be passed over; so
    are one of nothing, and a pipe in one; notes of the program that filled it are not looked at."""

    def said():
        with pytest.raises(Problems) as raised:
            town.audit("d", "out.csv")
        return raised.value.problems[0].message

    (here / "d").mkdir()
    assert said() == "`d` holds no Parquet file and no profile"
    os.mkfifo("d/p.yaml")
    assert said() == "`d/p.yaml` can not be read: it is no regular file"
    os.unlink("d/p.yaml")
    (here / "d" / "part.parquet").write_bytes(parquet(id=["a"]))
    (here / "d" / "_note.json").write_text("{}")
    assert town.audit("d", "out.csv").rows == 1
    (here / "d" / "p.yaml").write_text("name: b\n")
    assert said() == "`d` holds Parquet files and profiles, such as `p.yaml`"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x" * 300 + ".csv", "can not be written: file name too long"),
        ("\udcff.csv", "error[output]: the name `\udcff.csv` is not UTF-8"),
        ("a\0.csv", "can not be written: embedded null byte"),
    ],
)
def test_odd_names_of_outputs(town, here, name, said):
    """An output whose name can be none here is refused before the work."""
    (here / "x.csv").write_text(ROWS)
    with pytest.raises(Problems) as raised:
        town.audit("x.csv", name)
    assert said in str(raised.value)
    assert [path.name for path in here.iterdir()] == ["x.csv"]


# What other commands write.


@pytest.fixture
def odd(here):
    """A folder of things that are no place for a file, and a profile under three names."""
    (here / "folder.json").mkdir()
    os.mkfifo("pipe.json")
    Path("device.json").symlink_to("/dev/full")
    Path("app.json").write_text('{"services": ["bread"]}')
    os.link("app.json", "hard.json")
    Path("link.json").symlink_to("app.json")
    shutil.copytree(SMALL, "facts")
    return here


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("folder.json", "`folder.json` can not be written: is a directory"),
        ("pipe.json", "`pipe.json` is no regular file"),
        ("device.json", "`device.json` is no regular file"),
        ("none/x.json", "`none/x.json` can not be written: no such file or directory"),
        ("x" * 300 + ".json", f"`{'x' * 300}.json` can not be written: file name too long"),
        ("app.json", "`app.json` is the input"),
        ("hard.json", "`hard.json` is the input"),
        ("link.json", "`link.json` is the input"),
    ],
)
def test_graphs_in_odd_places(run, odd, name, said):
    """A graph takes the place of no device, pipe or folder, and not of the profile it is drawn of,
    by whatever name; nothing is touched."""
    before = state(odd)
    graph = ("graph", "--app", "app.json", "--only-facts", "facts", "-o", name)
    code, err = run(*graph)
    assert (code, err.splitlines()[0]) == (2, f"error[output]: {said}")
    assert state(odd) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("facts/town-2020.yaml", "`facts/town-2020.yaml` is the input"),
        ("device.json", "`device.json` is no regular file"),
        ("", "`` can not be written: this is no name of a file"),
    ],
)
def test_exports_in_odd_places(run, odd, name, said):
    """An export does not take the place of the facts that it is made of."""
    before = state(odd)
    code, err = run("export", "facts", "--only-facts", "facts", "-o", name)
    assert (code, err.splitlines()[0]) == (2, f"error[output]: {said}")
    assert state(odd) == before


def imported(run, file, folder="draft", *more):
    table = ("import", "table", file, "--as", "town", "--seen", "2026-01-01")
    table += ("--account", "non_individual")
    return run(*table, "--facts", SMALL, "-o", folder, *more)


def test_an_import_spares_what_is_in_its_folder(run, here):
    """An import again takes the place of what the first has written, and of nothing else: a note
    in its folder is told, and stays; so does all of it when the new folder can not be put there."""
    (here / "t.csv").write_text(TABLE, "utf-8")
    assert imported(run, "t.csv") == (0, "")
    assert imported(run, "t.csv") == (0, "")
    note = here / "draft" / "facts" / "mine.txt"
    note.write_text("mine")
    before = state(here)
    said = "draft: error[output]: the folder holds `facts/mine.txt`, which no import wrote"
    code, err = imported(run, "t.csv")
    assert (code, err.splitlines()[0]) == (2, said)
    assert state(here) == before


def test_an_import_that_can_not_be_put_in_place(run, here, monkeypatch):
    """Where the new folder can not get its name, the one before is there as it was."""
    (here / "t.csv").write_text(TABLE, "utf-8")
    assert imported(run, "t.csv") == (0, "")
    before = state(here)
    rename = Path.rename

    def once(path, target):
        if Path(target).name == "draft" and not path.name.endswith(".old"):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(output.Path, "rename", once)
    said = "draft: error[output]: the folder can not be written: no space left on device"
    assert imported(run, "t.csv") == (2, f"{said}\n")
    assert state(here) == before


UNFIT = "t.csv:2: error[not-text]: a character here can not be in a text "
BROKEN = TABLE.encode() + "教育,".encode() + b"\xe9\xa9,x\n"
ENDLESS = b'[{"a": 1' + b"0" * 5000 + b"}]"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", TABLE.replace("驾", "驾\0").encode(), UNFIT + "(U+0000)"),
        ("t.csv", TABLE.replace("驾", "驾\x1e").encode(), UNFIT + "(U+001E)"),
        ("t.csv", BROKEN, "t.csv:3: error[not-text]: this line is not UTF-8"),
        ("t.json", ENDLESS, "t.json: error[not-json]: a number here is too large"),
    ],
)
def test_imports_of_odd_files(run, here, name, content, said):
    """Characters that facts can not hold, a line of bytes that are no text among others, a number
    without end: each is told with its line, and nothing is written."""
    (here / name).write_bytes(content)
    code, err = imported(run, name)
    assert (code, err.splitlines()[0].replace(":1: ", ": ")) == (2, said)
    assert [path.name for path in here.iterdir()] == [name]


def test_imports_of_pipes_and_by_no_facts(run, here):
    """A pipe is refused and not waited for; a folder that holds no facts is not taken for one in
    which no name is known."""
    os.mkfifo("p.csv")
    said = "p.csv: error[not-a-file]: this is no regular file"
    assert imported(run, "p.csv")[1].splitlines()[0] == said
    (here / "t.csv").write_text(TABLE, "utf-8")
    code, err = imported(run, "t.csv", "draft", "--facts", "none")
    assert (code, err.splitlines()[0]) == (2, "error[no-facts]: no folder of facts at `none`")
    code, err = imported(run, "t.csv", "x" * 300)
    assert code == 2
    assert "the folder can not be written: file name too long" in err
    assert sorted(path.name for path in here.iterdir()) == ["p.csv", "t.csv"]


@pytest.mark.parametrize(
    "args",
    [
        ["replay", "pipe.json"],
        ["replay", "/dev/zero"],
        ["coverage", "--sources", "texts"],
        ["query", "mine", "--rules", "pipe.dl"],
        ["changes", "--from", "2024-01-01", "--to", "2025-01-01", "--apps", "pipe.yaml"],
    ],
)
def test_pipes_and_devices(run, here, base, args):
    """What may keep a reader waiting, or has no end, is refused by whatever would read it."""
    Path("texts").mkdir()
    source = min(base.facts.sources)
    for name in ("pipe.json", "pipe.dl", "pipe.yaml", f"texts/{source}.txt"):
        os.mkfifo(name)
    code, err = run(*args)
    named = f"texts/{source}.txt" if args[0] == "coverage" else args[-1]
    if args[0] == "replay":
        named = args[1]
    assert code == 2
    assert err == (
        f"{named}: error[not-a-file]: this is no regular file\n"
        "  help: write what it gives to a file first\n"
    )


@pytest.mark.parametrize("read", ["interview", "graph", "import"])
def test_pipes_that_are_read_back(here, base, read):
    """The same of what an interview, a graph or an import has written."""
    os.mkfifo("rows.json")
    Path(output.MARK).write_text("{}", "utf-8")
    call = {
        "interview": lambda: Interview.resume(base, "rows.json"),
        "graph": lambda: read_graph("rows.json"),
        "import": lambda: output.read_rows(Path()),
    }
    with pytest.raises(Problems) as raised:
        call[read]()
    assert [p.message for p in raised.value.problems] == ["this is no regular file"]


def test_a_start_that_fails(run, here, monkeypatch):
    """Where a file of a new folder can not be written, nothing of it is left, and what was there
    before stays."""
    whole = writing.write_whole

    def full(path, content):
        if path.name == "README.md":
            raise OSError(28, "No space left on device")
        whole(path, content)

    monkeypatch.setattr(writing, "write_whole", full)
    (here / "old").mkdir()
    for name in ("new/inner", "old"):
        code, err = run("init", name)
        said = f"error[output]: `{name}/README.md` can not be written: no space left on device"
        assert (code, err.splitlines()[0]) == (2, said)
    assert [path.name for path in here.rglob("*")] == ["old"]
    assert starter.STARTER.is_dir()


def test_notebooks_are_copied_whole(run, here, monkeypatch):
    """A notebook that could not be copied whole is not there, so that the next copy brings it; a
    link that leads nowhere is somebody's, and stays."""
    (here / "n").mkdir()
    (here / "n" / "02-driving-school-platform.ipynb").symlink_to("nowhere")
    settle = writing.settle

    def full(temporary, path):
        if path.name.startswith("03"):
            raise OSError(28, "No space left on device")
        settle(temporary, path)

    monkeypatch.setattr(writing, "settle", full)
    assert run("notebook", "n", "--copy-only")[0] == 2
    names = sorted(path.name[:2] for path in (here / "n").iterdir())
    assert names == ["01", "02"]
    assert (here / "n" / "02-driving-school-platform.ipynb").is_symlink()
