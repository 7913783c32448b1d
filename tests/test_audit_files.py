"""Files of audits: what is written belongs to one run, and one bad row is one reject."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench.apps import write_apps

import kb
from kb.audit.inputs import open_apps
from kb.audit.lines import LINE, Csv, lines_of
from kb.audit.ownership import OWNER, Outputs, claimed
from kb.audit.report import page, text, write
from kb.audit.state import resume
from kb.audit.summary import Summary
from kb.cli.audit import share
from kb.cli.main import main
from kb.lang.problems import Problems

pytestmark = pytest.mark.usefixtures("english")

DAY = "2025-06-30"
ROOT = Path(kb.__file__).parent.parent
GOOD = "驾校平台"


@pytest.fixture(scope="module")
def apps(base, tmp_path_factory):
    """A hundred and fifty random apps."""
    path = tmp_path_factory.mktemp("files") / "apps.parquet"
    write_apps(base, 150, path, seed=3, day=2025_06_30)
    return path


def table(folder, name="apps.csv", ids=("a", "b", "c")):
    path = folder / name
    path.write_text("id,services\n" + "".join(f"{id},{GOOD}\n" for id in ids), "utf-8")
    return path


def state(folder):
    """All files of a folder with what they hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kb_run(*args, code):
    """`kb` in a process of its own, begun by this code."""
    command = [sys.executable, "-c", code]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, *map(str, args)],
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def run(monkeypatch, capsys):
    """`kb` in this process: exit code, standard output, standard error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit:
            main()
        out, err = capsys.readouterr()
        return exit.value.code, out, err

    return call


def rows_of(base, apps, size=1000):
    """The rows of a table as an audit takes them before it judges."""
    source = open_apps(apps, base)
    found = [row for chunk in source.chunks(size) for row in chunk.to_pylist()]
    return source, found


def told(rows):
    """Whose rows can be read, and why each of the others can not, by its line."""
    good = [row["id"] for row in rows if row["bad"] is None]
    return good, {row[LINE]: row["bad"] for row in rows if row["bad"] is not None}


def refusal(base, *args, **more):
    with pytest.raises(Problems) as raised:
        base.audit(*args, as_of=DAY, **more)
    [problem] = raised.value.problems
    return problem.message


def rejects_of(summary):
    return [json.loads(line) for line in summary.rejects.read_text("utf-8").splitlines()]


def judged(out):
    return list(dict.fromkeys(pq.read_table(out)["app"].to_pylist()))


# Who owns what is written.


def spelled(folder, path, how):
    """Another name of a file."""
    match how:
        case "same":
            return path
        case "dots":
            return folder / "x" / ".." / path.name
        case "relative":
            return Path(os.path.relpath(path))
        case "symlink":
            (folder / "link.csv").symlink_to(path)
            return folder / "link.csv"
        case "hard link":
            os.link(path, folder / "hard.csv")
            return folder / "hard.csv"
        case _:
            (folder / "other").symlink_to(folder)
            return folder / "other" / path.name


@pytest.mark.parametrize(
    "how", ["same", "dots", "relative", "symlink", "hard link", "linked folder"]
)
@pytest.mark.parametrize("role", ["output", "report"])
def test_the_input_is_never_written_to(base, tmp_path, how, role):
    """An output or a report that is the input, by whatever name, is refused; nothing is touched."""
    (tmp_path / "x").mkdir()
    path = table(tmp_path)
    other = spelled(tmp_path, path, how)
    before = state(tmp_path)
    if role == "output":
        said = refusal(base, path, other)
    else:
        said = refusal(base, path, tmp_path / "out.parquet", report=other)
    assert said == f"`{other}` is the input"
    assert state(tmp_path) == before


def test_rejects_that_are_the_input(base, tmp_path):
    """The file of rejects may be the input as little as the output may."""
    path = tmp_path / "out.csv.rejects.jsonl"
    path.write_text('{"id": "a"}\n', "utf-8")
    assert refusal(base, path, tmp_path / "out.csv") == f"`{path}` is the input"
    assert path.read_text("utf-8") == '{"id": "a"}\n'


def test_the_folder_of_the_input(base, apps, tmp_path):
    """Nothing is written into the folder that is the input, where the next run would read it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(apps, folder)
    out = folder / "out.parquet"
    assert refusal(base, folder, out) == f"`{out}` lies in the folder of the input"
    assert [path.name for path in folder.iterdir()] == ["apps.parquet"]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("out.csv", "`{p}/out.csv` and `{p}/out.csv` are one file"),
        ("out.csv.rejects.jsonl",
         "`{p}/out.csv.rejects.jsonl` and `{p}/out.csv.rejects.jsonl` are one file"),
        ("out.csv.parts", "`{p}/out.csv.parts` and `{p}/out.csv.parts` are one file"),
    ],
)  # fmt: skip
def test_outputs_that_are_one_another(base, tmp_path, report, said):
    """A report that is the output, its rejects or its parts is refused."""
    path = table(tmp_path)
    found = refusal(base, path, tmp_path / "out.csv", report=tmp_path / report)
    assert found == said.format(p=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["apps.csv"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("out.csv", "name,price\nx,1\n"),
        ("out.csv.rejects.jsonl", '{"my": "notes"}\n'),
        ("report.html", "<!doctype html><title>Mine</title>"),
    ],
)
def test_files_of_others(base, tmp_path, name, content):
    """A file that is there and was not made by an audit is not written over."""
    path = table(tmp_path)
    (tmp_path / name).write_text(content, "utf-8")
    said = refusal(base, path, tmp_path / "out.csv", report=tmp_path / "report.html")
    assert said == f"`{tmp_path / name}` was not made by an audit"
    assert (tmp_path / name).read_text("utf-8") == content
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_own_files_again(base, tmp_path, ending):
    """What an audit made, it writes over: output, rejects and report; also an empty file."""
    path = table(tmp_path, ids=("a", "b", ""))
    out, report = tmp_path / f"out.{ending}", tmp_path / "report.html"
    report.touch()
    for _ in range(2):
        summary = base.audit(path, out, as_of=DAY, report=report)
        write(report, base, summary, "en")
    assert report.read_text("utf-8") == page(base, summary, "en")
    assert summary.refused == 1
    assert {p.name for p in tmp_path.iterdir()} == {
        path.name, out.name, f"{out.name}.rejects.jsonl", report.name
    }  # fmt: skip


