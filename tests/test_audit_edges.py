"""Audits at the edges: state that is not what was written, folders of users, odd files, limits."""

from __future__ import annotations

import json
import os
import re
import shutil

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.apps import write_apps

from kb.audit import ownership
from kb.audit.lines import lines_of, way_out
from kb.audit.ownership import OWNER, Outputs, claimed
from kb.audit.state import counts_of, resume
from kb.lang.problems import Problems

DAY = "2025-06-30"
GOOD = "驾校平台"


@pytest.fixture(scope="module")
def apps(base, tmp_path_factory):
    """A hundred and fifty random apps."""
    path = tmp_path_factory.mktemp("edges") / "apps.parquet"
    write_apps(base, 150, path, seed=3, day=2025_06_30)
    return path


@pytest.fixture(scope="module")
def interrupted(base, apps, tmp_path_factory):
    """The parts of a run that stopped after two."""
    folder = tmp_path_factory.mktemp("interrupted")

    def stop(done, _):
        if done == 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        base.audit(apps, folder / "out.parquet", as_of=DAY, chunk=50, progress=stop)
    return folder / "out.parquet.parts"


def problem_of(call, *args, **more):
    with pytest.raises(Problems) as raised:
        call(*args, **more)
    [problem] = raised.value.problems
    return problem.message, problem.help


# Parts that are whole files, and not those that were written.


def flipped(file):
    """One bit of a file turned, deep within what it holds."""
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def copied(parts, suffixes):
    for suffix in suffixes:
        shutil.copy(parts / f"000000{suffix}", parts / f"000001{suffix}")


@pytest.mark.parametrize(
    "damage",
    [
        lambda parts: flipped(parts / "000001.parquet"),
        lambda parts: flipped(parts / "000001.refused.parquet"),
        lambda parts: copied(parts, [".parquet"]),
        lambda parts: copied(parts, [".parquet", ".refused.parquet"]),
        lambda parts: copied(parts, [".parquet", ".refused.parquet", ".json"]),
    ],
)
def test_parts_that_are_others(interrupted, tmp_path, damage):
    """A part is taken for done only where it is, to the last bit, what was written for these rows;
    else it would be put into the output without a word."""
    parts = tmp_path / "out.parquet.parts"
    shutil.copytree(interrupted, parts)
    state = json.loads((parts / "run.json").read_text("utf-8"))
    done = resume(parts, state, fresh=False)
    assert done >= 2
    damage(parts)
    assert problem_of(resume, parts, state, fresh=False) == (
        f"what an interrupted run left in `{parts}` is damaged: part 1 is not whole",
        "start afresh: --fresh (fresh=True)",
    )


def test_rows_before_a_part(interrupted):
    """A part says which row it begins with."""
    firsts = [json.loads(counts_of(interrupted, n).read_text("utf-8"))["first"] for n in (0, 1)]
    assert firsts == [0, 50]


def test_a_folder_that_a_user_has_made(base, apps, tmp_path):
    """An empty folder of a user is still there after a run that has put its parts there."""
    out, parts = tmp_path / "out.parquet", tmp_path / "out.parquet.parts"
    parts.mkdir()
    base.audit(apps, out, as_of=DAY)
    assert sorted(tmp_path.iterdir()) == [out, parts]
    assert not any(parts.iterdir())


def test_a_disk_that_is_full_at_once(base, apps, tmp_path, monkeypatch):
    """Where not even the lock can be written, nothing stays on the disk and nothing is held: the
    next run in the same process begins."""
    out = tmp_path / "out.parquet"

    def full(*_):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as disk:
        disk.setattr(ownership.os, "write", full)
        said = problem_of(base.audit, apps, out, as_of=DAY)
    assert said == (
        f"`{out}.parts` can not be written: no space left on device",
        "make room for it; the same command goes on from what is done",
    )
    assert not any(tmp_path.iterdir())
    assert base.audit(apps, out, as_of=DAY).rows == 150


def test_a_full_disk_keeps_what_is_done(interrupted, tmp_path, monkeypatch):
    """Parts that are done stay where the lock can not be written any more."""
    parts = tmp_path / "out.parquet.parts"
    shutil.copytree(interrupted, parts)
    before = sorted(path.name for path in parts.iterdir())

    def full(*_):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as disk:
        disk.setattr(ownership.os, "write", full)
        with pytest.raises(Problems), claimed(Outputs(tmp_path / "out.parquet")):
            pass
    assert sorted(path.name for path in parts.iterdir()) == before
    with claimed(Outputs(tmp_path / "out.parquet")):
        assert (parts / OWNER).is_file()


