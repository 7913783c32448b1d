"""The auditor of a small audit stays with its base, and the next audit is none the less its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from bench.apps import write_apps

import kb
from kb.audit import idle, judge
from kb.audit.auditor import Auditor

SMALL = Path(__file__).parent / "cases" / "facts-small"
DAY = "2024-04-01"


def lines_of(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def told(base, apps, folder, **how):
    """The rows of an audit, and what it refused."""
    out = folder / "out.parquet"
    base.audit(apps, out, as_of=DAY, **how)
    rejects = folder / "out.parquet.rejects.jsonl"
    found = pq.read_table(out).to_pylist(), rejects.read_text("utf-8") if rejects.exists() else ""
    out.unlink()
    rejects.unlink(missing_ok=True)
    return found


@pytest.fixture
def made(monkeypatch):
    """The auditors that are made, in order."""
    found = []

    class Counted(Auditor):
        def __init__(self, *given, **how):
            super().__init__(*given, **how)
            found.append(self)

    monkeypatch.setattr(idle, "Auditor", Counted)
    return found


@pytest.fixture
def small():
    return kb.load(only_facts=SMALL)


def test_later_audits_say_what_a_new_base_says(made, tmp_path):
    """Tables one after another, each with apps of its own, have the rows and rejects that each has
    with a base of its own; one auditor does them all."""
    base, tables = kb.load(), []
    for seed in range(3):
        path = tmp_path / f"apps{seed}.parquet"
        write_apps(base, 40 + 100 * (seed % 2), path, seed=seed, day=2024_04_01)
        tables.append(path)
    found = [told(base, table, tmp_path) for table in tables]
    assert len(made) == 1
    assert found == [told(kb.load(), table, tmp_path) for table in tables]


def test_near_names_are_looked_for_anew(small, made, tmp_path):
    """Near names are told for the first hundred of an input, whatever an earlier input held."""
    odd = [{"id": str(n), "services": [f"wrks{n}"], "holds": []} for n in range(150)]
    apps = lines_of(tmp_path / "a.jsonl", odd)
    again = lines_of(tmp_path / "b.jsonl", odd[120:])
    told(small, apps, tmp_path)
    _, rejects = told(small, again, tmp_path)
    assert len(made) == 1
    assert all(json.loads(line)["help"] for line in rejects.splitlines())
    assert rejects == told(kb.load(only_facts=SMALL), again, tmp_path)[1]


@pytest.mark.parametrize("limits", [("FEW", 3), ("MOST", 0)])
def test_what_is_large_does_not_stay(small, made, tmp_path, monkeypatch, limits):
    """An auditor that has judged many apps, or many parts, goes: memory does not grow."""
    monkeypatch.setattr(judge, *limits)
    some = [{"id": str(n), "services": ["works"], "holds": []} for n in range(4)]
    apps = lines_of(tmp_path / "a.jsonl", some)
    for _ in range(2):
        told(small, apps, tmp_path)
    assert len(made) == 2
    assert not small.beside


def test_other_days_and_limits_are_judged_apart(small, made, tmp_path):
    """An auditor serves its own day and limits alone, and only the last few stay."""
    apps = lines_of(tmp_path / "a.jsonl", [{"id": "a", "services": ["works"], "holds": []}])
    for n, (day, memory) in enumerate(
        [(DAY, None), ("2024-05-01", None), (DAY, "1GB"), (DAY, None)]
    ):
        small.audit(apps, tmp_path / f"{n}.parquet", as_of=day, memory=memory)
    assert len(made) == 4
    assert len(small.beside) == idle.MOST


def test_an_audit_that_fails_leaves_none(small, made, tmp_path, monkeypatch):
    """After an error in the middle of an audit the next one begins anew."""
    apps = lines_of(tmp_path / "a.jsonl", [{"id": "a", "services": ["works"], "holds": []}])
    expected = told(small, apps, tmp_path)

    def fail(*_):
        raise MemoryError

    with monkeypatch.context() as within:
        within.setattr(Auditor, "chunk", fail)
        with pytest.raises(MemoryError):
            told(small, apps, tmp_path, fresh=True)
    assert not small.beside
    assert told(small, apps, tmp_path, fresh=True) == expected
    assert len(made) == 2


FORK = """
import os, signal, sys
from pathlib import Path
import pyarrow.parquet as pq
import kb
facts, apps, folder = sys.argv[1:]
base = kb.load(only_facts=facts)
def told(name):
    base.audit(apps, Path(folder) / name, as_of="2024-04-01")
    return pq.read_table(Path(folder) / name).to_pylist()
expected = told("parent.parquet")
assert base.beside
child = os.fork()
if not child:
    signal.alarm(60)
    found = told("child.parquet")
    assert len(base.beside) == 2
    base.beside.clear()
    os._exit(found != expected)
print(os.waitpid(child, 0)[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_child_of_a_fork_audits(tmp_path):
    """A child process that was forked while an auditor stood idle audits with one of its own, and
    lets go of both, without waiting for threads that are not there."""
    apps = lines_of(tmp_path / "a.jsonl", [{"id": "a", "services": ["works"], "holds": []}])
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORK, SMALL, apps, tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