def test_a_folder_of_others(base, tmp_path):
    """A folder in the place of the parts that was not made by an audit stays as it is; so does one
    of ours that somebody has put something into; so does a file there."""
    path, out = table(tmp_path), tmp_path / "out.csv"
    parts = tmp_path / "out.csv.parts"
    parts.mkdir()
    (parts / "thesis.txt").write_text("years of work", "utf-8")
    for _ in range(2):
        said = refusal(base, path, out, fresh=True)
        assert said == f"`{parts}` was not made by an audit, and holds `thesis.txt`"
        (parts / OWNER).touch()
    assert (parts / "thesis.txt").read_text("utf-8") == "years of work"
    shutil.rmtree(parts)
    parts.write_text("a file", "utf-8")
    assert refusal(base, path, out) == f"`{parts}` is in the way: an audit keeps its parts there"
    assert parts.read_text("utf-8") == "a file"


def test_odd_outputs(base, tmp_path):
    """A folder, a pipe or a part of another audit as an output is refused before the work."""
    path = table(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    said = refusal(base, path, tmp_path / "folder.csv")
    assert said == f"`{tmp_path / 'folder.csv'}` is a folder"
    os.mkfifo(tmp_path / "pipe.csv")
    said = refusal(base, path, tmp_path / "pipe.csv")
    assert said == f"`{tmp_path / 'pipe.csv'}` is no regular file"
    parts = tmp_path / "x.parquet.parts"
    parts.mkdir()
    (parts / OWNER).touch()
    said = refusal(base, path, parts / "000000.parquet")
    assert said == f"`{parts / '000000.parquet'}` lies in a folder of parts of an audit"


def test_exit_code_of_a_refusal(run, tmp_path):
    """The command line ends with 2, one message, and nothing on standard output."""
    path = table(tmp_path)
    code, out, err = run("audit", str(path), "-o", str(path))
    assert (code, out) == (2, "")
    assert err == (
        f"error[output]: `{path}` is the input\n"
        "  help: name another file: the input is never written to\n"
    )


HOLD = """
import sys
from pathlib import Path
from kb.audit.ownership import Outputs, claimed
with claimed(Outputs(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_run_at_a_time(base, apps, tmp_path):
    """Of two runs to one output the second is refused, in this process and in another; when the
    first has ended, however it did, the next one can begin."""
    out = tmp_path / "out.parquet"
    said = f"another audit is writing `{out}`"
    with claimed(Outputs(out)):
        assert refusal(base, apps, out) == said
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        assert refusal(base, apps, out) == said
        assert refusal(base, apps, out, fresh=True) == said
        holder.kill()
    assert base.audit(apps, out, as_of=DAY).rows == 150
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


SLOW = """
import sys, time
import kb
from kb.audit.run import audit
base = kb.load()
def told(done, _):
    print(done, flush=True)
    if done >= 100:
        time.sleep(600)
audit(base, sys.argv[1], sys.argv[2], day=20250630, chunk=50, progress=told)
"""


def test_killed_and_resumed(base, apps, tmp_path):
    """After a kill the next run goes on from whole parts, and gives what another one gives."""
    out, other = tmp_path / "out.parquet", tmp_path / "other.parquet"
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(apps), str(out)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:
        while process.stdout.readline() not in (b"100\n", b""):
            pass
        process.kill()
    assert not out.exists()
    told = []
    base.audit(apps, out, as_of=DAY, chunk=50, progress=lambda n, _: told.append(n))
    assert told[0] > 100
    base.audit(apps, other, as_of=DAY)
    assert pq.read_table(out).to_pylist() == pq.read_table(other).to_pylist()


@pytest.fixture(scope="module")
def interrupted(base, apps, tmp_path_factory):
    """A folder with an interrupted run, of which two parts are done."""
    folder = tmp_path_factory.mktemp("interrupted")

    def stop(done, _):
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        base.audit(apps, folder / "out.parquet", as_of=DAY, chunk=50, progress=stop)
    return folder


def cut(path):
    path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda parts: cut(parts / "run.json"), "`run.json` can not be read"),
        (lambda parts: (parts / "run.json").write_text("[]"), "`run.json` can not be read"),
        (lambda parts: (parts / "run.json").unlink(), "there is no `run.json`"),
        (lambda parts: cut(parts / "000001.json"), "`000001.json` can not be read"),
        (lambda parts: (parts / "000001.json").write_text("{}"), "part 1 is not whole"),
        (lambda parts: (parts / "000000.json").unlink(), "`000000.json` can not be read"),
        (lambda parts: cut(parts / "000001.parquet"), "part 1 is not whole"),
        (lambda parts: (parts / "000000.refused.parquet").unlink(), "part 0 is not whole"),
    ],
)
def test_damaged_state(interrupted, tmp_path, damage, said):
    """A damaged state is told with the way out, and never taken for a whole one; a fresh run does
    not look at it."""
    shutil.copytree(interrupted, tmp_path, dirs_exist_ok=True)
    parts = tmp_path / "out.parquet.parts"
    state = json.loads((parts / "run.json").read_text("utf-8"))
    assert resume(parts, state, fresh=False) >= 2
    damage(parts)
    with pytest.raises(Problems) as raised:
        resume(parts, state, fresh=False)
    [problem] = raised.value.problems
    assert (problem.message, problem.help) == (
        f"what an interrupted run left in `{parts}` is damaged: {said}",
        "start afresh: --fresh (fresh=True)",
    )
    assert resume(parts, state, fresh=True) == 0
    assert {path.name for path in parts.iterdir()} == {OWNER, "run.json"}


def test_fresh_from_damaged_parts(base, apps, interrupted, tmp_path):
    """A part whose rows are damaged within is told at the end; `fresh` starts afresh."""
    shutil.copytree(interrupted, tmp_path, dirs_exist_ok=True)
    out, part = tmp_path / "out.parquet", tmp_path / "out.parquet.parts" / "000000.parquet"
    raw = bytearray(part.read_bytes())
    raw[4:200] = bytes(196)
    part.write_bytes(raw)
    said = refusal(base, apps, out, chunk=50)
    assert said.startswith(f"what an interrupted run left in `{part.parent}` is damaged: ")
    assert not out.exists()
    assert base.audit(apps, out, as_of=DAY, chunk=50, fresh=True).rows == 150


LIMITED = """
import resource, sys
sys.dont_write_bytecode = True  # half of a compiled module would be left for all who come after
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from kb.cli.audit import share
from kb.cli.main import main
main()
"""


def test_no_room(apps, run, tmp_path):
    """Where there is no room for what is written the run ends with 2 and says what to do; with room
    the same command goes on."""
    out = tmp_path / "out.parquet"
    args = ["audit", apps, "-o", out, "--as-of", DAY]
    found = kb_run(3000, *args, code=LIMITED)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        f"error[output]: `{out}` can not be written: file too large\n"
        "  help: make room for it; the same command goes on from what is done\n"
    )
    assert not out.exists()
    assert run(*args)[0] == 0


@pytest.mark.no_root
def test_no_rights(base, apps, tmp_path):
    """A folder that can not be written to is told before the work."""
    tmp_path.chmod(0o500)
    said = refusal(base, apps, tmp_path / "out.parquet")
    tmp_path.chmod(0o700)
    assert said.endswith("can not be written: permission denied")


# One bad row is one reject.

LINES = {
    "not UTF-8": (b"\xff\xfe,x", "byte 1 of the line (0xff) is not UTF-8"),
    "GBK": (
        "驾,x".encode("gbk"),
        "byte 1 of the line (0xbc) is not UTF-8; the line reads as GBK",
    ),
    "0x1e": (b"x\x1ey,", "a character here can not be in a text (U+001E at 2)"),
    "nul": (b"\x00,", "a character here can not be in a text (U+0000 at 1)"),
    "lone CR": (b"x,\ry", "a character here can not be in a text (U+000D at 3)"),
    "C1": ("x\x85,".encode(), "a character here can not be in a text (U+0085 at 2)"),
    "open quote": (b'"x,y', 'a quote (`"`) is not closed, or something follows where it closes'),
    "odd quote": (b'"x"y,', 'a quote (`"`) is not closed, or something follows where it closes'),
    "too many": (b"x,,,", "2 cells are expected here, not 4"),
    "too few": (b"x", "2 cells are expected here, not 1"),
}


@pytest.mark.parametrize("place", [0, 5, 3000])
@pytest.mark.parametrize("bad", LINES)
def test_one_bad_row_of_csv(base, tmp_path, bad, place):
    """A line of CSV that is no row is refused with its number, alone, wherever it stands."""
    raw, reason = LINES[bad]
    rows = [f"a{n},{GOOD}".encode() for n in range(place + 6)]
    # Rows with quotes further on: an open quote must not reach them.
    rows[-1] = f'"a{len(rows) - 1}","{GOOD}"'.encode()
    lines = [b"id,services", *rows[:place], raw, *rows[place:]]
    path = tmp_path / "apps.csv"
    path.write_bytes(b"\n".join(lines) + b"\n")
    _, found = rows_of(base, path)
    assert told(found) == ([f"a{n}" for n in range(len(rows))], {place + 2: reason})


@pytest.mark.parametrize("place", [0, 5, 3000])
@pytest.mark.parametrize("bad", [b"\xff", b"x\x1e", b'{"id": "a"\r}', b'{"id": "a', b"\x00"])
def test_one_bad_line_of_json(base, tmp_path, bad, place):
    """A line of JSON lines that is no object is refused with its number, alone."""
    rows = [b'{"id": "a%d", "services": []}' % n for n in range(place + 6)]
    path = tmp_path / "apps.jsonl"
    path.write_bytes(b"\n".join([*rows[:place], bad, *rows[place:]]))
    _, found = rows_of(base, path)
    good, refused = told(found)
    assert (good, list(refused)) == ([f"a{n}" for n in range(len(rows))], [place + 1])


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_fuzzed_bytes(base, tmp_path, kind):
    """Whatever bytes are put into some lines, every other row is judged, and every line is either
    judged or refused."""
    chance = random.Random(20)
    rows = [
        f'a{n},"{GOOD};{GOOD}","{{""platform"": 1}}"'.encode() if kind == "csv" and n % 3 == 0
        else f"a{n},{GOOD},".encode() if kind == "csv"
        else json.dumps({"id": f"a{n}", "services": [GOOD]}, ensure_ascii=False).encode()
        for n in range(2000)
    ]  # fmt: skip
    rows = [row.replace(b',"{""platform"": 1}"', b',"{}"') for row in rows]
    spoiled = set(chance.sample(range(2000), 400))
    odd = [bytes([n]) for n in range(256) if n != 10] + [b"\r", b'"', b'""', b',"', b"\xe9\xa9"]
    for n in spoiled:
        at = chance.randrange(len(rows[n]) + 1)
        rows[n] = rows[n][:at] + chance.choice(odd) + rows[n][at + chance.randrange(2) :]
    head = [b"id,services,facts"] if kind == "csv" else []
    path = tmp_path / f"apps.{kind}"
    path.write_bytes(b"\n".join([*head, *rows]) + b"\n")
    summary = base.audit(path, tmp_path / "out.parquet", as_of=DAY)
    assert summary.rows == 2000
    # What is spoiled may have another one's id; then both are told apart.
    found = {id.partition(" (row ")[0] for id in judged(tmp_path / "out.parquet")}
    assert {f"a{n}" for n in range(2000) if n not in spoiled} <= found
    lines = [reject["line"] for reject in rejects_of(summary)]
    assert len(lines) == len(set(lines)) == summary.refused
    assert {line - 1 - len(head) for line in lines} <= spoiled


def test_mixed_ends_of_lines(base, tmp_path):
    """CRLF among LF, empty lines and a missing last line feed change nothing; nor does a BOM."""
    path = tmp_path / "apps.csv"
    path.write_bytes(b"\xef\xbb\xbfid,services\r\na,[]\nb,[]\r\n\n\r\nc,[]\rd,[]\ne,[]")
    good, refused = told(rows_of(base, path)[1])
    assert (good, list(refused)) == (["a", "b", "e"], [6])
    path = tmp_path / "apps.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a"}\r\n{"id": "b"}\n\n{"id": "c"}')
    assert told(rows_of(base, path)[1]) == (["a", "b", "c"], {})


def test_cells_over_lines(base, tmp_path):
    """A cell in quotes may hold line feeds, separators and quotes."""
    path = tmp_path / "apps.csv"
    path.write_text('id,services\n"a\n\n""b"", c",[]\nd,"[\n]"\n', "utf-8")
    assert told(rows_of(base, path)[1]) == (['a\n\n"b", c', "d"], {})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    """Cells are separated as those of the header are."""
    path = tmp_path / "apps.csv"
    path.write_text(f"id{delimiter}services\na{delimiter}b\n", "utf-8")
    csv = Csv(path)
    assert csv.columns == ["id", "services"]
    [found] = csv.tables(10, 0)
    assert found.select(["id", "services"]).to_pylist() == [{"id": "a", "services": "b"}]


def test_blocks_of_a_file(tmp_path, monkeypatch):
    """Lines are the same however many bytes are read at once, and one without an end is cut."""
    monkeypatch.setattr("kb.audit.lines.LONGEST", 400)
    lines = ["甲" * n for n in range(80)] + ["x" * 3000, "last"]
    path = tmp_path / "lines.csv"
    path.write_text("\n".join(lines), "utf-8")
    for size in (1, 7, 100, 10_000):
        monkeypatch.setattr("kb.audit.lines.BLOCK", size)
        found = list(lines_of(path))
        assert [number for number, *_ in found] == list(range(1, 83))
        assert [line for _, line, _ in found[:80]] == lines[:80]
        assert found[-1] == (82, "last", None)


def test_other_encodings(base, tmp_path):
    """A whole file in GBK or UTF-16 is told with the way out, before the work."""
    path = tmp_path / "apps.csv"
    content = f"id,services\n学车通,{GOOD}\n学车,{GOOD}\n"
    for encoding, shown, named in (("gbk", "GBK", "GB18030"), ("utf-16", "UTF-16", "UTF-16")):
        path.write_bytes(content.encode(encoding))
        with pytest.raises(Problems) as raised:
            base.audit(path, tmp_path / "out.parquet")
        [problem] = raised.value.problems
        assert problem.message == f"`{path}` is in {shown}, not in UTF-8"
        assert problem.help == f"save it as UTF-8: iconv -f {named} -t UTF-8 '{path}' > utf8.csv"
    assert [p.name for p in tmp_path.iterdir()] == ["apps.csv"]


def test_rejects_say_all(base, tmp_path):
    """A reject says its row, its line in the file, the column, why, and names that are near."""
    path = tmp_path / "apps.csv"
    path.write_text("id,services,platform\na,驾校平合,wechat\n\nb,,wechatt\n,,\n", "utf-8")
    summary = base.audit(path, tmp_path / "out.parquet", as_of=DAY)
    assert rejects_of(summary) == [
        {"row": 0, "line": 2, "file": None, "column": "services", "app": "a",
         "reason": "service: no service is called `驾校平合`",
         "help": base.facts.names.near("service", "驾校平合")},
        {"row": 1, "line": 4, "file": None, "column": "platform", "app": "b",
         "reason": "platform: no platform is called `wechatt`",
         "help": base.facts.names.near("platform", "wechatt")},
        {"row": 2, "line": 5, "file": None, "column": "id", "app": None,
         "reason": "id: the app has no name", "help": None},
    ]  # fmt: skip


def test_too_many_rejects(run, tmp_path):
    """More rejects than are allowed end with 2, after all is written; how many are, one can say."""
    path = table(tmp_path, ids=("a", "b", "", "c"))
    out, report = tmp_path / "out.csv", tmp_path / "report.html"
    args = ["audit", str(path), "-o", str(out), "--report", str(report), "--lang", "en"]
    code, said, err = run(*args)
    assert code == 2
    assert said.startswith("3 apps\n")
    assert err == (
        "error[rejects]: 1 of 4 rows (25.0%) could not be read, more than 5.0%\n"
        f"  help: see `{out}.rejects.jsonl`; all that could be read is judged (--max-rejects)\n"
    )
    assert out.exists()
    assert report.exists()
    assert run(*args, "--max-rejects", "25%")[0] == 0


@pytest.mark.parametrize(("said", "meant"), [("5%", 0.05), ("0.25", 0.25), ("1", 1), (" 0 %", 0)])
def test_shares(said, meant):
    """A share of rows is a number up to 1, or one of per cent."""
    assert share(said) == meant


@pytest.mark.parametrize("said", ["-1", "200%", "few", "nan", "5"])
def test_no_shares(said):
    """What is no share of rows is told."""
    with pytest.raises(Problems) as raised:
        share(said)
    assert [p.message for p in raised.value.problems] == [f"`{said}` is no share of rows"]


def test_repeated_ids(base, tmp_path):
    """Rows with one id are told apart by their numbers, and the summary names the id."""
    path = table(tmp_path, ids=("a", "b", "a", "c", "b", "a"))
    out = tmp_path / "out.parquet"
    summary = base.audit(path, out, as_of=DAY, chunk=2)
    assert judged(out) == ["a (row 0)", "b (row 1)", "a (row 2)", "c", "b (row 4)", "a (row 5)"]
    assert summary.to_dict()["repeated_ids"] == {"count": 2, "first": ["a", "b"]}
    assert "2 ids stand in several rows (`a`, `b`): told apart by row" in text(base, summary, "en")
    assert "重复的 id: 2 个 (`a`, `b`); 输出中以行号区分" in page(base, summary, "zh")


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai"])
@pytest.mark.parametrize("kind", ["pandas", "arrow", "parquet"])
def test_midnights_are_days(base, tmp_path, kind, zone):
    """A midnight of pandas, Arrow or Parquet is its day; a moment within a day is refused."""
    column = next(a for a in base.facts.vocabulary.attributes.values() if a.type == "day").id
    moments = pd.to_datetime(["2025-04-01 00:00", "2025-04-01 10:30", None])
    if zone and kind != "parquet":
        moments = moments.tz_localize(zone)
    frame = pd.DataFrame({"id": ["a", "b", "c"], f"facts.{column}": moments})
    apps = frame
    if kind != "pandas":
        apps = pa.Table.from_pandas(frame)
    if kind == "parquet":
        pq.write_table(apps, tmp_path / "apps.parquet")
        apps = tmp_path / "apps.parquet"
    source, rows = rows_of(base, apps)
    said = [row[source.columns[column]] for row in rows]
    assert said == ["2025-04-01", "2025-04-01 10:30:00", None]


@pytest.mark.parametrize(
    "cell",
    [
        "{a};{b}",
        "{a}；{b}",
        "{a}、{b}",
        "{a} ; {b} ;",
        "{a}；{b}；",
        "{a}、{b}、 ",
        '["{a}", "{b}"]',
    ],
)
def test_separators(base, tmp_path, cell):
    """Names in a cell are separated by `;`, `；` or `、`, also behind the last one."""
    frame = pd.DataFrame({"id": ["a"], "services": [cell.format(a="驾校平台", b="x y")]})
    [row] = rows_of(base, frame)[1]
    assert row["services"] == ["驾校平台", "x y"]


def test_names_with_a_comma_of_their_own(base, tmp_path):
    """A name that holds `、` is one name."""
    document = next(t for t in base.facts.names.of("document") if "、" in t.zh)
    frame = pd.DataFrame({"id": ["a"], "holds": [f"{document.zh}、合作协议、"]})
    [row] = rows_of(base, frame)[1]
    assert [held["document"] for held in row["holds"]] == [document.zh, "合作协议"]


def test_a_folder_of_profiles(base, tmp_path):
    """A folder of profiles is audited; what is wrong in one is a reject with its file and line."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "a.yaml").write_text(f"name: a\nservices: [{GOOD}]\n", "utf-8")
    (folder / "b.json").write_text('[{"name": "b"}, {"name": "c", "servces": []}]', "utf-8")
    (folder / "c.jsonl").write_text('{"name": "d"}\n{"name": "e"\n[]\n', "utf-8")
    (folder / "d.yml").write_text("name: [\n", "utf-8")
    summary = base.audit(folder, tmp_path / "out.parquet", as_of=DAY)
    assert judged(tmp_path / "out.parquet") == ["a", "b", "d"]
    assert [(Path(r["file"]).name, r["line"], r["reason"]) for r in rejects_of(summary)] == [
        ("b.json", None, "unknown key `servces`"),
        ("c.jsonl", 2, "the file is not YAML from here on"),
        ("c.jsonl", 3, "a profile is a mapping (`key: value`)"),
        ("d.yml", 2, "the file is not YAML from here on"),
    ]


@pytest.mark.parametrize("name", ["a[1]", "a*", "a?", "[a-z]", "a]["])
@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl", "folder"])
def test_names_that_look_like_patterns(base, tmp_path, name, ending):
    """`[ ] * ?` in a name mean that very file, as input and as output."""
    rows = {"id": [name], "services": [[]]}
    other = {"id": ["other"], "services": [[]]}
    for stem, content in ((name, rows), ("a1", other), ("ab", other), ("aa", other), ("b", other)):
        path = tmp_path / (stem if ending == "folder" else f"{stem}.{ending}")
        if ending == "folder":
            path.mkdir()
            pq.write_table(pa.table(content), path / f"{stem}.parquet")
        elif ending == "parquet":
            pq.write_table(pa.table(content), path)
        elif ending == "csv":
            path.write_text(f"id,services\n{content['id'][0]},\n", "utf-8")
        else:
            path.write_text(json.dumps({"id": content["id"][0]}) + "\n", "utf-8")
    path = tmp_path / (name if ending == "folder" else f"{name}.{ending}")
    assert told(rows_of(base, path)[1]) == ([name], {})


def test_an_output_that_looks_like_a_pattern(base, tmp_path):
    """`[ ] * ?` in the name of an output mean that very file."""
    (tmp_path / "a1*?.parquet.parts").mkdir()
    out = tmp_path / "a[1]*?.parquet"
    assert base.audit(table(tmp_path), out, as_of=DAY, chunk=2).rows == 3
    with out.open("rb") as file:
        assert set(pd.read_parquet(file)["app"]) == {"a", "b", "c"}


def test_lines_of_one_label(base):
    """Two documents of one label in a summary differ by what the paper must state."""
    wanted = [n for n, need in base.needs.items() if need.document == "cooperation_agreement"]
    summary = Summary(rows=1, wanted={})
    summary.wanted = type(Summary().wanted)(dict.fromkeys(wanted, 1))
    lines = [line.split(maxsplit=1)[1] for line in text(base, summary, "zh").splitlines()[3:]]
    assert len(lines) == len(set(lines)) == len(wanted)
    assert "《合作协议》,须写有:算法名称" in lines


def test_broken_gzip(base, tmp_path):
    """A packed file that is cut off is told, and not read as if it were whole."""
    path = tmp_path / "apps.csv.gz"
    lines = "".join(f"{random.random()},{GOOD}\n" for _ in range(99_999))
    whole = gzip.compress(f"id,services\n{lines}".encode())
    path.write_bytes(whole)
    assert len(rows_of(base, path, 50_000)[1]) == 99_999
    path.write_bytes(whole[:-20])
    said = refusal(base, path, tmp_path / "out.parquet")
    assert said.startswith(f"`{path}` can not be read: ")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["pipe.csv", "pipe.jsonl", "pipe.parquet"])