def test_ids_that_look_told_apart(base, tmp_path):
    """No two rows of an output have one name, whatever the ids of its input look like."""
    frame = pd.DataFrame({"id": ["a", "a", "a (row 0)", "b"]})
    base.audit(frame, tmp_path / "out.parquet", as_of=DAY)
    names = pq.read_table(tmp_path / "out.parquet")["app"].to_pylist()
    assert names == ["a (row 0)", "a (row 1)", "a (row 0) (row 2)", "b"]
    base.audit(frame[2:], tmp_path / "other.parquet", as_of=DAY)
    assert pq.read_table(tmp_path / "other.parquet")["app"].to_pylist() == ["a (row 0)", "b"]


# Files of other programs.

HELPS = {
    "utf-16-le": ("is in UTF-16LE, not in UTF-8", "save it as UTF-8: iconv -f UTF-16LE -t UTF-8"),
    "utf-16-be": ("is in UTF-16BE, not in UTF-8", "save it as UTF-8: iconv -f UTF-16BE -t UTF-8"),
}


@pytest.mark.parametrize("encoding", HELPS)
@pytest.mark.parametrize("name", ["apps.csv", "apps.jsonl"])
def test_utf_16_without_a_mark(base, tmp_path, name, encoding):
    """UTF-16 is told as such also where no mark says it, and much of it is Chinese."""
    path = tmp_path / name
    rows = (
        ["id,services", *["学车通驾校平台" * 9] * 9] if name.endswith("csv") else ['{"id": "甲"}']
    )
    path.write_bytes("\n".join(rows).encode(encoding))
    said, help = HELPS[encoding]
    assert problem_of(base.audit, path, tmp_path / "out.csv") == (
        f"`{path}` {said}",
        f"{help} '{path}' > utf8{path.suffix}",
    )


def test_rows_of_nothing(base, tmp_path):
    """Bytes of nothing at the start of a file, as a crash leaves them, are no UTF-16."""
    path = tmp_path / "apps.jsonl"
    path.write_bytes(bytes(40) + b'\n{"id": "a"}\n')
    summary = base.audit(path, tmp_path / "out.csv", as_of=DAY)
    assert (summary.rows, summary.refused) == (2, 1)


@pytest.mark.parametrize("name", ["apps.csv", "apps.jsonl"])
def test_lines_of_carriage_returns(base, tmp_path, name):
    """Lines that end in carriage returns alone are told before the work, with the way out."""
    path = tmp_path / name
    lines = ["id,services", "a,", "b,"] if name.endswith("csv") else ['{"id": "a"}', '{"id": "b"}']
    path.write_bytes("\r".join([*lines, ""]).encode())
    assert problem_of(base.audit, path, tmp_path / "out.csv") == (
        f"the lines of `{path}` end in carriage returns alone",
        rf"let them end in line feeds: tr '\r' '\n' < '{path}' > lines{path.suffix}",
    )
    path.write_bytes(lines[-1].encode() + b"\r")  # one line, and its end
    if name.endswith("jsonl"):
        assert base.audit(path, tmp_path / "out.csv", as_of=DAY).refused == 0


def test_a_plain_file_that_is_called_gz(base, tmp_path):
    """A file that is not compressed says so."""
    path = tmp_path / "apps.csv.gz"
    path.write_text("id\na\n", "utf-8")
    assert problem_of(base.audit, path, tmp_path / "out.csv") == (
        f"`{path}` can not be read: this is not compressed by gzip",
        "let its name not end in `.gz`",
    )


@pytest.mark.parametrize(
    ("row", "gbk"),
    [("学车通,驾校平台".encode("gbk"), True), ("caf\xe9,x".encode("latin-1"), False),
     (b"\xff\xfe,x", False), ("学车通,驾校".encode("gbk")[:-1], False),
     ("\u0416\u0416,x".encode("gbk"), False)],
)  # fmt: skip
def test_a_row_in_gbk(tmp_path, row, gbk):
    """A row that reads as Chinese in GBK is told as such, with the way out; others are not."""
    path = tmp_path / "apps.csv"
    path.write_bytes(b"id,services\n" + row + b"\n")
    [_, (number, _, said)] = lines_of(path)
    assert number == 2
    assert re.match(r"byte \d+ of the line \(0x[0-9a-f]{2}\) is not UTF-8", said)
    assert said.endswith("; the line reads as GBK") == gbk
    expected = "save it as UTF-8: iconv -f GB18030 -t UTF-8" if gbk else "save it as UTF-8"
    assert way_out(said) == expected