def test_pipes_as_input(base, tmp_path, name):
    """A pipe is refused at once, and not waited for."""
    os.mkfifo(tmp_path / name)
    said = refusal(base, tmp_path / name, tmp_path / "out.csv")
    assert said == f"`{tmp_path / name}` can not be read: it is no regular file"


def test_formulas(base, tmp_path):
    """A cell of CSV that a spreadsheet would run is written as text; with `raw` as it is; in other
    kinds of files it is what it is."""
    ids = [f"{start}cmd|x" for start in "=+-@\t＝＋－＠"]
    path = tmp_path / "apps.parquet"
    pq.write_table(pa.table({"id": [*ids, "plain-=1"]}), path)
    quoted = [f"'{id}" for id in ids]
    for more, shown in (({}, quoted), ({"raw": True}, ids)):
        base.audit(path, tmp_path / "out.csv", as_of=DAY, **more)
        found = pd.read_csv(tmp_path / "out.csv")["app"].tolist()
        assert found == [*shown, "plain-=1"]
    base.audit(path, tmp_path / "out.parquet", as_of=DAY)
    assert judged(tmp_path / "out.parquet") == [*ids, "plain-=1"]


def test_many_unknown_names(base, tmp_path):
    """Near names are looked up for the first hundred unknown names alone."""
    rows = "".join(f"a{n},没有这个{n}\n" for n in range(20_000))
    path = tmp_path / "apps.csv"
    path.write_text("id,services\n" + rows, "utf-8")
    start = time.monotonic()
    summary = base.audit(path, tmp_path / "out.parquet", as_of=DAY)
    assert time.monotonic() - start < 20
    found = rejects_of(summary)
    assert len(found) == 20_000
    assert sum(reject["help"] is not None for reject in found) <= 100