def test_profiles_with_chinese_keys(base, tmp_path):
    """A folder of profiles takes the keys that `kb ask` takes, and refuses those it refuses."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    said = f"名称: 甲\n主体: 企业\n服务: [{GOOD}]\n持有: [{{材料: 营业执照, 份数: 2}}]\n"
    (folder / "a.yaml").write_text(said, "utf-8")
    (folder / "b.yaml").write_text("名称: 乙\nname: b\n", "utf-8")
    (folder / "c.yaml").write_text("名称: 丙\n主题: 企业\n", "utf-8")
    summary = base.audit(folder, tmp_path / "out.parquet", as_of=DAY)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert {row["app"] for row in rows} == {"甲"}
    verdict = base.ask(folder / "a.yaml", as_of=DAY).verdict
    assert [row["verdict"] for row in rows if row["category"] is None] == [verdict]
    rejects = [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]
    assert [reject["reason"] for reject in rejects] == [
        "`name` and `名称` are names of the same key",
        "unknown key `主题`",
    ]


def test_a_table_without_columns(base, tmp_path):
    """An empty table has no apps, and says what it lacks."""
    for table in (pd.DataFrame(), pa.table({})):
        found = problem_of(base.audit, table, tmp_path / "out.csv")
        assert found == ("`the table` has no column `id`", "the app's name")


def test_counts_are_numbers(base, tmp_path):
    """What is true is no number of copies, asked alone or in an audit."""
    held = {"name": "a", "holds": [{"document": "营业执照", "count": True}]}
    assert problem_of(base.ask, held)[0] == "a whole number is expected here"
    path = tmp_path / "apps.jsonl"
    path.write_text(json.dumps({"id": "a", "holds": held["holds"]}) + "\n", "utf-8")
    summary = base.audit(path, tmp_path / "out.csv", as_of=DAY)
    [reject] = map(json.loads, summary.rejects.read_text("utf-8").splitlines())
    assert reject["reason"] == "holds: a count from 0 to 1000000 is expected here"


# What changes between two days, over tables.

FIRST, LAST = "2024-12-01", "2025-06-30"


@pytest.fixture(scope="module")
def flips(base, apps):
    return base.changes(FIRST, LAST, apps).apps


@pytest.mark.parametrize("kind", ["pandas", "arrow", "reader", "duckdb", "csv.gz"])
def test_changes_of_any_table(base, tmp_path, kind):
    """A table in memory, or a compressed one, is judged as the same table in a file is."""
    frame = pd.DataFrame({"id": ["a", "b"], "services": [GOOD, None]})
    frame.to_csv(tmp_path / "apps.csv", index=False)
    frame.to_csv(tmp_path / "apps.csv.gz", index=False)
    days = "2019-01-01", LAST  # the category is opened between them
    expected = base.changes(*days, tmp_path / "apps.csv").apps
    assert [flip.app for flip in expected] == ["a"]
    table = pa.Table.from_pandas(frame)
    made = {
        "pandas": frame,
        "arrow": table,
        "reader": table.to_reader(),
        "duckdb": duckdb.from_arrow(table),
        "csv.gz": tmp_path / "apps.csv.gz",
    }
    assert base.changes(*days, made[kind]).apps == expected


def test_changes_within_a_limit(base, apps, flips):
    """As many flips as are allowed are told; of more, none, and how many are allowed."""
    assert len(flips) > 15
    assert base.changes(FIRST, LAST, apps, limit=len(flips)).apps == flips
    assert problem_of(base.changes, FIRST, LAST, apps, limit=len(flips) - 1) == (
        f"the verdicts of more than {len(flips) - 1} apps flip",
        "let more be told (--limit), or take the table in parts",
    )


@pytest.mark.parametrize(
    ("memory", "message", "help"),
    [
        # Of 150 apps a change reaches so many.
        ("24MB", "the memory allowed is not enough for 116 apps at once", "allow more (--memory)"),
        ("1MB", "the memory allowed is not enough for the facts alone", "allow more (--memory)"),
        ("much", "`much` is no amount of memory: Parser Error: Memory must have a number"
         " (e.g. 1GB)", "write it like 2GB"),
    ],
)  # fmt: skip
def test_changes_in_little_memory(base, apps, memory, message, help):
    """Too little memory for flips is told as it is for audits."""
    assert problem_of(base.changes, FIRST, LAST, apps, memory=memory) == (message, help)


def test_changes_in_enough_memory(base, apps, flips, tmp_path, monkeypatch):
    """Enough memory changes nothing, and nothing is left where the command runs."""
    monkeypatch.chdir(tmp_path)
    assert base.changes(FIRST, LAST, apps, memory="1GB").apps == flips
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("apps", [3, [3], [None]])
def test_changes_of_what_is_no_app(base, apps):
    """What is no app is told as `ask` tells it."""
    found = problem_of(base.changes, FIRST, LAST, apps)
    assert found == ("an app is a mapping, a path or a kb.App", "")
